"""The map over points whose places are known: what is pointed at, picked, circled, hidden, zoomed into and turned."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.components.bare import PHONE, Finger
from tests.components.conftest import OpenBare
from tests.components.map_points import pictures, places
from tests.components.maps import COUNT, Map, Python
from tests.waiting import until

PIXELS = (
    "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, "
    "canvas.height).data].filter((_, k) => k % 4 === 0)"
)


@pytest.fixture
def latent(open_bare: OpenBare) -> Map:
    return Map(open_bare)


def test_a_point_shows_its_picture_is_picked_found_and_left(latent: Map) -> None:
    digits, labels = pictures(COUNT)
    lonely = int(np.argmax(places(COUNT, 2)[:, 0]))  # the rightmost point: nothing lies over it
    assert latent.at(lonely) == pytest.approx(latent.spot(*places(COUNT, 2)[lonely]), abs=0.6)
    latent.page.mouse.move(*latent.at(lonely))
    card = latent.bare.find(".card")
    expect(card).to_be_visible()
    expect(card.locator("b")).to_have_text(str(labels[lonely]))
    expect(card.locator("span")).to_have_text(f"No. {lonely:,}")
    assert card.locator("canvas").evaluate(PIXELS) == digits[lonely, 0].ravel().tolist()
    latent.page.mouse.click(*latent.at(lonely))
    latent.heard(lonely, 0)
    until(
        lambda: latent.tell("map.picked === map.wanted && map.data.linked.length") == 5, "lines go to five neighbours"
    )

    for _ in range(6):
        latent.page.mouse.wheel(0, -200)
    latent.settle()
    latent.python.picked = 1234
    latent.show()
    until(lambda: latent.tell("map.picked") == 1234, "the ring is around the point that was searched")
    latent.settle()
    x, y = latent.tell("[map.view.sx[1234] / map.view.width, map.view.sy[1234] / map.view.height]")
    assert 0.05 < x < 0.95, x
    assert 0.05 < y < 0.95, y

    latent.python.has_own = True
    latent.show()
    until(
        lambda: latent.tell("map.view.total") == COUNT + 1 and latent.tell("Boolean(map.marks[0].image)"),
        "the own point has its picture",
    )
    latent.over.focus()
    latent.page.keyboard.press("Escape")
    latent.heard(None, 0)


def test_boxes_lassos_and_the_legend_select_and_hide_what_lies_there(latent: Map) -> None:
    found, labels = places(COUNT, 2), pictures(COUNT)[1]
    latent.page.get_by_role("button", name=re.compile("Box")).click()
    latent.drag((5.05, -3.03), (13.97, 3.02))
    box = np.flatnonzero((found[:, 0] > 5.05) & (found[:, 0] < 13.97) & (found[:, 1] > -3.03) & (found[:, 1] < 3.02))
    latent.heard(None, len(box))
    assert latent.python.selected.tolist() == box.tolist()
    expect(latent.bare.find(".chosen")).to_contain_text(f"{len(box)} selected")

    latent.page.keyboard.down("Shift")  # a lasso, whatever tool is chosen; Control adds
    latent.page.keyboard.down("Control")
    latent.drag((-13, -3), (-6, 0), (-13, 3))
    latent.page.keyboard.up("Control")
    latent.page.keyboard.up("Shift")
    inside = np.flatnonzero((found[:, 0] > -13) & (np.abs(found[:, 1]) < 3 * (-6 - found[:, 0]) / 7))
    both = np.union1d(box, inside)
    assert len(both) > len(box) + 50
    latent.heard(None, len(both))
    assert latent.python.selected.tolist() == both.tolist()

    latent.python.is_isolated = True
    latent.show()
    until(lambda: latent.tell("map.order.length") == len(both), "only the selected are drawn")
    expect(latent.bare.find(".status")).to_have_text(f"{len(both)} of 2,000 points")
    latent.python.is_isolated = False
    latent.show()
    until(lambda: latent.tell("map.order.length") == COUNT, "all are drawn again")
    latent.page.get_by_role("button", name="Select nothing").click()
    latent.heard(None, 0)

    legend = latent.bare.find(".legend")
    legend.locator('[data-level="0"]').click()
    assert latent.tell("map.order.length") == (labels != 0).sum()
    latent.drag((5.05, -3.03), (13.97, 3.02))  # hidden points are not selected
    latent.heard(None, int((labels[box] != 0).sum()))
    legend.locator('[data-level="7"]').dblclick()
    assert latent.tell("[...map.order].map((i) => map.levels[i])") == [7] * int((labels == 7).sum())
    legend.locator('[data-level="7"]').focus()
    latent.page.keyboard.press("Shift+Enter")
    assert latent.tell("map.order.length") == COUNT


@pytest.mark.long
def test_wheel_and_keys_zoom_into_pictures_and_pick(latent: Map) -> None:
    assert latent.tell("map.dots.pictures") == 0
    target = 321
    before = np.array(latent.at(target))
    pointer = np.round(before)
    latent.page.mouse.wheel(
        0, -200
    )  # the page may be scrolling by: without a mouse that moves on the map nothing zooms
    latent.page.mouse.move(*(pointer - 30))
    latent.page.mouse.move(*pointer, steps=3)
    for _ in range(12):
        latent.page.mouse.wheel(0, -200)
    latent.settle()
    zoom = latent.tell("map.view.camera.zoom")
    assert zoom == pytest.approx(np.exp(12 * 200 * 0.0022))
    assert latent.at(target) == pytest.approx(
        pointer + (before - pointer) * zoom, abs=1
    )  # what lies under the pointer stays there
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
    seen = latent.tell(
        "[...map.order].map((i) => Math.hypot(map.view.sx[i] - map.view.width / 2, "
        "map.view.sy[i] - map.view.height / 2))"
    )
    nearest = latent.tell(f"map.order[{int(np.argmin(seen))}]")
    latent.page.keyboard.press("Enter")
    latent.heard(nearest, 0)
    assert "points" in (latent.over.get_attribute("aria-label") or "")


@pytest.mark.long
def test_a_running_map_moves_until_it_is_done_and_glides_into_three_dimensions(open_bare: OpenBare) -> None:
    latent = Map(open_bare, Python(is_live=True, is_backwards=True))
    page, python, status = latent.page, latent.python, latent.bare.find(".status")
    until(lambda: "iterations" in status.inner_text() or latent.tell("map.isDone"), "iterations are counted")
    until(lambda: latent.tell("map.isDone"), "the map is done")
    count = python.asked
    assert count >= 4
    latent.settle()
    assert latent.at(5) == pytest.approx(latent.spot(*places(COUNT, 2)[5]), abs=0.6)
    expect(status).to_have_text("2,000 points")
    page.mouse.click(*latent.at(5))
    until(lambda: latent.tell("map.picked") >= 0, "a point is picked")
    picked = latent.tell("map.picked")
    latent.heard(picked, 0)
    expect(latent.bare.find(".card span")).to_have_text(f"No. {COUNT - 1 - picked:,}")
    assert (
        latent.bare.find(".card canvas").evaluate(PIXELS) == pictures(COUNT)[0][COUNT - 1 - picked, 0].ravel().tolist()
    )
    assert python.asked == count  # nothing is asked for after the end, nor when Python has run

    python.dims = 3
    latent.show()
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
    assert python.picked == picked, "the click that ends a drag picks nothing"
    page.get_by_role("button", name="Closer").click()
    latent.settle()
    assert latent.tell("map.view.camera.zoom") == pytest.approx(1.6)


def test_a_scale_has_a_bar_and_no_groups_to_hide(open_bare: OpenBare) -> None:
    latent = Map(open_bare, Python(has_scale=True))
    legend = latent.bare.find(".legend")
    expect(legend).to_contain_text("Distance from the middle")
    expect(legend).to_contain_text("14.2")
    expect(legend.locator("button")).to_have_count(0)


def test_fingers_tap_and_pinch(open_bare: OpenBare) -> None:
    latent = Map(open_bare, looks=PHONE | {"device_scale_factor": 2})
    assert (
        latent.over.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
    )  # with all in view a finger scrolls the page
    top, finger = int(np.argmax(places(COUNT, 2)[:, 1])), Finger(latent.page)
    finger.down(latent.at(top))
    latent.page.evaluate("true")
    assert latent.tell("map.picked") == -1, "nothing is picked before the finger is lifted"
    finger.up()
    latent.heard(top, 0)
    expect(latent.bare.find(".card")).to_be_visible()
    assert len(latent.bare.said("picked")) == 1
    x, y = latent.spot(0, 0)
    finger.down((x - 30, y), (x + 30, y))
    for reach in (45, 60, 90):
        finger.move((x - reach, y), (x + reach, y))
    finger.up()
    latent.settle()
    assert latent.tell("map.view.camera.zoom") == pytest.approx(3, rel=0.05)
    assert latent.over.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    assert len(latent.bare.said("picked")) == 1, "pinching picks nothing"


def test_a_finger_that_scrolls_the_page_picks_nothing(open_bare: OpenBare) -> None:
    latent = Map(open_bare, looks=PHONE)
    x, y = latent.at(int(np.argmax(places(COUNT, 2)[:, 1])))
    finger = Finger(latent.page)
    finger.down((x, y))
    for way in (10, 30, 60):
        finger.move((x, y - way))
    finger.up()
    finger.down((x, y))
    finger.cancel()
    latent.page.evaluate("true")
    assert latent.bare.said("picked") == []
