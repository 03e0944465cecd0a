"""A finger on the pages: what it taps is what Python keeps, and nothing on the page moves under it.

The components alone are in tests/components.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.recommender.profiles.store import Profiles
from aecore.recommender.profiles.taste import Entry
from tests.components.bare import Finger
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_movies import heard, open_movies
from tests.e2e.visitors import NewPage
from tests.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
KINDS = {"found": ".found .card", "sheet": "dialog[open] .card.large"}
BOXES = """root => [...root.querySelectorAll('.five, .act, .links a')].map(each => {
  const box = each.getBoundingClientRect(); return [box.left, box.top, box.width, box.height].map(Math.round); })"""
CLICKS = """() => { const seen = []; addEventListener('click', event => seen.push(
  event.composedPath().find(each => each.matches?.('.five, button, a'))?.className), true); return seen; }"""


def entries(server: Server, page: Page) -> dict[str, Entry]:
    """Title -> what the visitor of this page has said about a film."""
    owner = next(each["value"] for each in page.context.cookies() if each["name"] == "aecore-films")
    profiles = Profiles(server.home)
    try:
        mine = profiles.of_owner(owner)
        return {each.film.title: each for each in profiles.taste(mine[0].id).entries} if mine else {}
    finally:
        profiles.close()


def tap_star(page: Page, card: Locator, stars: float) -> None:
    """Taps the middle of the half star that gives so many."""
    five = card.locator(".five")
    five.scroll_into_view_if_needed()
    five.click(trial=True)  # waits until it stands still and takes a tap
    box = five.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * (stars / 5 - 0.05), box["y"] + box["height"] / 2)


@pytest.mark.parametrize("kind", ["found", pytest.param("sheet", marks=pytest.mark.long)])
def test_a_tap_on_the_stars_gives_stars_and_presses_nothing_else(server: Server, new_page: NewPage, kind: str) -> None:
    page = new_page(**PHONE)
    open_movies(page, server)
    if kind == "found":
        page.locator(".search:visible").fill("star")
    elif kind == "sheet":
        page.locator(".part.recommended .face").first.tap()
    card = page.locator(KINDS[kind]).first
    expect(card).to_be_visible()
    wait_idle(page)
    title, before = card.locator(".name").text_content() or "", heard(page)
    told = page.evaluate_handle(CLICKS)
    tap_star(page, card, 3.5)
    boxes = card.evaluate(BOXES)
    until(lambda: heard(page) > before, "the stars are heard")
    wait_idle(page)
    assert told.evaluate("seen => seen") == ["five"], "the one click is on the stars"
    assert (entries(server, page)[title].stars, entries(server, page)[title].marks) == (3.5, frozenset())
    assert card.evaluate(BOXES) == boxes, "what was below the finger is there still"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


SHEETS = {
    "latent": (
        "Map of the latent space",
        "network=digits&points=500&map-iterations=260&panel=Your+own+point",
        r"of its 5 nearest codes are",
    ),
    "anomaly": ("Anomaly", "network=digits&odd=Drawing", r"Your drawing, white on black"),
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "looks"), [("latent", PHONE), ("anomaly", TABLET)], ids=["latent-phone", "anomaly-tablet"]
)
def test_the_sheet_does_not_move_while_somebody_draws_and_between_strokes(
    server: Server, new_page: NewPage, name: str, looks: dict
) -> None:
    heading, query, answer = SHEETS[name]
    page = new_page(**looks)
    go(page, f"{server.url}/{name}?{query}", heading)
    sheet = page.locator(".painter canvas.sheet")
    expect(sheet).to_be_visible()
    wait_idle(page)
    page.locator('[data-testid="stMain"]').evaluate(
        "main => main.scrollTo(0, main.scrollHeight)"
    )  # where a page that becomes shorter moves
    sheet.scroll_into_view_if_needed()
    sheet.click(trial=True)
    before, finger = sheet.bounding_box() or {}, Finger(page)
    sheet.evaluate("""sheet => { const box = () => sheet.getBoundingClientRect(), was = box(); window.moved = 0;
  const watch = () => {
      window.moved = Math.max(window.moved, Math.abs(box().top - was.top), Math.abs(box().left - was.left));
      requestAnimationFrame(watch); }; watch(); }""")
    for stroke in (0.3, 0.6):
        x = before["x"] + before["width"] * stroke
        finger.down((x, before["y"] + before["height"] * 0.2))
        for share in (0.3, 0.4, 0.5, 0.6, 0.7):
            finger.move((x, before["y"] + before["height"] * share))
            page.wait_for_timeout(60)  # a hand takes its time; the sheet is sent meanwhile
        finger.up()
        expect(page.get_by_text(re.compile(answer)).first).to_be_visible()
        wait_idle(page)
    assert page.evaluate("window.moved") == 0


def test_on_a_phone_a_link_leads_from_a_run_to_the_form_below_it_and_back(server: Server, new_page: NewPage) -> None:
    run = finished_run(server.runs, "Seen on a phone", epochs=3)
    page = new_page(**PHONE)
    go(page, f"{server.url}/train?run={run.id}", "Train an autoencoder")
    button = page.get_by_role("button", name="Train", exact=True)
    until(lambda: is_on_screen(page, "Seen on a phone"), "the run comes first")
    expect(button).not_to_be_in_viewport()
    page.get_by_role("link", name="Settings, to train one of your own").tap()
    expect(button).to_be_in_viewport()
    page.get_by_role("link", name="The run on show").tap()
    until(lambda: is_on_screen(page, "Seen on a phone"), "the link leads back")
    expect(button).not_to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("link", name="The run on show")).to_be_hidden()


def is_on_screen(page: Page, title: str) -> bool:
    """Whether the run of this title is at the top of the screen."""
    box = page.get_by_role("heading", name=title).bounding_box()
    return bool(box) and 0 < box["y"] < 700
