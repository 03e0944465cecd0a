"""Walks through the latent space in a browser: the pad under mouse and keys, the sliders,
the films, against decoding of our own.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from aecore.latent.code_set import CodeSet, code_set
from aecore.latent.paths import even_axis, on_axis, plane_of_directions
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.waiting import until
from ui.screens.latent.walk_start import painted

PIXELS = (
    "canvas => [canvas.width, [...canvas.getContext('2d').getImageData(0, 0, canvas.width, "
    "canvas.height).data].filter((_, k) => k % 4 === 0)]"
)
HEADING = "Map of the latent space"
QUERY = "network=digits&points=500&method=PCA&panel=Walk"


@pytest.fixture
def found(server: Server) -> CodeSet:
    store = RunStore(server.runs)
    return code_set(store, find_trained_model(store, "digits"), "", 500)


def shown(page: Page, of: str) -> np.ndarray:
    """The picture that has been painted, (8, 8)."""
    width, values = page.locator(f"{of} .made canvas").evaluate(PIXELS)
    return np.array(values).reshape(-1, width)


def decoded(server: Server, code: np.ndarray) -> np.ndarray:
    """The same picture, by way of our own."""
    return painted(find_trained_model(RunStore(server.runs), "digits"), code[None].astype(np.float32))[0, 0].astype(int)


def is_shown(page: Page, of: str, picture: np.ndarray) -> bool:
    """Whether it is on screen; a shade may be rounded the other way."""
    now = shown(page, of)
    return now.shape == picture.shape and int(np.abs(now - picture).max()) <= 1


def address(page: Page, name: str) -> str:
    """What the address says under a name."""
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get(name, [""])[0]


@pytest.mark.long
def test_pad_and_sliders_decode_and_their_links_bring_the_code_back(server: Server, page: Page, found: CodeSet) -> None:
    go(page, f"{server.url}/latent?{QUERY}&walk=Over+a+plane&point=7", HEADING)
    plane = plane_of_directions(found.codes[7], found.codes)
    places, home = plane.places(found.codes), plane.places(found.codes[7:8])[0]
    axes = [even_axis(places[:, axis], float(home[axis])) for axis in (0, 1)]
    until(
        lambda: page.locator(".pad").count() and is_shown(page, ".pad", decoded(server, found.codes[7])),
        "it begins at the picked example",
    )
    wait_idle(page)
    board = page.locator(".pad .plane")
    board.scroll_into_view_if_needed()

    size = board.bounding_box() or {}
    quarter = {"x": 0.25 * size["width"], "y": 0.25 * size["height"]}
    board.hover(position=quarter)  # the page may still move: places are those of the pad
    marker = until(lambda: page.locator(".pad .marker").bounding_box(), "there is a marker")
    now = board.bounding_box() or {}
    assert marker["x"] + marker["width"] / 2 == pytest.approx(
        now["x"] + quarter["x"], abs=2
    )  # at once, whatever the server does
    spot = np.array([on_axis(axes[0], np.array(0.25)), on_axis(axes[1], np.array(0.75))])
    until(lambda: is_shown_near(page, server, plane, spot, axes), "what lies under the mouse is painted")
    board.click(position=quarter)
    kept = until(lambda: address(page, "spot"), "the address keeps the place")
    assert np.array(kept.split(","), float) == pytest.approx(spot, abs=0.01 * float(np.ptp(axes[0])))

    page.mouse.move(5, 5)
    board.focus()
    for key in ("ArrowRight", "Shift+ArrowUp"):
        board.press(key)
    moved = spot + np.array([0.02 * np.ptp(axes[0]), 0.1 * np.ptp(axes[1])])
    until(lambda: is_shown_near(page, server, plane, moved, axes), "keys move the marker")
    until(
        lambda: (
            np.array(address(page, "spot").split(","), float) == pytest.approx(moved, abs=0.01 * float(np.ptp(axes[0])))
        ),
        "the address follows",
    )
    before = shown(page, ".pad")
    page.reload()
    until(
        lambda: page.locator(".pad").count() and np.abs(shown(page, ".pad") - before).max(initial=0) <= 3,
        "the link brings it back",
    )
    page.get_by_role("button", name="Back to the point").click()
    until(lambda: is_shown(page, ".pad", decoded(server, found.codes[7])), "the button brings the example back")

    go(page, f"{server.url}/latent?{QUERY}&walk=Turn+its+numbers&point=7", HEADING)
    slider = page.locator(".sliders").get_by_role("slider").first
    number = int(re.sub(r"\D", "", slider.get_attribute("aria-label") or ""))
    assert number - 1 == int(found.codes.var(0).argmax())
    slider.press("End")
    code = found.codes[7].copy()
    code[number - 1] = max(np.percentile(found.codes[:, number - 1], 99), code[number - 1])
    until(lambda: is_shown(page, ".sliders", decoded(server, code)), "the picture follows the thumb")
    until(lambda: address(page, "code").startswith(f"7,{number}:"), "the address has the number")
    page.reload()
    until(
        lambda: (
            page.locator(".sliders").count()
            and np.abs(shown(page, ".sliders") - decoded(server, code)).max(initial=0) <= 3
        ),
        "the link brings it back",
    )
    page.get_by_role("button", name="Back to the point").click()
    until(lambda: not address(page, "code"), "the address forgets it")


def is_shown_near(page: Page, server: Server, plane: object, spot: np.ndarray, axes: list[np.ndarray]) -> bool:
    """Whether what lies there is on screen; the mouse stands on whole pixels."""
    place = page.locator(".pad .place").inner_text().split("·")
    exact = np.array(place, float)
    if np.abs((exact - spot) / [np.ptp(axis) for axis in axes]).max() > 0.01:
        return False
    return bool(np.abs(shown(page, ".pad") - decoded(server, plane.codes(exact[None])[0])).max() <= 4)  # type: ignore[attr-defined]


def test_a_way_plays_stops_at_a_step_and_is_saved(server: Server, page: Page, found: CodeSet, tmp_path: Path) -> None:
    go(
        page,
        f"{server.url}/latent?{QUERY}&walk=From+example+to+example&path=7,20&path-steps=4",
        "Map of the latent space",
    )
    film = page.locator(".film")
    until(lambda: film.locator(".cell").count() == 15, "three films of five pictures")
    film.get_by_role("slider").scroll_into_view_if_needed()
    until(lambda: len({film.get_by_role("slider").input_value() for _ in range(20)}) > 1, "it plays")
    film.locator(".cell").nth(2).click()
    expect(film.locator("output")).to_have_text("step 2 of 4")
    middle = decoded(server, (found.codes[7] + found.codes[20]) / 2)
    width, values = film.locator(".screens canvas").first.evaluate(PIXELS)
    assert np.abs(np.array(values).reshape(-1, width) - middle).max() <= 1
    wait_idle(page)  # a run of the page gives its downloads other names
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the GIF").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.name == "path-7-20-linear.gif"
    assert Image.open(path).n_frames == 8
