"""More flows of the Movies page under a finger: profiles, the host of a night, imports, and what the page offers."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.recommender import load
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.profiles.taste import Entry
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_film_night import group, join, rate_by_finger, titles
from tests.e2e.test_movies import address, open_movies
from tests.e2e.test_movies_touch import said_of, tap_stars
from tests.e2e.test_touch import PHONE, entries
from tests.e2e.visitors import NewPage
from tests.waiting import until

pytestmark = pytest.mark.long

MATRIX, ALIEN, OPPENHEIMER = 2571, 1214, Film("Oppenheimer", 2023)


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A page of a visitor with a phone."""
    return new_page(**PHONE)


def owner(page: Page) -> str:
    return next(each["value"] for each in page.context.cookies() if each["name"] == "aecore-films")


def seed(server: Server, page: Page, entries: Iterable[Entry]) -> None:
    """Gives the visitor of this page a profile with these entries."""
    profiles = Profiles(server.home)
    profiles.keep(profiles.create("Me", owner(page)).id, entries, "before this test")
    profiles.close()


def names(server: Server, page: Page) -> list[str]:
    """What the profiles of this browser are called."""
    profiles = Profiles(server.home)
    try:
        return [each.name for each in profiles.of_owner(owner(page))]
    finally:
        profiles.close()


def tap(page: Page, control: Locator) -> None:
    """Taps a control outside of the cards, and waits until the page stands still."""
    control.scroll_into_view_if_needed()
    control.tap()
    wait_idle(page)


def tap_button(page: Page, name: str) -> None:
    tap(page, page.get_by_role("button", name=name, exact=True))


def panel(page: Page, name: str) -> Locator:
    return page.locator('[data-testid="stButtonGroup"]').get_by_text(name, exact=True)


def test_a_profile_is_added_renamed_removed_and_restored_and_the_link_speaks_of_it(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    tap_stars(phone, phone.locator(".part.rate .card").first, 5)
    tap(phone, panel(phone, "Friends"))
    phone.get_by_role("textbox", name="Another user").fill("Grace")
    tap_button(phone, "Add")
    until(lambda: names(server, phone) == ["Me", "Grace"], "another profile is there")
    until(lambda: "who=2" in address(phone), "it is in use")
    tap(phone, phone.get_by_text("Rename or remove", exact=True))
    phone.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    tap_button(phone, "Rename")
    until(lambda: names(server, phone) == ["Me", "Ada"], "it is called otherwise")
    tap_button(phone, "Link")
    expect(phone.get_by_text("profile number 2 of the browser that opens it")).to_be_visible()
    expect(phone.get_by_text("The link opens the panel Friends")).to_be_visible()
    phone.keyboard.press("Escape")
    wait_idle(phone)
    tap_button(phone, "Remove this profile")
    until(lambda: names(server, phone) == ["Me"], "it is gone")
    tap(phone, phone.get_by_role("button", name="Restore Ada"))
    until(lambda: names(server, phone) == ["Me", "Ada"], "it is back")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_host_opens_a_night_chooses_a_rule_removes_a_guest_and_ends_it_by_taps(
    server: Server, new_page: NewPage
) -> None:
    host, ann = new_page(**PHONE), new_page(**PHONE)
    open_movies(host, server)
    tap_stars(host, host.locator(".part.rate .card").first, 5)
    tap(host, panel(host, "Friends"))
    host.get_by_role("textbox", name="Your name for guests").fill("Hedy")
    tap_button(host, "Open it for guests")
    code = host.locator(".night-code")
    expect(code).to_be_visible()
    join(ann, server, code.inner_text(), "Ann")
    rate_by_finger(ann, 2)
    expect(group(host)).to_have_text("Hedy, Ann")
    before = titles(host)
    tap(host, panel(host, "Least misery"))
    until(lambda: titles(host) != before, "another rule, another list")
    until(lambda: titles(ann) == titles(host), "the guest sees it, too")
    tap_button(host, "Let nobody else in")
    expect(code).to_have_count(0)
    tap_button(host, "Remove Ann")
    expect(ann.get_by_text("This film night is over for you")).to_be_visible()
    expect(group(host)).to_have_text("you")
    tap_button(host, "Let Ann in again")
    expect(group(host)).to_have_text("Hedy, Ann")
    end = host.get_by_role("button", name="End it now", exact=True)

    tap_button(host, "End the film night")
    expect(end).to_be_visible()
    tap_button(host, "End it now")
    expect(host.get_by_role("button", name="Open it for guests")).to_be_visible()


def test_an_import_asks_about_conflicts_guesses_and_picks_by_taps(server: Server, phone: Page) -> None:
    go(phone, f"{server.url}/movies?view=Import", "Movies")
    catalogue = load().catalogue
    seed(server, phone, [Entry(catalogue.film(MATRIX), 2.0), Entry(OPPENHEIMER, 4.5)])
    lines = ["Name,Year,Rating", "The Matrix,1999,5", "Oppenheimer,2023,3", "The Matricks,1999,1", "Amelie,2002,4"]
    phone.locator('input[type="file"]').set_input_files(
        {"name": "ratings.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    expect(phone.get_by_role("heading", name="Import report")).to_be_visible()
    wait_idle(phone)
    asked = phone.locator(".st-key-import-conflicts")
    expect(asked).to_contain_text("2 films in the file have other stars here. Which ones count?")
    picked = phone.get_by_role("combobox", name=re.compile("^The Matricks"))
    picked.scroll_into_view_if_needed()
    picked.tap()
    tap(phone, phone.get_by_role("option", name="The Matrix (1999)"))
    expect(phone.get_by_text("1 by guess: look whether they are right")).to_be_visible()
    table = phone.locator('[class*="st-key-import-guesses"] canvas').first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + 30, box["y"] + 52)  # the first row's "Right": the guess is refused
    wait_idle(phone)
    tap(phone, asked.get_by_text("those in the file"))
    tap(phone, phone.get_by_role("button", name=re.compile("^Keep 3 films")))
    expect(phone.get_by_text(re.compile("^Kept: 3 films"))).to_be_visible()
    kept = {title: (each.film.year, each.stars) for title, each in entries(server, phone).items()}
    assert kept == {"The Matrix": (1999, 1.0), "Oppenheimer": (2023, 3.0), "Amelie": (2002, 4.0)}


def test_marks_that_contradict_stars_are_taken_away_by_a_tap_or_left(server: Server, new_page: NewPage) -> None:
    film = load().catalogue.film(MATRIX)
    for name, marks in (("Take the marks of 1 film away", frozenset()), ("Leave them", frozenset({"watchlist"}))):
        page = new_page(**PHONE)
        open_movies(page, server)
        seed(server, page, [Entry(film, 5.0, frozenset({"watchlist"}))])
        open_movies(page, server)
        tap_button(page, name)
        until(lambda marks=marks, page=page: said_of(server, page) == {film.title: (5.0, marks)}, name)  # type: ignore[misc]
        expect(page.get_by_role("button", name="Leave them")).to_be_disabled()


def test_the_test_on_ones_own_ratings_and_the_offer_of_newer_films_are_there_for_a_finger(
    server: Server, phone: Page
) -> None:
    open_movies(phone, server)
    catalogue = load().catalogue
    best = catalogue.popularity.argsort()[::-1][:20]
    films = [catalogue.film(int(catalogue.films.movie_ids[column])) for column in best]
    seed(server, phone, [Entry(film, 0.5 + (place % 10) / 2) for place, film in enumerate(films)])
    go(phone, f"{server.url}/movies", "Movies")
    wait_idle(phone)
    tap(phone, panel(phone, "Your taste"))
    tested = phone.locator(".st-key-films-test-me")
    tested.scroll_into_view_if_needed()
    expect(tested.get_by_test_id("stMetricLabel")).to_have_text("Off by, in stars")
    assert float(tested.locator('[data-testid="stMetricValue"]').inner_text()) > 0
    tap(phone, panel(phone, "Recommendations"))
    tap(phone, phone.locator(".st-key-films-unfold label"))
    tap(phone, phone.locator(".st-key-filters button").first)
    tap(phone, phone.get_by_role("button", name="Newer films"))
    until(lambda: "view=About" in address(phone), "it leads to the offer")
    expect(phone.get_by_role("button", name="Get newer films")).to_be_visible()
    expect(phone.get_by_text("Licence:").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_films_to_rate_come_first_and_why_fits(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    for stars in (5, 1, 4.5):
        tap_stars(phone, phone.locator(".part.rate .card").first, stars)
    boxes = [phone.locator(f".part.{name} .card").first.bounding_box() for name in ("rate", "recommended")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"], "rating cards come first"
    heads = [phone.locator(f".part.{name} h2").bounding_box() for name in ("rate", "recommended")]
    assert heads[0]
    assert heads[1]
    assert heads[0]["y"] < boxes[0]["y"] < heads[1]["y"]
    face = phone.locator(".part.recommended .face").first
    face.scroll_into_view_if_needed()
    face.tap()
    rows = phone.locator("dialog.sheet[open] .why li")
    expect(rows.first).to_be_visible()
    wait_idle(phone)
    for row in rows.all():
        for part in (".track", ".track i", "b", ".film"):
            box = row.locator(part).bounding_box()
            assert box
            assert box["x"] >= 0, part
            assert box["x"] + box["width"] <= 390, part
        assert row.locator("b").evaluate("each => each.scrollWidth <= each.clientWidth"), "the figure is whole"
        assert row.locator(".track").bounding_box()["width"] >= 50, "a bar can be read"  # type: ignore[index]
