"""The latent space page in a browser: a map draws itself, a point is picked,
and the points in a box get a map of their own.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, pick, press
from tests.e2e.server import Server
from tests.waiting import until

STILL = (
    "root => { const m = root.latentMap; return Boolean(m?.view.has_places && !m.view.glide && "
    "!m.view.flight && !m.frame); }"
)
QUICK = "network=digits&points=500&map-iterations=260"


def told(page: Page, what: str) -> Any:
    """A value of the map, as `map.…`."""
    return page.locator(".map").first.evaluate(f"root => {{ const map = root.latentMap; return {what}; }}")


def settle(page: Page) -> None:
    """Waits until the map has been drawn and stands still."""
    until(lambda: page.locator(".map").count() and page.locator(".map").first.evaluate(STILL), "the map stands still")


def test_a_map_draws_itself_a_point_is_picked_and_some_get_a_map_of_their_own(server: Server, page: Page) -> None:
    go(page, f"{server.url}/latent?{QUICK}", "Map of the latent space")
    settle(page)
    expect(page.get_by_text("Trustworthiness", exact=True)).to_be_visible()
    settle(page)
    assert told(page, "map.view.total") == 500

    over = page.locator(".over").first
    over.scroll_into_view_if_needed()
    x, y = told(page, "[[...map.view.sx], [...map.view.sy]]")
    places = np.stack([list(x)[:500], list(y)[:500]], 1)
    lonely = int(np.argmax(np.sort(np.linalg.norm(places[:, None] - places[None], axis=2), 1)[:, 1]))
    box = over.bounding_box() or {}
    page.mouse.click(box["x"] + places[lonely, 0], box["y"] + places[lonely, 1])
    expect(page.get_by_text(re.compile(f"^Example {lonely} "))).to_be_visible()
    until(lambda: f"point={lonely}" in page.evaluate("location.href"), "the address names the point")

    neighbour = page.locator(f".st-key-neighbour-{lonely}").get_by_text(re.compile("·")).first
    number = neighbour.inner_text().split(" ")[0]
    neighbour.click()
    expect(page.get_by_text(re.compile(f"^Example {number} "))).to_be_visible()

    page.get_by_role("button", name=re.compile("^Box")).first.click()
    page.mouse.move(box["x"] + 70, box["y"] + 70)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] - 20, steps=4)
    page.mouse.up()
    chosen = until(lambda: told(page, "map.selected().length"), "points are in the box")
    expect(page.get_by_text(f"{chosen} chosen", exact=True)).to_be_visible()
    page.locator(".st-key-alone label").first.click()
    until(lambda: told(page, "map.order.length") == chosen, "only the chosen points are drawn")
    press(page, "Map only these")
    until(lambda: told(page, "map.view.total") == chosen, "the new map has only the chosen points")
    press(page, "Back to all points")
    until(lambda: told(page, "map.view.total") == 500, "the whole map is back")

    pick(page, "Your own point")
    sheet = page.locator(".sheet")
    sheet.scroll_into_view_if_needed()
    area = sheet.bounding_box() or {}
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + 60)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] - 60, steps=8)
    page.mouse.up()
    until(lambda: told(page, "map.marks.length") == 1, "the drawing is a star on the map")
    expect(page.get_by_text(re.compile("of its 5 nearest codes are"))).to_be_visible()
