"""Film cards under finger, mouse and keys: what is tapped acts on its own click, once,
and nothing moves because of it.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from tests.components.bare import DESKTOP, PHONE, TABLET, Bare, Finger, framed, middle
from tests.components.conftest import OpenBare
from tests.components.film_screens import KINDS, Visitor
from tests.waiting import until

SCREENS = [pytest.param(PHONE, id="phone"), pytest.param(TABLET, id="tablet", marks=pytest.mark.long)]
BOXES = """root => [...root.querySelectorAll('.five, .act, .links a')].map(each => {
  const box = each.getBoundingClientRect(); return [box.left, box.top, box.width, box.height].map(Math.round); })"""


def open_films(open_bare: OpenBare, visitor: Visitor, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("film-cards", visitor.data(), visitor.hear, looks=looks)
    if visitor.kind == "found":
        bare.find(".search").fill("film")
    expect(bare.find(KINDS[visitor.kind]).first).to_be_visible()
    return bare


def star(card: Locator, stars: float) -> tuple[float, float]:
    """The middle of the half star that gives this rating."""
    card.locator(".five").scroll_into_view_if_needed()
    card.locator(".five").click(trial=True)  # waits until it stands still and takes a tap
    return middle(card.locator(".five"), stars / 5 - 0.05)


def heard(bare: Bare, visitor: Visitor, count: int = 1) -> list[dict[str, Any]]:
    """What was done, once so much of it has been heard and shown."""
    bare.page.wait_for_function("count => bare.said.filter(each => each.name === 'done').length >= count", arg=count)
    expect(bare.find(".films")).to_have_attribute("data-heard", f"{visitor.heard:.0f}")
    return visitor.actions


@pytest.mark.parametrize("looks", SCREENS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_tap_on_the_stars_gives_stars_and_nothing_below_them_moves(
    open_bare: OpenBare, kind: str, looks: dict[str, Any]
) -> None:
    visitor = Visitor(kind, is_frozen=True)
    bare = open_films(open_bare, visitor, looks)
    card = bare.find(KINDS[kind]).first
    spot, film = star(card, 3.5), int(card.get_attribute("data-film") or 0)
    before = card.evaluate(BOXES)
    Finger(bare.page).tap(*spot)
    actions = heard(bare, visitor)
    assert [(each["kind"], each["film"], each["stars"]) for each in actions] == [("rate", film, 3.5)]
    assert visitor.entries[film].marks == frozenset()
    expect(card.locator(".stars")).to_have_attribute("aria-valuenow", "3.5")
    assert np.abs(np.array(card.evaluate(BOXES)) - before).max() <= 1, "what was below the finger is there still"


def test_a_finger_that_slides_gives_the_stars_where_it_is_lifted_and_gives_them_once(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_films(open_bare, visitor, PHONE)
    card, finger = bare.find(KINDS["found"]).first, Finger(bare.page)
    (x, y), (end, _) = star(card, 1), star(card, 4.5)
    finger.down((x, y))
    for share in (0.3, 0.6, 1):
        finger.move((x + share * (end - x), y + 4 * share))
    expect(card.locator(".number")).to_have_text("4½")
    assert bare.said("done") == [], "while it slides nothing is given"
    finger.up()
    assert [each["stars"] for each in heard(bare, visitor)] == [4.5]
    expect(card.locator(".stars")).not_to_have_class(re.compile("hint"))


def test_a_finger_that_scrolls_gives_no_stars(open_bare: OpenBare) -> None:
    bare = open_films(open_bare, Visitor("recommend"), PHONE)
    (x, y), finger = star(bare.find(KINDS["recommend"]).first, 4), Finger(bare.page)
    finger.down((x, y))
    finger.cancel()
    finger.down((x, y))
    for way in (20, 60, 120):
        finger.move((x, y - way))
    finger.up()
    bare.page.evaluate("true")
    assert bare.said("done") == []


def test_a_click_that_lands_on_what_was_not_pressed_does_nothing(open_bare: OpenBare) -> None:
    visitor = Visitor("recommend", is_frozen=True)
    bare = open_films(open_bare, visitor, TABLET)
    card, finger = bare.find(KINDS["recommend"]).first, Finger(bare.page)
    (x, y), (_, below) = star(card, 4), middle(card.locator(".act").first)
    finger.down((x, y))
    bare.page.evaluate(
        "height => { document.querySelector('#above').style.marginTop = `${height}px`; }", y - below
    )  # the page moves under the finger
    finger.up()
    bare.page.evaluate("true")
    assert [each["kind"] for each in visitor.actions] in ([], ["rate"]), (
        "no button that has come under the finger is pressed"
    )
    assert not any(entry.marks for entry in visitor.entries.values())


def test_what_python_says_waits_while_a_finger_is_down(open_bare: OpenBare) -> None:
    visitor = Visitor("recommend")
    bare = open_films(open_bare, visitor, TABLET)
    card, finger = bare.find(KINDS["recommend"]).first, Finger(bare.page)
    spot, first = star(card, 4), int(card.get_attribute("data-film") or 0)
    finger.down(spot)
    visitor.take({"n": 5, "kind": "mark", "film": first, "mark": "not for me", "on": True})
    bare.show(visitor.data())
    assert int(card.get_attribute("data-film") or 0) == first, "the card is still under the finger"
    finger.up()
    heard(bare, visitor)
    assert [(each["kind"], each["film"]) for each in visitor.actions[1:]] == [("rate", first)]


def test_a_second_tap_in_the_place_of_a_film_that_has_left_is_not_for_the_next(open_bare: OpenBare) -> None:
    visitor = Visitor("recommend")
    bare = open_bare("film-cards", visitor.data(), visitor.hear, looks=TABLET, is_last=True)
    bare.page.clock.install()
    card, finger = bare.find(KINDS["recommend"]).first, Finger(bare.page)
    spot, first = star(card, 4), card.get_attribute("data-film")
    bare.page.clock.pause_at("2200-01-01")  # no time passes between the two taps
    finger.tap(*spot)
    expect(card).not_to_have_attribute("data-film", first or "")
    assert card.evaluate("(card, [x, y]) => card.contains(card.getRootNode().elementFromPoint(x, y))", spot) is False, (
        "the next film takes no tap yet"
    )
    finger.tap(*spot)
    bare.page.evaluate("true")
    assert len(visitor.actions) == 1
    bare.page.clock.resume()
    bare.page.clock.run_for(1000)
    finger.tap(*star(card, 4))
    assert len(heard(bare, visitor, 2)) == 2


def test_not_for_me_and_want_to_see_are_marked_on_their_own_click(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_films(open_bare, visitor, PHONE)
    card, finger = bare.find(KINDS["found"]).nth(1), Finger(bare.page)
    for name in ("Want to see", "Not for me"):
        button = card.get_by_role("button", name=re.compile(f"^{name}"))
        spot = middle(button)
        finger.down(spot)
        bare.page.evaluate("true")
        expect(button).to_have_attribute("aria-pressed", "false")
        finger.up()
        expect(button).to_have_attribute("aria-pressed", "true")
    assert [each["mark"] for each in heard(bare, visitor, 2)] == ["watchlist", "not for me"]
    expect(card.get_by_role("button", name=re.compile("^Want to see"))).to_have_attribute("aria-pressed", "false")


def test_a_sentence_about_what_could_not_be_done_moves_nothing(open_bare: OpenBare) -> None:
    visitor = Visitor("recommend", is_frozen=True)
    bare = open_films(open_bare, visitor)
    card = bare.find(KINDS["recommend"]).first
    before = card.evaluate(BOXES)
    visitor.said = "This film is no longer on the list; reload the page and try again."
    bare.show(visitor.data())
    expect(bare.find(".say")).to_have_text(visitor.said)
    assert card.evaluate(BOXES) == before


def test_a_film_liked_in_the_sheet_stays_under_the_finger_when_it_speaks_for_the_one_above(open_bare: OpenBare) -> None:
    visitor = Visitor("similar", is_frozen=True)
    bare = open_films(open_bare, visitor, PHONE)
    card = bare.find(KINDS["similar"]).nth(3)
    spot = star(card, 5)
    lines, top = bare.find(".why li").count(), card.evaluate("card => card.getBoundingClientRect().top")
    Finger(bare.page).tap(*spot)
    heard(bare, visitor)
    expect(bare.find(".why li")).to_have_count(lines + 1)
    assert card.evaluate("card => card.getBoundingClientRect().top") == pytest.approx(top, abs=1)


def test_on_a_phone_all_five_stars_of_a_film_to_rate_are_on_its_card(open_bare: OpenBare) -> None:
    bare = open_films(open_bare, Visitor("rate"), PHONE)
    card = bare.find(KINDS["rate"]).first
    box, stars = card.bounding_box(), card.locator(".five").bounding_box()
    assert box
    assert stars
    assert stars["x"] + stars["width"] <= box["x"] + box["width"]
    assert stars["width"] / 5 > 30, "and wide enough for a finger"


def test_a_row_of_films_to_rate_stays_where_it_is_when_the_first_has_been_rated(open_bare: OpenBare) -> None:
    visitor = Visitor("rate")
    bare = open_films(open_bare, visitor, PHONE)
    card = bare.find(KINDS["rate"]).first
    spot, film = star(card, 4), card.get_attribute("data-film") or ""
    Finger(bare.page).tap(*spot)
    heard(bare, visitor)
    expect(card).not_to_have_attribute("data-film", film)
    framed(bare.page)
    assert bare.find(".part.rate .rows").evaluate("row => row.scrollLeft") == 0


@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_cross_closes_the_sheet_whose_reasons_have_bars(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    visitor = Visitor("sheet", is_frozen=True)
    bare = open_films(open_bare, visitor, looks)
    expect(bare.find(".why li .track i").first).to_be_visible()
    bare.find("dialog .close").click()
    expect(bare.find("dialog[open]")).to_have_count(0)
    until(lambda: [each["kind"] for each in visitor.actions] == ["close"], "it is told")


def test_the_mouse_gives_halves_shows_them_before_and_takes_the_same_away(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_films(open_bare, visitor)
    card, mouse = bare.find(KINDS["found"]).first, bare.page.mouse
    for stars in (0.5, 3, 3.5, 5):
        mouse.move(*star(card, stars))
        expect(card.locator(".stars")).to_have_attribute("aria-valuenow", f"{stars:g}")
        mouse.down()
        mouse.up()
    mouse.down()
    mouse.up()
    mouse.move(5, 5)
    assert [each["stars"] for each in heard(bare, visitor, 5)] == [0.5, 3, 3.5, 5, None]
    expect(card.locator(".number")).to_have_text("–")


@pytest.mark.long
def test_a_click_counts_for_the_half_it_is_in_however_near_to_the_one_before(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_films(open_bare, visitor)
    five = bare.find(KINDS["found"]).first.locator(".five")
    for share in (0.12, 0.62, 0.88):
        five.click(trial=True)
        bare.page.mouse.click(*middle(five, share))
    assert [each["stars"] for each in heard(bare, visitor, 3)] == [1, 3.5, 4.5]


def test_a_mouse_that_is_let_go_far_from_the_stars_gives_none(open_bare: OpenBare) -> None:
    bare = open_films(open_bare, Visitor("recommend"))
    x, y = star(bare.find(KINDS["recommend"]).first, 4)
    bare.page.mouse.move(x, y)
    bare.page.mouse.down()
    bare.page.mouse.move(x, y + 90, steps=3)
    bare.page.mouse.up()
    bare.page.evaluate("true")
    assert bare.said("done") == []


def test_keys_give_choose_and_take_away(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_films(open_bare, visitor)
    card, keyboard = bare.find(KINDS["found"]).first, bare.page.keyboard
    bare.find(".search").focus()
    keyboard.press("ArrowDown")
    for keys in (["9"], ["ArrowRight", "Enter"], ["0"], ["ArrowLeft", "Escape"], ["3"], ["Delete"]):
        for key in keys:
            keyboard.press(key)
            if key == "ArrowRight":
                expect(card.locator(".stars")).to_have_attribute("aria-valuetext", "5 stars, press Enter to give them")
    assert [each["stars"] for each in heard(bare, visitor, 5)] == [4.5, 5, None, 1.5, None]


def test_actions_are_told_again_until_they_are_heard_and_never_lost(open_bare: OpenBare) -> None:
    visitor = Visitor("found", is_frozen=True)
    bare = open_bare("film-cards", visitor.data())
    bare.find(".search").fill("film")
    visitor.text = "film"
    bare.show(visitor.data())
    cards, keyboard = bare.find(KINDS["found"]), bare.page.keyboard
    for place, key in enumerate("468"):
        cards.nth(place).locator(".stars").focus()
        keyboard.press(key)
    told = [[(each["film"], each["stars"]) for each in done["actions"]] for done in bare.said("done")]
    assert told == [[(1, 2)], [(1, 2), (2, 3)], [(1, 2), (2, 3), (3, 4)]]
    for action in bare.said("done")[-1]["actions"][:2]:
        visitor.take(action)
    bare.show(visitor.data())
    for place, stars in enumerate((2, 3, 4)):
        expect(cards.nth(place).locator(".stars")).to_have_attribute("aria-valuenow", f"{stars}")
    cards.nth(3).locator(".stars").focus()
    keyboard.press("0")
    assert [(each["film"], each["stars"]) for each in bare.said("done")[-1]["actions"]] == [(3, 4), (4, 5)]


def test_a_tap_beside_the_search_closes_what_was_found_and_its_field_opens_it_again(open_bare: OpenBare) -> None:
    bare = open_films(open_bare, Visitor("found"), TABLET)
    bare.page.touchscreen.tap(*middle(bare.find(".part.recommended .head"), 0.95))
    expect(bare.find(".found")).to_be_hidden()
    bare.find(".search").tap()
    expect(bare.find(".found")).to_be_visible()
    bare.find(".search").fill("nothing like it")
    expect(bare.find(".found")).to_be_visible()


@pytest.mark.long
def test_posters_are_asked_for_once_each_with_the_key_and_not_without_or_after_a_refusal(open_bare: OpenBare) -> None:
    visitor, asked = Visitor("recommend", is_frozen=True), []
    bare = open_films(open_bare, visitor)

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        is_known = "api_key=known" in route.request.url
        route.fulfill(
            status=200 if is_known else 401,
            json={"poster_path": "/poster.png"},
            headers={"Access-Control-Allow-Origin": "*"},
        )

    bare.page.route("https://api.themoviedb.org/**", answer)
    poster = BytesIO()
    Image.new("RGB", (2, 3)).save(poster, "png")
    bare.page.route(
        "https://image.tmdb.org/**", lambda route: route.fulfill(body=poster.getvalue(), content_type="image/png")
    )
    bare.show(visitor.data())
    assert not asked, "nothing is asked for without a key"
    bare.show(visitor.data() | {"tmdbKey": "unknown"})
    until(lambda: bare.page.evaluate("true") and asked, "it is tried")
    bare.page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert len(asked) <= 4, "after a refusal it asks no more"
    asked.clear()
    bare.show(visitor.data() | {"tmdbKey": "known"})
    images = bare.find(".part.recommended .face img")
    until(lambda: images.count() >= 8, "posters are there")
    expect(images.first).to_have_attribute("src", re.compile("^blob:"))
    bare.show(visitor.data() | {"tmdbKey": "known"})
    bare.page.evaluate("true")
    assert len(asked) == len(set(asked)) <= 12
    bare.show(visitor.data())
    expect(images).to_have_count(0)
