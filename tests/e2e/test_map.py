"""The map in a browser, over points whose places are known: what is pointed at, picked, circled, hidden, zoomed into and turned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.map_points import pictures, places
from tests.e2e.server import Server
from tests.waiting import until

COUNT = 2000
READY = (
    "root => { const m = root.latentMap; return Boolean(m?.view.has_places && !m.view.glide && !m.view.flight && !m.frame && (m.bitmap || !m.data.atlas)); }"
)

PIXELS = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, k) => k % 4 === 0)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with nothing but the map."""
    running = Server(tmp_path_factory.mktemp("map-home"), app="tests/e2e/map_app.py")
    running.start()
    yield running
    running.sweep()


class Map:
    """The map on a page, and where its points should be by arithmetic of our own."""

    def __init__(self, page: Page, server: Server, query: str = "") -> None:
        self.page = page
        page.goto(f"{server.url}/?points={COUNT}{query}", wait_until="domcontentloaded")
        self.root = page.locator(".map")
        self.over = page.locator(".over")
        self.settle()
        self.over.scroll_into_view_if_needed()

    def settle(self) -> None:
        """Waits until everything has been fetched and drawn."""
        until(lambda: self.root.count() and self.root.evaluate(READY), "the map stands still")

    def tell(self, what: str) -> Any:
        """A value of the component, as `map.…`."""
        return self.root.evaluate(f"root => {{ const map = root.latentMap; return {what}; }}")

    def at(self, point: int) -> tuple[float, float]:
        """Where the browser has drawn a point, in pixels of the window."""
        box = self.over.bounding_box() or {}
        x, y = self.tell(f"[map.view.sx[{point}], map.view.sy[{point}]]")
        return box["x"] + x, box["y"] + y

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the flat map is in the window while all of it is in view."""
        box = self.over.bounding_box() or {}
        low, high = places(COUNT, 2).min(0), places(COUNT, 2).max(0)
        unit = min((box["width"] - 60) / (high[0] - low[0]), (box["height"] - 60) / (high[1] - low[1]))
        middle = (low + high) / 2
        return float(box["x"] + box["width"] / 2 + (x - middle[0]) * unit), float(box["y"] + box["height"] / 2 - (y - middle[1]) * unit)

    def drag(self, *spots: tuple[float, float]) -> None:
        """Drags the mouse along places of the map."""
        mouse = self.page.mouse
        mouse.move(*self.spot(*spots[0]))
        mouse.down()
        for spot in spots[1:]:
            mouse.move(*self.spot(*spot), steps=3)
        mouse.up()

    def heard(self, picked: int | None, selected: int) -> None:
        """Waits until Python says that it knows."""
        expect(self.page.get_by_text(f"Python: picked {picked}, selected {selected}", exact=True)).to_be_visible()

    def selected(self) -> list[int]:
        """The numbers that Python has heard of."""
        return [int(word) for word in self.page.locator('[data-testid="stText"]').inner_text().split()]


@pytest.fixture
def latent(server: Server, page: Page) -> Map:
    return Map(page, server)


def test_a_point_shows_its_picture_is_picked_found_and_left(latent: Map) -> None:
    digits, labels = pictures(COUNT)
    lonely = int(np.argmax(places(COUNT, 2)[:, 0]))  # the rightmost point: nothing lies over it
    assert latent.at(lonely) == pytest.approx(latent.spot(*places(COUNT, 2)[lonely]), abs=0.6)
    latent.page.mouse.move(*latent.at(lonely))
    card = latent.page.locator(".card")
    expect(card).to_be_visible()
    expect(card.locator("b")).to_have_text(str(labels[lonely]))
    expect(card.locator("span")).to_have_text(f"No. {lonely:,}")
    assert card.locator("canvas").evaluate(PIXELS) == digits[lonely, 0].ravel().tolist()
    latent.page.mouse.click(*latent.at(lonely))
    latent.heard(lonely, 0)
    until(lambda: latent.tell("map.picked === map.wanted && map.data.linked.length") == 5, "lines go to five neighbours")

    for _ in range(6):
        latent.page.mouse.wheel(0, -200)
    latent.settle()
    latent.page.get_by_role("button", name="Search 1234").click()
    latent.heard(1234, 0)
    until(lambda: latent.tell("map.picked") == 1234, "the ring is around the point that was searched")
    latent.settle()
    x, y = latent.tell("[map.view.sx[1234] / map.view.width, map.view.sy[1234] / map.view.height]")
    assert 0.05 < x < 0.95, x
    assert 0.05 < y < 0.95, y

    latent.page.get_by_text("Own point").click()
    until(lambda: latent.tell("map.view.total") == COUNT + 1 and latent.tell("Boolean(map.marks[0].image)"), "the own point has its picture")
    latent.over.focus()
    latent.page.keyboard.press("Escape")
    latent.heard(None, 0)


def test_boxes_lassos_and_the_legend_select_and_hide_what_lies_there(latent: Map) -> None:
    found, labels = places(COUNT, 2), pictures(COUNT)[1]
    latent.page.get_by_role("button", name=re.compile("Box")).click()
    latent.drag((5.05, -3.03), (13.97, 3.02))
    box = np.flatnonzero((found[:, 0] > 5.05) & (found[:, 0] < 13.97) & (found[:, 1] > -3.03) & (found[:, 1] < 3.02))
    latent.heard(None, len(box))
    assert latent.selected() == box.tolist()
    expect(latent.page.locator(".chosen")).to_contain_text(f"{len(box)} selected")

    latent.page.keyboard.down("Shift")  # a lasso, whatever tool is chosen; Control adds
    latent.page.keyboard.down("Control")
    latent.drag((-13, -3), (-6, 0), (-13, 3))
    latent.page.keyboard.up("Control")
    latent.page.keyboard.up("Shift")
    inside = np.flatnonzero((found[:, 0] > -13) & (np.abs(found[:, 1]) < 3 * (-6 - found[:, 0]) / 7))
    both = np.union1d(box, inside)
    assert len(both) > len(box) + 50
    latent.heard(None, len(both))
    assert latent.selected() == both.tolist()

    latent.page.get_by_text("Only the selected").click()
    until(lambda: latent.tell("map.order.length") == len(both), "only the selected are drawn")
    expect(latent.page.locator(".status")).to_have_text(f"{len(both)} of 2,000 points")
    latent.page.get_by_text("Only the selected").click()
    until(lambda: latent.tell("map.order.length") == COUNT, "all are drawn again")
    latent.page.get_by_role("button", name="Select nothing").click()
    latent.heard(None, 0)

    legend = latent.page.locator(".legend")
    legend.locator('[data-level="0"]').click()
    assert latent.tell("map.order.length") == (labels != 0).sum()
    latent.drag((5.05, -3.03), (13.97, 3.02))  # hidden points are not selected
    latent.heard(None, int((labels[box] != 0).sum()))
    legend.locator('[data-level="7"]').dblclick()
    assert latent.tell("[...map.order].map((i) => map.levels[i])") == [7] * int((labels == 7).sum())
    legend.locator('[data-level="7"]').focus()
    latent.page.keyboard.press("Shift+Enter")
    assert latent.tell("map.order.length") == COUNT


def test_wheel_and_keys_zoom_into_pictures_and_pick(latent: Map) -> None:
    assert latent.tell("map.dots.pictures") == 0
    target = 321
    before = np.array(latent.at(target))
    pointer = np.round(before)
    latent.page.mouse.wheel(0, -200)  # the page may be scrolling by: without a mouse that moves on the map nothing zooms
    latent.page.mouse.move(*(pointer - 30))
    latent.page.mouse.move(*pointer, steps=3)
    for _ in range(12):
        latent.page.mouse.wheel(0, -200)
    latent.settle()
    zoom = latent.tell("map.view.camera.zoom")
    assert zoom == pytest.approx(np.exp(12 * 200 * 0.0022))
    assert latent.at(target) == pytest.approx(pointer + (before - pointer) * zoom, abs=1)  # what lies under the pointer stays there
    assert latent.tell("map.index.inside") <= 400
    assert latent.tell("map.dots.pictures") == 1
    latent.over.focus()
    latent.page.keyboard.press("0")
    latent.settle()
    assert latent.tell("map.index.inside") == COUNT
    until(lambda: latent.tell("map.dots.pictures") == 0, "dots again")
    latent.page.get_by_role("button", name="Pictures instead of dots").click()
    until(lambda: latent.tell("map.dots.pictures") == 1, "pictures everywhere")
    latent.over.focus()
    before = latent.at(0)
    latent.page.keyboard.press("ArrowRight")
    latent.page.keyboard.press("ArrowDown")
    latent.settle()
    assert latent.at(0) == pytest.approx((before[0] - 60, before[1] - 60), abs=0.6)
    for _ in range(3):
        latent.page.keyboard.press("ArrowRight")
        latent.page.keyboard.press("+")
        latent.settle()
    seen = latent.tell("[...map.order].map((i) => Math.hypot(map.view.sx[i] - map.view.width / 2, map.view.sy[i] - map.view.height / 2))")
    nearest = latent.tell(f"map.order[{int(np.argmin(seen))}]")
    latent.page.keyboard.press("Enter")
    latent.heard(nearest, 0)
    assert "points" in (latent.over.get_attribute("aria-label") or "")


def test_a_running_map_moves_until_it_is_done_and_glides_into_three_dimensions(server: Server, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: "positions.bin" in request.url and asked.append(request.url))
    latent = Map(page, server, "&live=glides&backwards=1")
    until(lambda: "iterations" in page.locator(".status").inner_text() or latent.tell("map.isDone"), "iterations are counted")
    until(lambda: latent.tell("map.isDone"), "the map is done")
    count = len(asked)
    assert count >= 4
    latent.settle()
    assert latent.at(5) == pytest.approx(latent.spot(*places(COUNT, 2)[5]), abs=0.6)
    expect(page.locator(".status")).to_have_text("2,000 points")
    page.mouse.click(*latent.at(5))
    until(lambda: latent.tell("map.picked") >= 0, "a point is picked")
    picked = latent.tell("map.picked")
    latent.heard(picked, 0)
    expect(page.locator(".card span")).to_have_text(f"No. {COUNT - 1 - picked:,}")
    assert page.locator(".card canvas").evaluate(PIXELS) == pictures(COUNT)[0][COUNT - 1 - picked, 0].ravel().tolist()
    assert len(asked) == count  # nothing is asked for after the end, nor by a rerun

    page.get_by_role("button", name="Other map").click()
    until(lambda: latent.tell("map.view.dims") == 3, "the map has three dimensions")
    latent.settle()
    assert latent.tell("map.picked") == picked
    box = latent.over.bounding_box() or {}
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 325, steps=4)
    page.mouse.up()
    latent.settle()
    camera = latent.tell("map.view.camera")
    assert camera["yaw"] == pytest.approx(0.6 + 0.8)
    assert camera["pitch"] == pytest.approx(0.35 + 0.2)
    page.get_by_role("button", name="Closer").click()
    latent.settle()
    assert latent.tell("map.view.camera.zoom") == pytest.approx(1.6)


def test_fingers_tap_and_pinch(server: Server, new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)
    latent = Map(context.new_page(), server)
    assert latent.over.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"  # with all in view a finger scrolls the page
    top = int(np.argmax(places(COUNT, 2)[:, 1]))
    latent.page.touchscreen.tap(*latent.at(top))
    latent.heard(top, 0)
    expect(latent.page.locator(".card")).to_be_visible()
    (x, y), fingers = latent.spot(0, 0), context.new_cdp_session(latent.page)
    for kind, reach in [("touchStart", 30), ("touchMove", 45), ("touchMove", 60), ("touchMove", 90), ("touchEnd", 0)]:
        points = [{"x": x - reach, "y": y, "id": 0}, {"x": x + reach, "y": y, "id": 1}] if reach else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    latent.settle()
    assert latent.tell("map.view.camera.zoom") == pytest.approx(3, rel=0.05)
    assert latent.over.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
