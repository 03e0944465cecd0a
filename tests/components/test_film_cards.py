"""Film cards under finger, mouse and keys: what is tapped acts on its own click, once, and nothing moves because of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.components.bare import DESKTOP, PHONE, TABLET, Bare, Finger, middle
from tests.components.conftest import OpenBare
from tests.components.film_screens import KINDS, Visitor

SCREENS = {"phone": PHONE, "tablet": TABLET}
BOXES = """root => [...root.querySelectorAll('.five, .act, .links a')].map(each => {
  const box = each.getBoundingClientRect(); return [box.left, box.top, box.width, box.height].map(Math.round); })"""
SETTLED = "() => !document.querySelector('#host').shadowRoot.querySelector('.settling')"


def open_films(open_bare: OpenBare, visitor: Visitor, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("film-cards", visitor.data(), visitor.hear, looks=looks)
    if visitor.kind == "found":
        bare.find(".search").fill("film")
    expect(bare.find(KINDS[visitor.kind]).first).to_be_visible()
    return bare


def star(card: Locator, stars: float) -> tuple[float, float]:
    """The middle of the half star that gives so many."""
    card.locator(".five").scroll_into_view_if_needed()
    card.locator(".five").click(trial=True)  # waits until it stands still and takes a tap
    return middle(card.locator(".five"), stars / 5 - 0.05)


def heard(bare: Bare, visitor: Visitor, count: int = 1) -> list[dict[str, Any]]:
    """What was done, once so much of it has been heard and shown."""
    bare.page.wait_for_function("count => bare.said.filter(each => each.name === 'done').length >= count", arg=count)
    expect(bare.find(".films")).to_have_attribute("data-heard", f"{visitor.heard:.0f}")
    return visitor.actions


@pytest.mark.parametrize("looks", SCREENS.values(), ids=SCREENS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_tap_on_the_stars_gives_stars_and_nothing_below_them_moves(open_bare: OpenBare, kind: str, looks: dict[str, Any]) -> None:
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
    assert card.evaluate(BOXES) == before, "what was below the finger is there still"
