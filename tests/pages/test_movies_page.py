"""Movies without a browser: the data the page sends to the cards, and the effect of their actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.jobs.kinds import READING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.reading import WorkerReader
from aecore.jobs.service import Jobs
from aecore.recommender import load
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import WEIGHTS
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.loaded import Loaded, save
from aecore.runs.store import RunStore
from tests.direct_reader import DirectReader
from tests.pages.conftest import OpenPage, button, sentences
from tests.waiting import until
from ui.app.services import Parts, services
from ui.components import film_cards
from ui.components.latent_map import Cloud
from ui.screens.movies import film_map
from ui.screens.movies import model as movies_model
from ui.screens.movies.order_words import CLEAR
from ui.screens.movies.why import halves

OWNER = "o" * 22
Shown = dict[str, dict[str, Any]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The last data of each component with film cards, by its key; the user has the key OWNER."""
    told: Shown = {}
    monkeypatch.setattr(film_cards, "_mount", lambda *, key, data, **_: told.__setitem__(key, data))
    monkeypatch.setattr("ui.screens.movies.visitor.new_key", lambda: OWNER)
    return told


@pytest.fixture
def profiles(home: Path) -> Profiles:
    """The profiles of this test."""
    return Profiles(home)


def rate(profiles: Profiles, stars: dict[str, float], name: str = "Me") -> str:
    """Creates a profile of the user with these stars by title; returns its id."""
    catalogue = load().catalogue
    profile = profiles.create(name, OWNER)
    for title, value in stars.items():
        profiles.rate(profile.id, catalogue.film(int(catalogue.films.movie_ids[catalogue.search(title, 1)[0]])), value)
    return profile.id


TASTE = {
    "The Matrix 1999": 5.0,
    "Alien 1979": 4.5,
    "Blade Runner 1982": 5.0,
    "Titanic 1997": 1.0,
    "Pretty Woman 1990": 1.5,
    "Terminator 2 1991": 4.5,
}


def section(shown: Shown, name: str, key: str = "films") -> dict[str, Any]:
    return next(each for each in shown[key]["sections"] if each["key"] == name)


def test_before_any_rating_the_list_is_called_what_it_is(open_page: OpenPage, shown: Shown) -> None:
    page = open_page("movies")
    assert not page.exception
    films = section(shown, "recommended")
    assert films["title"] == "What most users like"
    assert len(films["films"]) == 24
    assert films["more"]
    asked = section(shown, "rate")["films"]
    assert len({each["id"] for each in asked}) == 6
    assert not {each["id"] for each in asked} & {each["id"] for each in films["films"]}
    assert all(each["guess"] and not each["likely"] for each in films["films"])
    assert shown["films"]["undo"] == ""


def test_ratings_make_the_list_ones_own_and_rated_films_never_come_back(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    open_page("movies")
    before = [each["id"] for each in section(shown, "recommended")["films"]]
    rate(profiles, TASTE)
    open_page("movies", show="240")
    after = section(shown, "recommended")
    assert after["title"] == "For you"
    ids = [each["id"] for each in after["films"]]
    assert ids[:24] != before
    rated = set(profiles.taste(profiles.of_owner(OWNER)[0].id).stars(load().catalogue))
    assert len(rated) == 6
    assert not rated & set(ids)
    assert all(each["guess"] and each["spread"] and each["likely"] for each in after["films"])
    assert shown["films"]["undo"].startswith("Terminator 2: Judgment Day (1991): 4.5 stars")


def test_the_order_on_screen_is_that_of_the_model(open_page: OpenPage, shown: Shown, profiles: Profiles) -> None:
    rate(profiles, TASTE)
    open_page("movies")
    taste = profiles.taste(profiles.of_owner(OWNER)[0].id).stars(load().catalogue)
    movies, stars = load().score(taste)
    films = section(shown, "recommended")["films"]
    assert [each["id"] for each in films] == movies[:24].tolist()
    np.testing.assert_allclose([each["guess"] for each in films], stars[:24], atol=1e-5)


@pytest.mark.parametrize(
    ("dial", "told"),
    [
        ("As it comes", ""),
        ("Hidden gems", "The dial then moves better-known films down, and lets the stars expected count for more."),
        ("Less known", "The dial then moves better-known films down, and lets the stars expected count for more."),
        ("Well-known", "The dial then moves less-known films down."),
    ],
)
def test_the_heading_of_the_list_says_what_the_dial_does(
    open_page: OpenPage, shown: Shown, profiles: Profiles, dial: str, told: str
) -> None:
    open_page("movies", dial=dial)
    first = section(shown, "recommended")
    is_hidden = dial in ("Hidden gems", "Less known")
    assert first["title"] == ("Less-known films that others like" if is_hidden else "What most users like")
    rate(profiles, TASTE)
    open_page("movies", dial=dial)
    about = section(shown, "recommended")["about"]
    assert about.startswith("From your 6 ratings. Sorted by how likely you are to like a film; the stars are what you")
    assert about.endswith(told or "the stars are what you would probably give it.")
    assert ("The dial" in about) == bool(told) == ("The dial" in first["about"])


def test_on_the_map_films_of_a_circled_list_say_why_they_stand_out_of_order_too(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    rate(profiles, TASTE)
    films = load().films
    popular = np.argsort(-load().model.popularity, kind="stable")[:80]
    circled = ".".join(np.base_repr(each, 36).lower() for each in films.movie_ids[popular].tolist())
    open_page("movies", view="Your taste", circled=circled)
    listed = section(shown, "recommended", "films-taste")["films"]
    best = {max(each["guess"] for each in listed[place:]) for place, here in enumerate(listed)
            if max(each["guess"] for each in listed[place:]) - here["guess"] >= CLEAR + 0.001}  # fmt: skip
    assert best
    assert all(each["note"].startswith("★") for each in listed if each["guess"] in best)


def test_leaving_a_genre_out_wins_over_asking_for_it_and_both_are_in_the_link(
    open_page: OpenPage, shown: Shown
) -> None:
    open_page("movies", genres="Comedy", without="Romance")
    films = section(shown, "recommended")["films"]
    assert films
    assert all("Comedy" in each["genres"] and "Romance" not in each["genres"] for each in films)
    open_page("movies", genres="Comedy", without="Comedy")
    empty = section(shown, "recommended")
    assert (empty["films"], empty["empty"]) == (
        (),
        "No film meets all of these filters. Widen the years, or leave out fewer genres.",
    ) or not empty["films"]


def test_hidden_gems_are_less_known_than_what_comes_first(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    rate(profiles, TASTE)
    catalogue = load().catalogue

    def fame() -> float:
        return float(
            np.mean(
                [
                    catalogue.popularity[catalogue.films.column[each["id"]]]
                    for each in section(shown, "recommended")["films"]
                ]
            )
        )

    open_page("movies")
    usual = fame()
    open_page("movies", dial="Hidden gems")
    assert fame() < usual


def test_a_film_in_the_link_is_shown_with_what_the_ratings_do_for_it(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    rate(profiles, TASTE)
    open_page("movies")
    film = section(shown, "recommended")["films"][0]["id"]
    open_page("movies", film=str(film))
    sheet = shown["films"]["open"]
    assert sheet["film"]["id"] == film
    assert sheet["whyAbout"].startswith(f"★ {sheet['film']['guess']:.1f} expected")
    listed = " ".join(each["films"] for each in sheet["why"])
    assert all(halves(stars) in listed for stars in TASTE.values())
    assert [float(each["words"].replace("−", "-").strip("±")) for each in sheet["why"]] == pytest.approx(
        [each["change"] for each in sheet["why"]], abs=0.006
    )
    changes = [each["change"] for each in sheet["why"]]
    assert changes == sorted(changes, reverse=True)
    assert len(sheet["similar"]) == 9
    open_page("movies", film="999999999")
    assert shown["films"]["open"] is None


@pytest.mark.parametrize("view", ["My ratings", "Your taste", "Import", "Friends", "About"])
@pytest.mark.parametrize(
    "ratings",
    [{}, TASTE | {"Heat 1995": 4.0, "Fargo 1996": 4.0, "Toy Story 1995": 3.0, "Jaws 1975": 3.5}],
    ids=["nothing rated", "ten rated"],
)
def test_every_panel_opens_from_its_link(
    open_page: OpenPage, shown: Shown, profiles: Profiles, view: str, ratings: dict[str, float]
) -> None:
    if ratings:
        rate(profiles, ratings)
    page = open_page("movies", view=view)
    assert not page.exception
    assert not page.error


def test_the_ratings_are_listed_and_a_film_no_model_knows_is_kept(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    from aecore.recommender.profiles.film import Film

    profile = rate(profiles, TASTE)
    profiles.rate(profile, Film("<b>A film of my own</b>", 2024), 4.0)
    open_page("movies", view="My ratings")
    films = section(shown, "mine", "films-mine")["films"]
    assert films[0]["title"] == "<b>A film of my own</b>"
    assert films[0]["id"] < 0
    assert "not known to this recommender" in films[0]["note"]
    assert sorted(each["stars"] for each in films) == sorted([*TASTE.values(), 4.0])


def test_the_test_on_me_compares_twenty_draws(open_page: OpenPage, shown: Shown, profiles: Profiles) -> None:
    rate(profiles, TASTE)
    page = open_page("movies", view="Your taste")
    assert "A test needs 10 ratings" in sentences(page)
    rate(profiles, TASTE | {"Heat 1995": 4.0, "Fargo 1996": 4.0, "Toy Story 1995": 3.0, "Jaws 1975": 3.5}, "Another")
    page = open_page("movies", view="Your taste", who="2")
    assert [each.label for each in page.metric] == ["Off by, in stars"]
    assert 0 < float(page.metric[0].value) < 3


def test_films_circled_on_the_map_can_be_rated_and_are_the_only_ones_recommended(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    rate(profiles, TASTE)
    films = load().films
    wanted = ["Toy Story", "Aladdin", "The Lion King", "The Matrix"]
    ids = [int(films.movie_ids[films.titles.index(title)]) for title in wanted]
    page = open_page("movies", view="Your taste", circled=".".join(np.base_repr(each, 36).lower() for each in ids))
    assert not page.exception
    asked, only = (section(shown, name, "films-taste")["films"] for name in ("rate", "recommended"))
    unrated = [
        movie for movie in ids if movie not in profiles.taste(profiles.of_owner(OWNER)[0].id).stars(load().catalogue)
    ]
    assert {each["id"] for each in asked} == {each["id"] for each in only} == set(unrated)
    assert all(each["guess"] for each in only)


def test_the_map_begins_with_well_known_films_and_an_older_link_still_shows_only_ones_own(
    open_page: OpenPage, profiles: Profiles, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    clouds: list[Cloud] = []
    monkeypatch.setattr(film_map, "latent_map", lambda cloud, *_, **__: clouds.append(cloud))
    open_page("movies", view="Your taste")
    popularity = load().model.popularity
    assert len(clouds[-1].shown) == film_map.WELL_KNOWN
    assert popularity[clouds[-1].shown].min() >= np.sort(popularity)[-film_map.WELL_KNOWN]
    assert clouds[-1].first[0] == popularity.argmax()
    column = load().films.titles.index("Toy Story")
    assert clouds[-1].notes[clouds[-1].noted[column]] == "1995 · Adventure, Animation, Children, Comedy, Fantasy"
    open_page("movies", view="Your taste", **{"on-map": "All"})
    assert clouds[-1].shown is None
    rate(profiles, TASTE)
    page = open_page("movies", view="Your taste", **{"only-mine": "true"})
    assert not page.exception
    assert len(clouds[-1].shown) == len(TASTE)
    expected, own = (each.values for each in clouds[-1].figures)
    assert np.isfinite(own).sum() == len(TASTE)
    assert np.isnan(expected[np.isfinite(own)]).all()


def test_a_friend_is_invited_by_a_code_and_each_ones_stars_are_shown(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    rate(profiles, TASTE)
    friend = profiles.create("Ada", "another visitor, whom nobody knows")
    catalogue = load().catalogue
    profiles.rate(friend.id, catalogue.film(356), 5.0)
    code = profiles.share(friend.id).replace("-", "")
    page = open_page("movies", view="Friends", **{"with": code})
    assert not page.exception
    films = section(shown, "night", "films-night")
    assert shown["films-night"]["people"][0]["name"] == "Me, Ada"
    assert all([each["name"] for each in film["who"]] == ["Me", "Ada"] for film in films["films"])
    assert 356 not in {each["id"] for each in films["films"]}
    profiles.withdraw(friend.id)
    page = open_page("movies", view="Friends", **{"with": code})
    assert "Nobody shares a taste under this code" in sentences(page)


def test_profiles_are_added_and_removed_and_come_back(open_page: OpenPage, shown: Shown, profiles: Profiles) -> None:
    rate(profiles, TASTE)
    page = open_page("movies", view="Friends")
    page.text_input(key="friends-new").set_value("Grace").run()
    button(page, "Add").click().run()
    assert [each.name for each in profiles.of_owner(OWNER)] == ["Me", "Grace"]
    assert page.query_params["who"] in ("2", ["2"])
    button(page, "Remove this profile").click().run()
    assert [each.name for each in profiles.of_owner(OWNER)] == ["Me"]
    button(page, "Restore Grace").click().run()
    assert [each.name for each in profiles.of_owner(OWNER)] == ["Me", "Grace"]


def test_an_unknown_recommender_in_the_link_is_said_and_the_built_in_one_is_used(
    open_page: OpenPage, shown: Shown
) -> None:
    for view in ("About", "Recommendations"):
        page = open_page("movies", view=view, model="../../etc")
        assert not page.exception
        assert "is not on this machine" in sentences(page)
    assert "is not on this machine" not in sentences(open_page("movies"))


def test_a_recommender_of_a_run_says_that_it_is_one_and_promises_no_stars_it_has_none_of(
    open_page: OpenPage, shown: Shown, profiles: Profiles, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate(profiles, TASTE)
    run = store.create({"kind": "recommender"}, "My *own* one")
    store.update(run.id, state="done")
    (run.folder / WEIGHTS).touch()
    of_run = replace(movies_model.advisor_of("builtin"), source=run.id, model=load().model.parts["dae"])
    monkeypatch.setattr(movies_model, "advisor_of", lambda source: of_run)
    page = open_page("movies", model=run.id)
    assert not page.exception
    assert any("My \\*own\\* one" in each.value for each in page.caption)
    recommended = section(shown, "recommended")
    assert "stars" not in recommended["about"]
    assert not any(each["guess"] for each in recommended["films"])


def test_actions_are_told_once_in_order_and_nonsense_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(film_cards.st, "session_state", state)

    def send(*actions: Any) -> list[tuple[str, float | None]]:
        state["cards"] = {"done": {"actions": list(actions)}}
        return [(each.kind, each.stars) for each in film_cards.take_actions("cards")]

    first, second = {"n": 10, "kind": "rate", "film": 1, "stars": 4.5}, {"n": 11, "kind": "undo"}
    assert send(first) == [("rate", 4.5)]
    assert send(first, second) == [("undo", None)], "the browser repeats what it does not know to be heard"
    assert send(first, second) == []
    nonsense = [
        None,
        7,
        {},
        {"n": "12", "kind": "rate"},
        {"n": float("nan"), "kind": "rate"},
        {"n": 13},
        {"n": 14, "kind": "rate", "film": "1"},
        {"n": True, "kind": "rate"},
    ]
    assert send(*nonsense, {"n": 16, "kind": "close"}, {"n": 15, "kind": "open", "film": 3.0}) == [
        ("open", None),
        ("close", None),
    ]


def test_what_cannot_be_done_is_said_and_changes_nothing(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.screens.movies import visitor as movies_visitor

    state: dict[str, Any] = {"films-owner": OWNER}
    monkeypatch.setattr(movies_visitor.st, "session_state", state)
    catalogue, profile = load().catalogue, rate(profiles, {"The Matrix 1999": 5.0})
    before = profiles.taste(profile)
    for action in (
        film_cards.Action(1, "rate", 2571, 9.0),
        film_cards.Action(2, "rate", 999_999_999, 3.0),
        film_cards.Action(3, "mark", 2571, mark="burnt"),
    ):
        movies_visitor.act(action, catalogue)
        assert movies_visitor.said()
    assert profiles.taste(profile) == before
    movies_visitor.act(film_cards.Action(4, "undo"), catalogue)
    assert not profiles.taste(profile).entries
    movies_visitor.act(film_cards.Action(5, "undo"), catalogue)
    assert movies_visitor.said() == "There is nothing to take back."


def words(page: AppTest) -> str:
    """All plain text of the page."""
    return "\n".join(each.value for each in page.markdown)


def test_marks_that_contradict_stars_are_offered_to_be_taken_away_in_one_step(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    me = rate(profiles, TASTE)
    for film in (each.film for each in profiles.taste(me).rated):
        profiles.mark(me, film, "not for me")
    page = open_page("movies")
    assert "**4 films of yours have stars and a mark that contradicts them**" in words(page)
    button(page, "Take the marks of 4 films away").click().run()
    assert not page.exception
    assert {each.film.title: set(each.marks) for each in profiles.taste(me).entries} == {
        title: {"not for me"} if title in ("Titanic", "Pretty Woman") else set()
        for title in (each.film.title for each in profiles.taste(me).rated)
    }
    assert sorted(each.stars for each in profiles.taste(me).rated) == sorted(TASTE.values())
    assert "All stars stay" in words(page)
    assert shown["films"]["undo"] == "Marks that contradict stars taken away: 4"


def test_marks_that_a_user_wants_beside_stars_can_be_left_and_nothing_is_offered_without_any(
    open_page: OpenPage, shown: Shown, profiles: Profiles
) -> None:
    me = rate(profiles, TASTE)
    assert "contradict" not in words(open_page("movies"))
    profiles.mark(me, profiles.taste(me).rated[0].film, "watchlist")
    page = open_page("movies")
    assert "**1 film of yours has stars" in words(page)
    button(page, "Leave them").click().run()
    assert "stay as they are" in words(page)
    assert len(profiles.taste(me).contradictory) == 1


def test_a_link_of_an_earlier_version_still_names_who_is_there(
    open_page: OpenPage, profiles: Profiles, shown: Shown
) -> None:
    for name in ("Ann-Marie", "O'Brien", "Bob"):
        rate(profiles, TASTE, name)
    for address in (r"Ann\-Marie", "Ann-Marie"):
        page = open_page("movies", view="Friends", there=address)
        assert not page.exception
        assert next(each.value for each in page.button_group if each.label == "Who is there") == ["1"]


TABLE = b"Title,Year,Rating\nToy Story,1995,4.5\nGladiatro,2000,3\nNobody Knows It,1901,3\n"


def test_a_file_is_compared_with_the_ratings_once(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.screens.movies import importing

    compared: list[int] = []
    compare = importing.report_of
    monkeypatch.setattr(importing, "report_of", lambda *arguments: compared.append(1) or compare(*arguments))
    page = open_page("movies", view="Import")
    page.file_uploader[0].upload("ratings.csv", TABLE, "text/csv").run()
    assert len(compared) == 1
    page.run()
    page.run()
    assert len(compared) == 1


def picks(page: AppTest) -> list[Any]:
    """Where a film is picked for one that was not found."""
    return [each for each in page.selectbox if each.key.startswith("import-pick")]


@pytest.fixture
def elsewhere(store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files are read by another process, as on a server."""
    jobs = Jobs(store, LocalExecutor(home, {"runs": 0}))
    jobs.open()
    jobs.executor.prepare(READING)
    monkeypatch.setattr(services, "parts", Parts(store, jobs, WorkerReader(jobs, home), is_live=False))
    yield
    jobs.close()


def never_here(monkeypatch: pytest.MonkeyPatch, *methods: str) -> list[str]:
    """The films for which this process has called one of these methods of a catalogue from now on."""
    here: list[str] = []
    for name in methods:
        monkeypatch.setattr(Catalogue, name, lambda self, film, *_: here.append(str(film)))
    return here


@pytest.mark.usefixtures("elsewhere")
def test_films_of_a_file_are_matched_by_the_process_that_reads_it_and_never_in_the_server(
    open_page: OpenPage, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = never_here(monkeypatch, "find", "exact", "candidates", "search")
    page = open_page("movies", view="Import")
    page.file_uploader[0].upload("ratings.csv", TABLE, "text/csv").run()
    until(lambda: page.run().metric, "the report is there")
    assert {each.label: each.value for each in page.metric} == {
        "Found": "1", "By guess": "0", "Unknown here": "2", "Left out": "0",
    }  # fmt: skip
    until(lambda: picks(page.run()), "films to choose from are there")
    assert len(picks(page)) == 2
    assert "Gladiator (2000)" in picks(page)[0].options
    picks(page)[0].select_index(1).run()
    assert not page.exception
    assert not here


@pytest.mark.usefixtures("elsewhere")
def test_so_are_those_of_a_film_nights_list(
    open_page: OpenPage, shown: Shown, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate(profiles, TASTE)
    here = never_here(monkeypatch, "find")
    page = open_page("movies", view="Friends", **{"from": "A file"})
    page.file_uploader[0].upload("list.csv", TABLE, "text/csv").run()
    said = "1 of its 3 films are known here."
    until(lambda: said in {each.value for each in page.run().caption}, said)
    assert not page.exception
    assert [each["title"] for each in section(shown, "night", "films-night")["films"]] == ["Toy Story"]
    assert not here


def test_another_recommender_matches_the_same_file_anew(
    open_page: OpenPage, shown: Shown, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create({"kind": "recommender"}, "A few films")
    store.update(run.id, state="done")
    builtin = load()
    few = np.flatnonzero(builtin.films.movie_ids != 1)
    films = builtin.films.take(few)
    model = MODELS["popularity"].model_class()
    model.movie_ids, model.popularity = films.movie_ids, builtin.model.popularity[few]
    save(Loaded(model, films, builtin.places[few]), run.folder)
    reader = services.reader
    assert isinstance(reader, DirectReader)
    for number, (options, found) in enumerate([({}, "1"), ({"model": run.id}, "0"), ({}, "1")]):
        page = open_page("movies", view="Import", **options)
        page.file_uploader[0].upload("ratings.csv", TABLE, "text/csv").run()
        assert next(each.value for each in page.metric if each.label == "Found") == found
        assert reader.parsed == 2 * min(number + 1, 2), "what was matched once is known"
