"""An import never takes away silently what was said before, of films the catalogue knows as of those it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.import_report import ImportReport, import_report_of
from aecore.recommender.profiles.importers import read
from aecore.recommender.profiles.importers.base import Line, Parsed
from aecore.recommender.profiles.same_film import ByFilm, same_films
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.profiles.taste import Entry, Taste
from tests import small_films as samples

OPPENHEIMER = Film("Oppenheimer", 2023)


@pytest.fixture
def store(tmp_path: Path) -> Profiles:
    """Profiles of this test."""
    return Profiles(tmp_path)


def report(text: str, taste: Taste, name: str = "ratings.csv") -> ImportReport:
    return import_report_of(read([(name, text.encode())]), samples.small_catalogue(), taste)


def after(store: Profiles, before: tuple[Entry, ...], entries: tuple[Entry, ...]) -> Taste:
    me = store.create("Me").id
    store.keep(me, before, "before")
    store.keep(me, entries, "an import")
    return store.taste(me)


def test_other_stars_for_a_film_that_no_catalogue_knows_are_asked_about_and_stay_until_then(store: Profiles) -> None:
    mine = (Entry(OPPENHEIMER, 4.5),)
    found = report("Name,Year,Rating\nOppenheimer,2023,3\n", Taste(mine))
    assert [(each.film, each.mine, each.theirs) for each in found.conflicts()] == [(OPPENHEIMER, 4.5, 3.0)]
    assert "1 rated otherwise before" in found.sentence()
    assert found.entries("mine") == ()
    assert [each.stars for each in after(store, mine, found.entries("theirs")).entries] == [3.0]


@pytest.mark.parametrize("name", ["watched.csv", "watchlist.csv"])
def test_a_list_without_stars_takes_no_stars_from_an_unknown_film(store: Profiles, name: str) -> None:
    mine = (Entry(OPPENHEIMER, 4.5), Entry(Film("Dune", 2021), None, frozenset({"not for me"})))
    found = report("Name,Year\nOppenheimer,2023\nDune,2021\n", Taste(mine), name)
    assert found.conflicts() == ()
    assert after(store, mine, found.entries("theirs")).entries == mine


def test_an_unknown_film_on_the_watchlist_gets_the_stars_of_the_file_and_its_ids(store: Profiles) -> None:
    mine = (Entry(Film("Oppenheimer", 2023, genres=("Drama",)), None, frozenset({"watchlist"})),)
    text = "Const,Your Rating,Date Rated,Title,Title Type,Year\ntt15398776,9,2024-01-02,Oppenheimer,Movie,2023\n"
    found = report(text, Taste(mine))
    assert found.conflicts() == ()
    (entry,) = after(store, mine, found.entries()).entries
    assert (entry.film, entry.stars, entry.marks) == (
        Film("Oppenheimer", 2023, 15398776, genres=("Drama",)), 4.5, frozenset(),
    )  # fmt: skip


def test_a_film_that_is_picked_is_asked_about_and_a_guess_that_is_refused_is_not() -> None:
    catalogue = samples.small_catalogue()
    emma, amelie = catalogue.film(838), catalogue.film(4973)
    mine = Taste((Entry(emma, 2.0), Entry(amelie, 1.0), Entry(Film("Amelie", 2002), 2.5)))
    found = report("Title,Year,Rating\nEmma,1996,4\nAmelie,2002,5\n", mine)
    assert [str(each.line.film) for each in found.guessed] == ["Amelie (2002)"]
    column = catalogue.films.column[26958]  # the other Emma of that year, which nobody rated
    assert [(each.film.imdb, each.mine) for each in found.conflicts()] == [(amelie.imdb, 1.0), (0, 2.0)]
    assert [each.mine for each in found.conflicts({0: column}, {0})] == [2.5]


def test_records_of_one_unknown_film_in_several_files_are_one_film_whose_stars_count(store: Profiles) -> None:
    lines = (
        Line("a", 2, Film("Oppenheimer", 2023), 3.5),
        Line("b", 2, Film("", 0, 15398776), None, frozenset({"seen"})),
        Line("c", 2, Film("Oppenheimer", 2023, 15398776), None, frozenset({"watchlist"})),
    )
    found = import_report_of(Parsed("", lines), samples.small_catalogue())
    assert [each.stars for each in after(store, (), found.entries()).entries] == [3.5]


def test_films_whose_imdb_ids_differ_are_two_whatever_else_they_share() -> None:
    one, other, unsure = Film("Emma", 1996, 1), Film("Emma", 1996, 2), Film("Emma", 1996)
    assert same_films([unsure, one, other]) == [1, 1, 2]
    table = ByFilm([(one, "one"), (other, "other")])
    assert [table.find(each) for each in (one, other, unsure, Film("Emma", 1995), Film("", 0, 7))] == [
        "one", "other", "one", None, None,
    ]  # fmt: skip


FILMS = st.builds(
    Film, st.sampled_from(["", "Heat", "Dune", "Alien"]), st.sampled_from([0, 1979, 1995]),
    st.sampled_from([0, 0, 11, 78748]), st.sampled_from([0, 0, 21, 348]),
).filter(lambda film: film.key)  # fmt: skip
MARKS = st.sampled_from(["seen", "watchlist", "not for me"])
STARS = st.none() | st.sampled_from([0.5, 3.0, 5.0])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.builds(Entry, FILMS, STARS, st.frozensets(MARKS, min_size=1, max_size=1)), max_size=4),
    lines=st.lists(st.tuples(FILMS, STARS, MARKS), max_size=5),
)
def test_whatever_is_imported_takes_no_stars_away(
    store: Profiles, before: list[Entry], lines: list[tuple[Film, float | None, str]]
) -> None:
    me = store.create("Me").id
    store.keep(me, before, "before")
    mine = store.taste(me)
    parsed = Parsed("", tuple(
        Line("file", row, film, stars, frozenset() if stars else frozenset({mark}))
        for row, (film, stars, mark) in enumerate(lines, 2)
    ))  # fmt: skip
    found = import_report_of(parsed, samples.small_catalogue(), mine)
    store.keep(me, found.entries("mine"), "an import")
    now = ByFilm((each.film, each) for each in store.taste(me).entries)
    for each in mine.rated:
        kept = now.find(each.film)
        assert kept is not None
        assert kept.stars == each.stars
    store.undo(me) if found.entries("mine") and store.taste(me) != mine else None
    assert {each.film.key: each.stars for each in store.taste(me).entries} == {
        each.film.key: each.stars for each in mine.entries
    }
