"""Films that the catalogue lacks: the page says where it ends; what is added by hand is kept, shown and exported."""

# ruff: noqa: F401, F811 (fixtures of another file)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aecore.recommender import load
from aecore.recommender.profiles.exports import own_json, ratings_csv
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.importers import read
from aecore.recommender.profiles.store import ProfileError, Profiles
from tests.pages.conftest import OpenPage, button
from tests.pages.test_movies_page import OWNER, TASTE, Shown, profiles, rate, section, shown
from ui.components import film_cards
from ui.components.film_cards import NewFilm
from ui.screens.movies import adding, visitor

DUNE = NewFilm(
    "Dune: Part Two", 2024, "https://www.imdb.com/title/tt15239678/", 693134, ("Sci-Fi", "Cake", "Adventure")
)


@pytest.fixture
def me(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> str:
    """A profile of the user with one rating."""
    state: dict[str, Any] = {"films-owner": OWNER}
    monkeypatch.setattr(visitor.st, "session_state", state)
    return rate(profiles, {"The Matrix 1999": 5.0})


def test_the_page_says_where_the_catalogue_ends_and_computes_it(open_page: OpenPage, shown: Shown) -> None:
    open_page("movies")
    words, films = shown["films"]["catalogue"], load().films
    last = int(films.years.max())
    assert f"{len(films):,} films" in words["about"]
    assert f"to {last}" in words["about"]
    assert words["missing"] == f"this catalogue, which has films up to {last}"
    assert words["genres"] == films.genre_names


def test_an_import_says_that_films_are_newer_than_the_catalogue(open_page: OpenPage) -> None:
    page = open_page("movies", view="Import")
    table = b"Title,Year,Rating\nToy Story,1995,4.5\nNobody Knows It,1901,3\nOppenheimer,2023,4\n"
    page.file_uploader[0].upload("ratings.csv", table, "text/csv").run()
    last = int(load().films.years.max())
    said = f"They are not in this catalogue, which has films up to {last}. 1 of these came out after {last}."
    assert any(said in each.value for each in page.caption)


def test_an_import_asks_about_other_stars_of_a_film_that_the_catalogue_does_not_know(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    me = rate(profiles, {})
    profiles.rate(me, Film("Oppenheimer", 2023), 4.5)
    page = open_page("movies", view="Import")
    page.file_uploader[0].upload("ratings.csv", b"Name,Year,Rating\nOppenheimer,2023,3\n", "text/csv").run()
    asked = page.radio(key="import-conflicts")
    assert asked.label == "1 film in the file has other stars here. Which ones count?"
    assert button(page, "Keep 0 films").disabled, "until the file's stars are chosen nothing would change"
    asked.set_value("theirs").run()
    button(page, "Keep 1 film").click().run()
    assert [each.stars for each in profiles.taste(me).entries] == [3.0]


def test_a_film_added_by_hand_is_kept_in_one_step_and_found_again(profiles: Profiles, me: str) -> None:
    catalogue = load().catalogue
    adding.add(film_cards.Action(1, "add", stars=4.5, new=DUNE), catalogue)
    assert "This recommender does not know it" in visitor.said()
    entry = profiles.taste(me).entries[-1]
    assert entry.film == Film("Dune: Part Two", 2024, 15239678, 693134, 0, ("Sci-Fi", "Adventure"))
    assert entry.stars == 4.5
    profiles.undo(me)
    assert len(profiles.taste(me).entries) == 1
    adding.add(film_cards.Action(2, "add", new=DUNE), catalogue)
    assert profiles.taste(me).entries[-1].marks == {"watchlist"}


def test_a_film_added_by_hand_that_the_catalogue_has_is_rated_there(profiles: Profiles, me: str) -> None:
    adding.add(film_cards.Action(1, "add", stars=2.0, new=NewFilm("the matrix", 1999)), load().catalogue)
    assert "is in the catalogue already" in visitor.said()
    assert [each.stars for each in profiles.taste(me).entries] == [2.0]


def test_a_film_without_a_title_is_refused(profiles: Profiles, me: str) -> None:
    adding.add(film_cards.Action(1, "add", stars=2.0, new=NewFilm("  \n", 1999)), load().catalogue)
    assert visitor.said() == "A film needs a title: type at least one letter."
    with pytest.raises(ProfileError):
        adding.film_of_new(NewFilm(""), load().catalogue)
    assert len(profiles.taste(me).entries) == 1


def test_a_title_that_is_looked_up_finds_the_film_of_the_catalogue_and_its_stars_count(
    profiles: Profiles, me: str
) -> None:
    catalogue, strange = load().catalogue, Film("Der mit der Brille und der Narbe", 2001)
    profiles.rate(me, strange, 4.0)
    card = visitor.unknown_film_id(strange)
    potter = NewFilm("Harry Potter and the Philosopher's Stone", 2001, "tt0241527", 671, ("Fantasy",))
    adding.identify([film_cards.Action(1, "found", card, new=potter)], catalogue)
    assert "which this recommender knows: it counts from now on" in visitor.said()
    taste = profiles.taste(me)
    assert taste.stars(catalogue)[4896] == 4.0
    assert len(taste.entries) == 2
    profiles.undo(me)
    assert profiles.taste(me).entries[-1].film == strange, "it is one step"
    profiles.rate(me, catalogue.film(4896), 2.0)
    adding.identify([film_cards.Action(2, "found", card, new=potter)], catalogue)
    assert "which you have already rated or marked" in visitor.said()
    assert profiles.taste(me).stars(catalogue)[4896] == 2.0
    assert len(profiles.taste(me).entries) == 3


def test_a_title_that_tmdb_does_not_know_or_that_no_recommender_knows_stays_as_it_is(
    profiles: Profiles, me: str
) -> None:
    catalogue, film = load().catalogue, Film("Dune", 2021)
    profiles.rate(me, film, 4.0)
    card = visitor.unknown_film_id(film)
    adding.identify([film_cards.Action(1, "found", card)], catalogue)
    assert visitor.said() == "TMDb did not answer, or knows no film called Dune (2021)."
    adding.identify(
        [film_cards.Action(2, "found", card, new=NewFilm("Dune", 2021, "tt1160419", 438631, ()))], catalogue
    )
    assert "This recommender does not know it" in visitor.said()
    assert profiles.taste(me).entries[-1].film == Film("Dune", 2021, 1160419, 438631)
    adding.identify([film_cards.Action(3, "found", -5)], catalogue)
    assert "no longer on the list" in visitor.said()


def test_a_film_that_is_looked_up_takes_nothing_from_another_one_that_no_catalogue_knows(
    profiles: Profiles, me: str
) -> None:
    catalogue, strange = load().catalogue, Film("Oppenheimer: Der Film", 2023)
    profiles.rate(me, Film("Oppenheimer", 2023, 15398776, 872585), 4.5)
    profiles.rate(me, strange, 2.0)
    before = profiles.taste(me)
    found = NewFilm("Oppenheimer", 2023, "tt15398776", 872585)
    adding.identify([film_cards.Action(1, "found", visitor.unknown_film_id(strange), new=found)], catalogue)
    assert "is Oppenheimer (2023), which you have already rated or marked. Nothing was changed." in visitor.said()
    assert profiles.taste(me) == before


def test_several_films_are_looked_up_in_one_step_and_what_became_of_them_is_counted(
    profiles: Profiles, me: str
) -> None:
    catalogue = load().catalogue
    films = [Film("Der mit der Narbe", 2001), Film("Düne", 2021), Film("Duene", 2021), Film("Nirgends", 1990)]
    for film in films:
        profiles.rate(me, film, 4.0)
    before, cards = profiles.taste(me), [visitor.unknown_film_id(each) for each in films]
    potter, dune = NewFilm("Harry Potter", 2001, "tt0241527", 671), NewFilm("Dune", 2021, "tt1160419", 438631)
    found = zip(cards, (potter, dune, dune, None), strict=True)
    actions = [film_cards.Action(n, "found", card, new=new) for n, (card, new) in enumerate(found, 1)]
    adding.identify(actions, catalogue)
    assert visitor.said() == (
        "4 films looked up: 1 known to this recommender, and counted from now on; 1 with a TMDb id now, but not known "
        "to this recommender; 1 already rated or marked under another title, and left as it was; 1 not found at TMDb."
    )
    after = profiles.taste(me)
    assert len(after.entries) == len(before.entries)
    assert after.stars(catalogue)[4896] == 4.0
    assert sorted((each.film.title, each.film.tmdb) for each in after.unknown(catalogue)) == [
        ("Duene", 0), ("Düne", 438631), ("Nirgends", 0),
    ]  # fmt: skip
    assert profiles.undo(me) == "2 films: looked up at TMDb"
    assert profiles.taste(me) == before


def test_what_is_added_is_shown_searched_counted_and_comes_back_from_its_exports(
    open_page: OpenPage,
    shown: Shown,
    profiles: Profiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    me = rate(profiles, TASTE)
    film = Film("Dune: Part Two", 2024, 15239678, 0, 0, ("Sci-Fi",))
    profiles.rate(me, film, 4.5)
    monkeypatch.setattr("ui.screens.movies.recommend.searched", lambda key: "dune par")
    open_page("movies")
    text, films = shown["films"]["found"]["text"], shown["films"]["found"]["films"]
    assert (text, films[0]["title"], films[0]["genres"], films[0]["stars"]) == (
        "dune par", film.title, film.genres, 4.5,
    )  # fmt: skip
    assert section(shown, "recommended")["about"].startswith("From 6 of your 7 ratings.")
    open_page("movies", view="My ratings")
    assert section(shown, "mine", "films-mine")["films"][0]["genres"] == film.genres
    taste = profiles.taste(me)
    assert f'"tt{film.imdb}","","Dune: Part Two","2024","4.5"' in ratings_csv(taste)
    back = read([("films.json", own_json("Me", taste).encode())])
    assert film in [line.film for line in back.lines]


def test_a_file_of_an_earlier_version_gets_the_column_of_genres_and_loses_nothing(home: Path) -> None:
    import sqlite3

    before = Profiles(home)
    me = rate(before, TASTE)
    before.close()
    path = home / "people" / "people.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("alter table entries drop column genres")
    connection.close()
    after = Profiles(home)
    assert len(after.taste(me).rated) == len(TASTE)
    assert not after.notice
    assert after.rate(me, Film("Dune", 2021, genres=("Sci-Fi",)), 4.0).film.genres == ("Sci-Fi",)
    after.undo(me)
    assert len(after.taste(me).rated) == len(TASTE)


def test_a_profile_of_films_without_genres_is_written_as_before() -> None:
    from aecore.recommender.profiles.film import as_values, film_from

    plain, named = Film("Heat", 1995, 113277), Film("Dune", 2021, genres=("Sci-Fi",))
    assert "genres" not in as_values(plain)
    assert [film_from(json.loads(json.dumps(as_values(each)))) for each in (plain, named)] == [plain, named]


def test_the_browsers_message_about_a_new_film_is_read_with_care() -> None:
    assert film_cards.new_film(None) is None
    strange = {"title": 7, "year": "x", "imdb": None, "tmdb": -3, "genres": ["Drama", 5, None]}
    assert film_cards.new_film(strange) == NewFilm("", 0, "", 0, ("Drama",))
    assert film_cards.new_film({"title": "A" * 5000, "year": float("nan")}) == NewFilm("A" * 1000)
