"""Film night without a browser: a host, guests who come by code, vetoes, and strangers who see nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aecore.recommender import load
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.serving.nights import FilmNights
from aecore.recommender.serving.recommend import Preferences
from aecore.rooms.file import RoomError
from tests.hostile import NAMES
from tests.pages.conftest import OpenPage, button, labels, sentences
from ui.app.attempts import Attempts
from ui.app.qr import qr_code
from ui.components import film_cards
from ui.screens.movies.visitor import key_of

HEDY, ANN, BOB, EVE = (letter * 22 for letter in "hape")
TASTES = {
    HEDY: {"The Matrix 1999": 5.0, "Alien 1979": 4.5, "Titanic 1997": 1.0},
    ANN: {"Toy Story 1995": 5.0, "Finding Nemo 2003": 4.5, "Heat 1995": 1.0},
    BOB: {"Titanic 1997": 5.0, "Pretty Woman 1990": 4.5, "Alien 1979": 0.5},
}
Visit = Callable[..., AppTest]


class Browser:
    """What the cards were shown last, by key, and an action that the user is about to make on them."""

    def __init__(self) -> None:
        self.shown: dict[str, dict[str, Any]] = {}
        self.waiting: dict[str, dict[str, Any]] = {}
        self.number = 0

    def mount(self, *, key: str, data: dict[str, Any], on_done_change: Callable[[], None], **_: Any) -> None:
        """Stands in for the component."""
        self.shown[key] = data
        if action := self.waiting.pop(key, None):
            st.session_state[key] = {"done": {"actions": [action]}}
            on_done_change()
            st.rerun()

    def act(self, page: AppTest, key: str = "films-night", **action: Any) -> None:
        """The user does something on the cards of this page."""
        self.number += 1
        self.waiting[key] = {"n": self.number, **action}
        page.run()
        assert not page.exception

    @property
    def night(self) -> dict[str, Any]:
        """The section of the group."""
        return self.shown["films-night"]["sections"][0]

    @property
    def chip(self) -> str:
        """For whom the list is."""
        return self.shown["films-night"]["people"][0]["name"]

    def films(self) -> list[int]:
        """Ids of the films of the group."""
        return [each["id"] for each in self.night["films"]]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """The cards of all pages."""
    made = Browser()
    monkeypatch.setattr(film_cards, "_mount", made.mount)
    return made


@pytest.fixture
def profiles(home: Path) -> Iterator[Profiles]:
    """Profiles of Hedy, called "Me", and of Ann and Bob."""
    made, catalogue = Profiles(home), load().catalogue
    for owner, name in ((HEDY, "Me"), (ANN, "Ann"), (BOB, "Bob")):
        profile = made.create(name, owner)
        for title, stars in TASTES[owner].items():
            film = catalogue.film(int(catalogue.films.movie_ids[catalogue.search(title, 1)[0]]))
            made.rate(profile.id, film, stars)
    yield made
    made.close()


@pytest.fixture
def nights(home: Path) -> Iterator[FilmNights]:
    """The film nights of this test."""
    made = FilmNights(home)
    yield made
    made.close()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, browser: Browser) -> Visit:
    """Opens the Friends panel in somebody's browser."""

    def opened(owner: str, **query: str) -> AppTest:
        browser.shown.clear()
        monkeypatch.setattr("ui.screens.movies.visitor.new_key", lambda: owner)
        page = open_page("movies", **{"view": "Friends", **query})
        assert not page.exception
        return page

    return opened


@pytest.fixture
def code(visit: Visit, profiles: Profiles, nights: FilmNights) -> str:
    """The code of Hedy's night."""
    page = visit(HEDY)
    page.text_input(key="night-host-name").set_value("Hedy")
    button(page, "Open it for guests").click().run()
    assert not page.exception
    return nights.hosted_by(key_of(HEDY))


def join(page: AppTest, name: str = "") -> AppTest:
    """Presses Join in the form."""
    if name:
        page.text_input(key="night-join-name").set_value(name)
    button(page, "Join").click().run()
    assert not page.exception
    return page


def all_text(page: AppTest) -> str:
    """Everything that the page says or has in a field."""
    kinds = (page.markdown, page.caption, page.button, page.subheader, page.info, page.warning, page.text_input)
    return " ".join(str(each.proto) for kind in kinds for each in kind)


def test_a_guest_joins_by_the_link_sees_the_hosts_list_and_counts_at_the_host(
    visit: Visit, browser: Browser, code: str
) -> None:
    assert code in str([each.proto for each in visit(HEDY).get("html")])
    assert browser.chip == "Hedy"
    page = visit(ANN, night=code)
    assert not browser.shown, "before they have joined nothing is shown"
    join(page)
    assert "night" not in page.query_params
    assert [each.value for each in page.subheader] == ["Film night of Hedy"]
    assert browser.chip == "Hedy, Ann"
    assert all([each["name"] for each in film["who"]] == ["Hedy", "Ann"] for film in browser.night["films"])
    at_guest = browser.films()
    host = visit(HEDY)
    assert browser.chip == "Hedy, Ann"
    assert browser.films() == at_guest
    assert "**Ann**" in all_text(host)


def test_the_qr_code_holds_the_address_that_others_use(
    visit: Visit, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []
    monkeypatch.setattr("ui.screens.movies.invitation.base_address", lambda: "https://films.example")
    monkeypatch.setattr(
        "ui.screens.movies.invitation.qr_code", lambda address: held.append(address) or qr_code(address)
    )
    visit(HEDY)
    assert held == [f"https://films.example/movies?view=Friends&night={code}"]


def test_everybody_has_a_button_for_their_own_veto_alone(visit: Visit, browser: Browser, code: str) -> None:
    join(visit(ANN, night=code))
    for owner, own in ((ANN, ["Ann"]), (HEDY, ["Hedy"])):
        visit(owner)
        assert all([each["name"] for each in film["who"] if each["key"]] == own for film in browser.night["films"])


def test_a_guests_veto_is_off_everybodys_list_named_and_taken_back_by_them_alone(
    visit: Visit, browser: Browser, code: str
) -> None:
    page = join(visit(ANN, night=code))
    film, title = browser.night["films"][0]["id"], browser.night["films"][0]["title"]
    browser.act(page, kind="veto", film=film, who=key_of(ANN), on=True)
    assert film not in browser.films()
    (veto,) = browser.night["vetoed"]
    assert title in veto["title"]
    assert [(each["name"], each["key"]) for each in veto["who"]] == [("Ann", key_of(ANN))]
    host = visit(HEDY)
    assert film not in browser.films()
    assert [(each["name"], each["key"]) for each in browser.night["vetoed"][0]["who"]] == [("Ann", "")]
    browser.act(host, kind="veto", film=film, who=key_of(ANN), on=False)
    assert browser.shown["films-night"]["said"] == "Everybody vetoes for themselves."
    assert film not in browser.films()
    page = visit(ANN)
    browser.act(page, kind="veto", film=film, who=key_of(ANN), on=False)
    assert film in browser.films()
    assert not browser.night["vetoed"]


def test_ones_own_vetoes_stand_first_the_latest_before_all(visit: Visit, browser: Browser, code: str) -> None:
    for owner in (ANN, BOB):
        page = join(visit(owner, night=code))
        for _ in range(2):
            browser.act(page, kind="veto", film=browser.films()[0], who=key_of(owner), on=True)
    names = {}
    for owner in (ANN, BOB, HEDY):
        visit(owner)
        names[owner] = [(each["who"][0]["name"], each["film"]) for each in browser.night["vetoed"]]
    assert [name for name, _ in names[ANN]] == ["Ann", "Ann", "Bob", "Bob"]
    assert [name for name, _ in names[BOB]] == ["Bob", "Bob", "Ann", "Ann"] == [name for name, _ in names[HEDY]]
    assert names[ANN][:2] == names[BOB][2:]


def test_a_guest_cannot_veto_for_anybody_else_whatever_their_browser_sends(
    visit: Visit, browser: Browser, code: str, nights: FilmNights
) -> None:
    join(visit(BOB, night=code))
    page = join(visit(ANN, night=code))
    before, film = browser.films(), browser.films()[0]
    host = next(each.key for each in nights.night(code, key_of(HEDY)).evening.people)
    for who in (host, key_of(BOB), key_of(HEDY), "", "x" * 1000):
        browser.act(page, kind="veto", film=film, who=who, on=True)
        assert browser.films() == before
        assert browser.shown["films-night"]["said"]
    browser.act(page, kind="veto", film=999_999_999, who=key_of(ANN), on=True)
    assert browser.shown["films-night"]["said"].startswith("This film is no longer on the list")
    assert nights.night(code, key_of(HEDY)).vetoes == ()


def test_a_stranger_without_the_code_sees_nothing_and_cannot_try_them_all(
    visit: Visit, browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.app.codes.GUESSES", Attempts(most=2, most_of_all=100))
    monkeypatch.setattr("ui.app.codes.from_where", lambda: "192.0.2.7")
    wrong = "ABCDEF" if code != "ABCDEF" else "ABCDEG"
    join(visit(ANN, night=code))
    for query in ({}, {"night": wrong}, {"night": code}, {"night": "../../x"}):
        text = all_text(visit(EVE, **query))
        assert "Hedy" not in text
        assert "Ann" not in text
        assert "films-night" not in browser.shown
    for said in (f"There is no film night {wrong}", f"There is no film night {wrong}", "Too many wrong codes"):
        page = join(visit(EVE, night=wrong), "Eve")
        assert said in sentences(page)
    assert "Too many wrong codes" in sentences(join(visit(EVE, night=code), "Eve")), "not even the right one helps now"
    assert "films-night" not in browser.shown


def test_a_guest_without_ratings_rates_first_and_comes_back_with_one_tap(
    visit: Visit, browser: Browser, code: str, nights: FilmNights, profiles: Profiles
) -> None:
    page = join(visit(EVE, night=code), "Eve")
    assert "does not know your taste yet" in sentences(page)
    assert browser.chip == "Hedy", "who has rated nothing does not count yet"
    assert "has not rated a film yet" in all_text(visit(HEDY))
    page = visit(EVE)
    button(page, "Rate films").click().run()
    assert "films" in browser.shown
    before = nights.version(code, key_of(HEDY))
    browser.act(page, "films", kind="rate", film=2571, stars=5.0)
    assert nights.version(code, key_of(HEDY)) > before, "the host's page sees it at once"
    (mine,) = profiles.of_owner(EVE)
    assert (mine.name, len(profiles.taste(mine.id).rated)) == ("Eve", 1)
    button(page, "Back to the film night").click().run()
    assert browser.chip == "Hedy, Eve"
    assert "does not know your taste yet" not in sentences(page)


def test_the_host_removes_a_guest_whose_page_then_shows_nothing(
    visit: Visit, browser: Browser, code: str, nights: FilmNights
) -> None:
    guest = join(visit(ANN, night=code))
    film = browser.films()[0]
    browser.act(guest, kind="veto", film=film, who=key_of(ANN), on=True)
    host = visit(HEDY)
    button(host, "Remove Ann").click().run()
    assert browser.chip == "Hedy"
    assert not browser.night["vetoed"], "who is gone has no say"
    browser.shown.clear()
    guest.run()
    assert "over for you" in str([each.value for each in guest.toast])
    assert browser.shown["films-night"]["people"][0]["name"] == "Ann", "their own list, with nobody else on it"
    assert "sent you out" in sentences(join(visit(ANN, night=code)))
    host.run()
    button(host, "Let Ann in again").click().run()
    visit(ANN)
    assert browser.chip == "Hedy, Ann"


def test_a_night_that_has_ended_is_over_for_everybody(visit: Visit, browser: Browser, code: str) -> None:
    guest = join(visit(ANN, night=code))
    host = visit(HEDY)
    button(host, "End it now").click().run()
    assert not host.exception
    assert "Open it for guests" in labels(host)
    guest.run()
    assert "over for you" in str([each.value for each in guest.toast])
    assert "film night" in sentences(join(visit(BOB, night=code)))


def test_what_the_host_chooses_is_chosen_for_the_guests(visit: Visit, browser: Browser, code: str) -> None:
    join(visit(ANN, night=code))
    visit(HEDY, rule="Least misery", genres="Comedy", dial="Less known")
    at_host = browser.films()
    lowest = [min(each["stars"] for each in film["who"]) for film in browser.night["films"]]
    assert lowest == sorted(lowest, reverse=True)
    assert all("Comedy" in each["genres"] for each in browser.night["films"])
    visit(ANN)
    assert browser.films() == at_host


def test_nobody_learns_what_a_guest_has_seen(visit: Visit, browser: Browser, code: str, profiles: Profiles) -> None:
    join(visit(ANN, night=code))
    visit(HEDY, again="true")
    catalogue = load().catalogue
    (ann,) = profiles.of_owner(ANN)
    assert not profiles.taste(ann.id).done_with(catalogue) & set(browser.films())
    assert not any(each["seen"] and each["name"] == "Ann" for film in browser.night["films"] for each in film["who"])
    (hedy,) = profiles.of_owner(HEDY)
    seen_by_hedy = profiles.taste(hedy.id).done_with(catalogue)
    for owner, is_told in ((HEDY, True), (ANN, False)):
        visit(owner, **({"again": "true"} if owner == HEDY else {}))
        rows = [film["who"][0] for film in browser.night["films"] if film["id"] in seen_by_hedy]
        assert rows
        assert all(each["seen"] is is_told and (each["stars"] is None) is is_told for each in rows)


def test_two_people_at_one_screen_veto_without_any_guest_and_it_is_kept(
    visit: Visit, browser: Browser, profiles: Profiles, nights: FilmNights
) -> None:
    ida = profiles.create("Ida", HEDY)
    page = visit(HEDY)
    assert browser.chip == "Me, Ida"
    film = browser.films()[0]
    assert all(each["key"] for each in browser.night["films"][0]["who"])
    browser.act(page, kind="veto", film=film, who=key_of(ida.id), on=True)
    assert film not in browser.films()
    visit(HEDY)
    assert [each["who"][0]["name"] for each in browser.night["vetoed"]] == ["Ida"]
    assert film not in browser.films()
    code = nights.hosted_by(key_of(HEDY))
    assert not nights.night(code, key_of(HEDY)).is_open, "nobody can join what the host has not opened"
    assert "locked" in sentences(join(visit(ANN, night=code)))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_of_guests_are_letters(visit: Visit, browser: Browser, code: str, name: str) -> None:
    from aecore.foreign import in_markdown
    from aecore.rooms.words import LONGEST_NAME, one_line

    page = join(visit(ANN, night=code), name[:LONGEST_NAME])
    called = one_line(name, LONGEST_NAME)
    assert f"**{in_markdown(called)}**" in " ".join(each.value for each in page.markdown)
    host = visit(HEDY)
    assert f"**{in_markdown(called)}**" in " ".join(each.value for each in host.markdown)
    assert browser.chip == f"Hedy, {called}"


def test_an_earlier_link_with_the_rule_called_veto_still_opens(visit: Visit, browser: Browser, code: str) -> None:
    page = visit(HEDY, rule="Veto")
    assert not page.warning or "rule" not in sentences(page)
    lowest = [min(each["stars"] for each in film["who"]) for film in browser.night["films"]]
    assert min(lowest) >= 2.5


@pytest.mark.parametrize("view", ["Recommendations", "My ratings", "Your taste", "Import"])
def test_every_list_of_somebody_says_whose_it_is_and_changes_with_one_tap(
    visit: Visit, browser: Browser, profiles: Profiles, view: str
) -> None:
    profiles.create("Ida", HEDY)
    page = visit(HEDY, view=view)
    key = {"Recommendations": "films", "My ratings": "films-mine"}.get(view)
    if key:
        assert [(each["name"], each["on"]) for each in browser.shown[key]["people"]] == [("Me", True), ("Ida", False)]
        for nonsense in ("3", "0", "-1", "x", "9" * 50):
            browser.act(page, key, kind="person", who=nonsense)
            assert browser.shown[key]["people"][0]["on"]
        browser.act(page, key, kind="person", who="2")
        assert [each["on"] for each in browser.shown[key]["people"]] == [False, True]
    else:
        choice = next(each for each in page.button_group if each.key == "films-whose-choice")
        choice.set_value("2").run()
        assert not page.exception
    assert page.query_params["who"] in ("2", ["2"])


def test_one_profile_is_named_too(visit: Visit, browser: Browser, profiles: Profiles) -> None:
    visit(ANN, view="Recommendations")
    assert [each["name"] for each in browser.shown["films"]["people"]] == ["Ann"]
    assert "For **Ann**" in all_text(visit(ANN, view="Import"))
    visit(EVE, view="Recommendations")
    assert [each["name"] for each in browser.shown["films"]["people"]] == ["Me"]


def test_a_guest_of_whom_the_night_knows_no_profile_is_asked_in_again(
    visit: Visit, browser: Browser, code: str, nights: FilmNights
) -> None:
    nights.join(code, key_of(ANN), "Ann")  # as an earlier version left it behind
    page = visit(ANN, view="Recommendations")
    assert "Back to the film night" not in labels(page)
    join(visit(ANN, night=code))
    assert browser.chip == "Hedy, Ann"


@pytest.mark.parametrize("owner", [HEDY, ANN])
def test_where_the_nights_cannot_be_read_the_friends_panel_says_why_and_others_work(
    visit: Visit, browser: Browser, code: str, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(visit(ANN, night=code))

    def busy(*_: object, **__: object) -> str:
        raise RoomError("The file is busy. Try again.")

    for method in ("hosted_by", "visited_by", "choose", "note_guest"):
        monkeypatch.setattr(FilmNights, method, busy)
        page = visit(owner)
        assert ("The file is busy" in sentences(page)) is ("films-night" not in browser.shown)
        visit(owner, view="Recommendations")
        assert browser.shown["films"]


def test_a_guest_removed_between_two_looks_sees_a_sentence(
    visit: Visit, browser: Browser, code: str, nights: FilmNights, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(visit(ANN, night=code))
    (ann,) = profiles.of_owner(ANN)
    profiles.mark(ann.id, load().catalogue.film(1), "seen", on=True)
    note = FilmNights.note_guest

    def too_late(self: FilmNights, *arguments: str) -> None:
        self.remove(code, key_of(HEDY), key_of(ANN))
        note(self, *arguments)

    monkeypatch.setattr(FilmNights, "note_guest", too_late)
    assert "sent you out" in sentences(visit(ANN))
    assert "films-night" not in browser.shown


def test_genres_of_a_recommender_that_is_gone_leave_a_list_for_guests(
    visit: Visit, browser: Browser, code: str, nights: FilmNights
) -> None:
    join(visit(ANN, night=code))
    evening = nights.night(code, key_of(HEDY)).evening
    nights.choose(key_of(HEDY), replace(evening, model="gone", preferences=Preferences(("Nordic",), ("Anime",))))
    visit(ANN)
    assert browser.films()


def test_a_new_tab_of_the_host_takes_up_what_was_chosen_and_changes_nothing(
    visit: Visit, browser: Browser, code: str, nights: FilmNights, profiles: Profiles
) -> None:
    ida, bob = profiles.create("Ida", HEDY), profiles.of_owner(BOB)[0]
    friend = profiles.share(bob.id).replace("-", "")
    query = {"rule": "Least misery", "dial": "Less known", "again": "true", "there": "Ida", "with": friend}
    visit(HEDY, genres="Comedy", years=["1990", "2000"], **query)
    chosen, version = nights.night(code, key_of(HEDY)).evening, nights.version(code, key_of(HEDY))
    assert [each.name for each in chosen.people] == ["Ida", "Bob"]
    assert chosen.preferences == Preferences(("Comedy",), (), 1990, 2000, 0.5)
    before = browser.films()
    page = visit(HEDY)
    assert browser.films() == before
    assert nights.night(code, key_of(HEDY)).evening == chosen
    assert nights.version(code, key_of(HEDY)) == version
    next(each for each in page.button_group if each.key == "rule").set_value("average").run()
    assert nights.night(code, key_of(HEDY)).evening == replace(chosen, rule="average")
    profiles.delete(ida.id)
    visit(HEDY)
    assert [each.name for each in nights.night(code, key_of(HEDY)).evening.people] == ["Bob"]


def test_a_new_tab_of_the_host_keeps_the_list_of_a_file_and_that_of_watchlists(
    visit: Visit, browser: Browser, code: str, nights: FilmNights, profiles: Profiles
) -> None:
    me, catalogue = key_of(HEDY), load().catalogue
    listed = frozenset(int(each) for each in catalogue.films.movie_ids[:40])
    evening = nights.night(code, me).evening
    nights.choose(me, replace(evening, preferences=Preferences(only=listed)))
    page = visit(HEDY)
    assert "40 films of the list that you gave earlier" in all_text(page)
    assert set(browser.films()) <= listed
    assert nights.night(code, me).evening.preferences.only == listed
    (hedy,) = profiles.of_owner(HEDY)
    profiles.mark(hedy.id, catalogue.film(int(catalogue.films.movie_ids[3])), "watchlist")
    mine = profiles.taste(hedy.id).marked("watchlist", catalogue)
    nights.choose(me, replace(evening, preferences=Preferences(only=mine)))
    page = visit(HEDY)
    assert page.session_state["from"] == "Watchlists"
    assert nights.night(code, me).evening.preferences.only == mine


def test_guests_are_told_the_hosts_name_for_the_night_whatever_the_profile_is_called(
    visit: Visit, browser: Browser, nights: FilmNights, profiles: Profiles
) -> None:
    profiles.rename(profiles.of_owner(HEDY)[0].id, "Hedwig K.")
    ida = profiles.create("Ida", HEDY)
    profiles.rate(ida.id, load().catalogue.film(1), 4.0)
    page = visit(HEDY)
    assert page.text_input(key="night-host-name").value == "Hedwig K."
    page.text_input(key="night-host-name").set_value("Hedy")
    button(page, "Open it for guests").click().run()
    assert browser.chip == "Hedy, Ida"
    code = nights.hosted_by(key_of(HEDY))
    page = join(visit(ANN, night=code))
    assert browser.chip == "Hedy, Ida, Ann"
    assert "Hedwig" not in f"{browser.shown} {all_text(page)}"
    profiles.rename(profiles.of_owner(HEDY)[0].id, "Me")
    page = visit(HEDY, who="2")
    assert browser.chip == "Hedy, Ida, Ann", "who uses the browser now is not who has begun the night"
    button(page, "Let nobody else in").click().run()
    assert page.text_input(key="night-host-name").value == "Hedy"
    assert browser.chip == "Hedy, Ida, Ann"


def test_a_second_profile_called_me_is_not_me_on_guests_phones(
    visit: Visit, browser: Browser, nights: FilmNights, profiles: Profiles
) -> None:
    ida = profiles.create("Ida", HEDY)
    profiles.rate(ida.id, load().catalogue.film(1), 4.0)
    button(visit(HEDY, who="2"), "Open it for guests").click().run()
    join(visit(ANN, night=nights.hosted_by(key_of(HEDY))))
    assert browser.chip == "Host, Ida, Ann"


def test_what_a_guest_is_sent_does_not_tell_who_has_seen_or_how_they_rated_a_film(
    visit: Visit, browser: Browser, code: str, profiles: Profiles
) -> None:
    catalogue, (hedy,) = load().catalogue, profiles.of_owner(HEDY)
    join(visit(ANN, night=code))
    sent = []
    for stars in (0.5, 5.0):
        (film,) = [each.film for each in profiles.taste(hedy.id).rated if "Matrix" in each.film.title]
        profiles.rate(hedy.id, film, stars)
        visit(HEDY, again="true")
        visit(ANN)
        cards = browser.night["films"]
        assert all(row["stars"] is not None and not row["seen"] for card in cards for row in card["who"])
        assert len({tuple(row["name"] for row in card["who"]) for card in cards}) == 1
        sent.append([card["who"][0]["stars"] for card in cards if card["id"] == film.movie_id])
    assert sent[1], "the film is on the list"
    without = {
        movie: value for movie, value in profiles.taste(hedy.id).stars(catalogue).items() if movie != film.movie_id
    }
    expected = load().scores(without).stars[0, catalogue.films.column[film.movie_id]]
    assert all(each == [pytest.approx(float(expected), abs=0.051)] for each in sent if each)


def test_least_misery_is_sorted_by_the_lowest_star_shown_on_every_phone(
    visit: Visit, browser: Browser, code: str, profiles: Profiles
) -> None:
    catalogue, (hedy,) = load().catalogue, profiles.of_owner(HEDY)
    column = int(catalogue.search("Harry Potter and the Prisoner of Azkaban 2004", 1)[0])
    profiles.rate(hedy.id, catalogue.film(int(catalogue.films.movie_ids[column])), 5.0)  # not expected of the host
    join(visit(ANN, night=code))

    def lowest() -> list[float]:
        return [min(row["stars"] for row in card["who"] if row["stars"] is not None) for card in browser.night["films"]]

    visit(HEDY, again="true", rule="least misery")
    at_host, films = lowest(), browser.films()
    assert any(row["seen"] for card in browser.night["films"] for row in card["who"])
    assert at_host == sorted(at_host, reverse=True)
    visit(ANN)
    assert lowest() == sorted(lowest(), reverse=True)
    assert sorted(browser.films()) == sorted(films), "the same films"
    assert browser.films() != films, "in another order, as the host's own stars are filled in"


def test_no_dislikes_holds_for_the_stars_that_guests_are_shown_too(
    visit: Visit, browser: Browser, code: str, profiles: Profiles
) -> None:
    catalogue, (hedy,) = load().catalogue, profiles.of_owner(HEDY)
    for entry in profiles.taste(hedy.id).rated:
        profiles.rate(hedy.id, entry.film, None)
    best = [int(each) for each in catalogue.films.movie_ids[catalogue.popularity.argsort()[::-1][:40]]]
    for place, movie in enumerate(best):  # ten dislikes, and likes that nobody would expect after them
        if place < 10 or place % 4 == 0:
            profiles.rate(hedy.id, catalogue.film(movie), 0.5 if place < 10 else 5.0)
    join(visit(ANN, night=code))
    lists = []
    for owner, query in ((HEDY, {"again": "true", "rule": "no dislikes"}), (ANN, {})):
        visit(owner, **query)
        lists.append(browser.films())
        stars = [row["stars"] for card in browser.night["films"] for row in card["who"] if row["stars"] is not None]
        assert min(stars) >= 2.5
    assert lists[0] == lists[1]
    seen = profiles.taste(hedy.id).done_with(catalogue)
    assert seen & set(lists[0]), "with a film that somebody has seen"


def test_a_recommender_without_stars_tells_guests_no_more(
    visit: Visit, browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.screens.movies.model import Advisor

    scores = Advisor.scores
    monkeypatch.setattr(Advisor, "scores", lambda self, *tastes: replace(scores(self, *tastes), stars=None))
    join(visit(ANN, night=code))
    for owner, is_told in ((HEDY, True), (ANN, False)):
        visit(owner, **({"again": "true"} if owner == HEDY else {}))
        assert any(row["seen"] for card in browser.night["films"] for row in card["who"]) is is_told


def test_host_and_guests_are_told_when_the_night_ends(
    visit: Visit, code: str, nights: FilmNights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.timezone_offset", -120)  # two hours east
    ends = datetime.fromtimestamp(nights.night(code, key_of(HEDY)).ends, UTC) + timedelta(hours=2)
    assert f"It ends by itself on {ends:%A} at {ends:%H:%M}." in all_text(visit(HEDY))
    assert f"The night ends on {ends:%A} at {ends:%H:%M} at the latest." in all_text(join(visit(ANN, night=code)))


def test_a_film_added_by_hand_refreshes_the_lists_of_the_others(
    visit: Visit, browser: Browser, code: str, nights: FilmNights
) -> None:
    join(visit(ANN, night=code))
    for owner in (ANN, HEDY):
        page, before = visit(owner, view="Recommendations"), nights.version(code, key_of(HEDY))
        browser.act(page, "films", kind="add", stars=4.0, new={"title": f"Rare {owner[0]}", "year": 2031})
        assert browser.shown["films"]["said"].startswith(f"Rare {owner[0]}")
        assert nights.version(code, key_of(HEDY)) > before
        page, before = visit(owner, view="My ratings"), nights.version(code, key_of(HEDY))
        (rare,) = [each["id"] for each in browser.shown["films-mine"]["sections"][0]["films"] if each["id"] < 0]
        browser.act(page, "films-mine", kind="found", film=rare, new={"title": f"Rare {owner[0]}", "tmdb": 987654321})
        assert "TMDb id" in browser.shown["films-mine"]["said"]
        assert nights.version(code, key_of(HEDY)) > before


def test_more_friends_than_a_night_holds_are_refused_in_a_sentence(
    visit: Visit, browser: Browser, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.screens.movies.night.MOST_GUESTS", 1)
    codes = [profiles.share(profiles.of_owner(owner)[0].id).replace("-", "") for owner in (ANN, BOB)]
    page = visit(HEDY, **{"with": codes[0]})
    assert "2 people at one screen are too many; the first 1 count" in sentences(page)
    page.text_input(key="night-code").set_value(codes[1])
    button(page, "Invite").click().run()
    assert "You can invite 1 friends" in " ".join([sentences(page), *(each.value for each in page.toast)])
    assert page.query_params["with"] in (codes[0], [codes[0]])


def test_what_the_chips_are_for_can_be_read_by_touch(visit: Visit, profiles: Profiles) -> None:
    profiles.create("Ida", HEDY)
    page = visit(HEDY, view="Your taste")
    (word,) = [each for each in page.markdown if each.value == "For"]
    assert "Whose ratings this panel shows" in word.proto.help


def test_marks_that_are_taken_away_refresh_the_lists_of_the_others(
    visit: Visit, code: str, nights: FilmNights, profiles: Profiles
) -> None:
    (hedy,) = profiles.of_owner(HEDY)
    profiles.mark(hedy.id, profiles.taste(hedy.id).rated[0].film, "not for me")
    page, before = visit(HEDY, view="Recommendations"), nights.version(code, key_of(HEDY))
    button(page, "Take the marks of 1 film away").click().run()
    assert nights.version(code, key_of(HEDY)) > before


def test_what_the_others_of_a_night_see_is_said_once(visit: Visit, code: str, nights: FilmNights) -> None:
    def said(page: AppTest) -> int:
        return sum(
            "nobody's ratings" in each.value or "Nobody sees your ratings" in each.value for each in page.caption
        )

    assert said(visit(HEDY)) == said(visit(ANN, night=code)) == 1
    nights.invite(key_of(HEDY), "", is_open=False)
    assert said(visit(HEDY)) == 1


def test_a_look_up_of_a_film_that_is_not_ones_own_says_so(visit: Visit, browser: Browser, profiles: Profiles) -> None:
    page = visit(HEDY, view="My ratings")
    browser.act(page, "films-mine", kind="found", film=1, new={"title": "Nothing known", "tmdb": 987654321})
    assert browser.shown["films-mine"]["said"]


def test_a_tab_of_the_host_that_was_opened_earlier_follows_what_another_one_chooses(
    visit: Visit, browser: Browser, code: str, nights: FilmNights, profiles: Profiles
) -> None:
    def rule() -> str:
        return nights.night(code, key_of(HEDY)).evening.rule

    earlier = visit(HEDY)
    visit(HEDY, rule="Least misery")
    chosen = browser.films()
    for change in (lambda: None, lambda: profiles.rate(profiles.of_owner(HEDY)[0].id, load().catalogue.film(1), 2.0)):
        change()
        earlier.run()
        assert rule() == "least misery", "neither a look nor a rating is a choice"
        assert "chosen differently in another tab" in all_text(earlier)
    assert browser.films() != chosen, "but what was rated counts"
    before = browser.films()
    visit(HEDY)
    assert browser.films() == before
    next(each for each in earlier.button_group if each.key == "rule").set_value("no dislikes").run()
    assert rule() == "no dislikes"
    assert "chosen differently in another tab" not in all_text(earlier)
    browser.act(earlier, kind="veto", film=browser.films()[0], who=browser.night["films"][0]["who"][0]["key"], on=True)
    assert [each.names for each in nights.night(code, key_of(HEDY)).vetoes] == [("Hedy",)]
