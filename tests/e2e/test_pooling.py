"""Pooling in a browser: cells are typed into, steps are taken, and the numbers on the board are those of aecore.worked_examples.pooling."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.worked_examples.pooling import Trace, Way, follow
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until
from ui.screens.pooling.link import as_text, from_text

FIRST = "One per window"
COUNT_FLIGHTS = """() => {
  window.flown = 0;
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...given) { window.flown++; return animate.apply(this, given); };
}"""


def open_pooling(page: Page, server: Server, query: str = "") -> None:
    """Opens the page and waits for the board."""
    go(page, f"{server.url}/pooling{query}", "Pooling with switches")
    expect(page.locator(".board[data-step]")).to_be_visible()


def cell(page: Page, row: int, column: int, name: str = "Image") -> Locator:
    """A cell that can be typed into; rows and columns from 1."""
    return page.get_by_label(f"{name}, row {row}, column {column}", exact=True)


def written(values: np.ndarray) -> list[str]:
    """Numbers as the board writes them, at most two decimals and a true minus."""
    return [f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−") for value in values.ravel()]


def on_board(page: Page, grid: str) -> list[str]:
    """The texts of a grid's cells; the one with the focus shows its number as it is typed, with a plain minus."""
    read = "grid => [...grid.children].map(c => (c.value ?? c.textContent).replace('-', '−'))"
    return page.locator(f".stages .grid.{grid}").evaluate(read)


def address(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get(name, [None])[0]


def focused(page: Page) -> str:
    """The label of the cell that has the focus."""
    return page.locator(".board").evaluate("board => board.getRootNode().activeElement?.getAttribute('aria-label') ?? ''")


def say(page: Page) -> str:
    return page.locator(".board .say").inner_text()


def shows(page: Page, trace: Trace) -> bool:
    """Whether every grid of the result holds the trace's numbers."""
    expected = {"image": trace.image, "pooled": trace.pooled, "switches": trace.switches, "unpooled": trace.unpooled, "sums": trace.deconvolution.total}
    return all(on_board(page, grid) == written(values) for grid, values in expected.items())


def expect_trace(page: Page, image: object, way: Way = "switch", kernel: object = KERNELS["Tent"]) -> None:
    trace = follow(image, way, kernel)  # type: ignore[arg-type]
    until(lambda: shows(page, trace), "the board shows the numbers of this image")


def test_the_first_example_comes_back_exactly_and_an_edited_cell_changes_everything(server: Server, page: Page) -> None:
    open_pooling(page, server)
    image = np.array(IMAGES[FIRST], float)
    expect_trace(page, image)
    assert "exactly" in say(page)
    cell(page, 1, 1).click()
    page.keyboard.type("9.5")
    page.keyboard.press("Enter")
    image[0, 0] = 9.5
    expect_trace(page, image)
    assert "1 of 16 cells differ" in say(page)
    until(lambda: address(page, "image") == as_text(image), "the address has the number")
    page.reload()
    expect(page.locator(".board[data-step]")).to_be_visible()
    expect_trace(page, image)


def test_fast_typing_with_keys_alone_is_never_undone(server: Server, page: Page) -> None:
    open_pooling(page, server)
    cell(page, 1, 1).focus()
    for row in range(4):
        for column in range(4):
            page.keyboard.type(str(10 + 4 * row + column))
            page.keyboard.press("Tab" if column == 3 else "ArrowRight")
    expect_trace(page, np.arange(10, 26).reshape(4, 4))
    cell(page, 3, 3).focus()
    for key, label in (("ArrowUp", "row 2, column 3"), ("ArrowLeft", "row 2, column 2"), ("ArrowDown", "row 3, column 2"), ("Tab", "row 3, column 3")):
        page.keyboard.press(key)
        assert focused(page) == f"Image, {label}"
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    expect(cell(page, 3, 3)).to_have_value("20")


def test_what_is_no_number_or_too_large_is_refused_and_the_old_value_stays(server: Server, page: Page) -> None:
    open_pooling(page, server)
    refused = page.locator(".board .refused")
    for typed, why in (("abc", "“abc” is not a number"), ("1000001", "is beyond 1,000,000"), ("1e999", "is beyond"), ("", "an empty cell is no number")):
        cell(page, 1, 2).click()
        cell(page, 1, 2).fill(typed)
        page.keyboard.press("Enter")
        expect(refused).to_contain_text(why)
        expect(refused).to_contain_text("Image, row 1, column 2")
        expect(refused).to_contain_text("keeps its 5")
        expect(cell(page, 1, 2)).to_have_value("5")
    expect_trace(page, IMAGES[FIRST])
    cell(page, 1, 2).fill("−0,5")
    page.keyboard.press("Enter")
    expect(refused).to_be_hidden()
    image = np.array(IMAGES[FIRST], float)
    image[0, 1] = -0.5
    expect_trace(page, image)
    assert "one number below zero" in say(page)


def test_steps_forward_and_back_say_their_arithmetic_and_light_the_window(server: Server, page: Page) -> None:
    open_pooling(page, server)
    press(page, "Image")
    assert set(on_board(page, "pooled")) == {"·"}
    expect(page.get_by_role("button", name="One step back")).to_be_disabled()
    press(page, "One step forward")
    assert say(page) == "max(0, 5, 0, 0) = 5, found top right: switch 1, that is row 1, column 2."
    assert on_board(page, "pooled") == ["5", "·", "·", "·"]
    lit = page.locator(".grid.image .lit").evaluate_all("cells => cells.map(c => c.getAttribute('aria-label').slice(7))")
    assert lit == ["row 1, column 1", "row 1, column 2", "row 2, column 1", "row 2, column 2"]
    page.get_by_label("Step", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert on_board(page, "pooled")[:2] == ["5", "3"]
    press(page, "One step back")
    assert on_board(page, "pooled")[:2] == ["5", "·"]
    press(page, "Part 3 of 4")
    assert on_board(page, "part") == ["0"] * 12 + ["8", "0", "0", "0"]
    assert on_board(page, "sums") == written(follow(IMAGES[FIRST], "switch", KERNELS["Tent"]).deconvolution.sums[2])
    press(page, "Result")
    expect(page.get_by_role("button", name="One step forward")).to_be_disabled()
    expect(page.locator(".flier")).to_have_count(0)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_through_all_steps_and_can_be_paused(server: Server, new_page: NewPage, motion: str) -> None:
    page = new_page(reduced_motion=motion)
    open_pooling(page, server)
    page.evaluate(COUNT_FLIGHTS)
    page.get_by_label("Speed of playing").select_option("5")
    press(page, "Play")
    until(lambda: page.locator(".board").get_attribute("data-step") in ("2", "3", "4"), "it plays", every=0.02)
    press(page, "Pause")
    at = int(page.locator(".board").get_attribute("data-step") or -1)
    assert 2 <= at <= 6
    press(page, "3 Deconvolve")
    press(page, "One step back")
    press(page, "Play")
    until(lambda: page.locator(".board").get_attribute("data-step") == "13", "it arrives")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert (page.evaluate("window.flown") > 2) == (motion == "no-preference")


def test_examples_sizes_ways_and_kernels(server: Server, page: Page) -> None:
    open_pooling(page, server)
    pick(page, "Two in a window")
    expect_trace(page, IMAGES["Two in a window"])
    pick(page, "On the unpooled map")
    expect_trace(page, IMAGES["Two in a window"], "spread")
    pick(page, "Box")
    expect_trace(page, IMAGES["Two in a window"], "spread", KERNELS["Box"])
    cell(page, 2, 2, "Kernel").fill("-2")
    page.keyboard.press("Enter")
    kernel = [[1, 1, 1], [1, -2, 1], [1, 1, 1]]
    expect_trace(page, IMAGES["Two in a window"], "spread", kernel)
    pick(page, "On the pooled map")
    expect_trace(page, IMAGES["Two in a window"], "stride", kernel)
    pick(page, "6 × 6")
    expect_trace(page, np.pad(np.array(IMAGES["Two in a window"]), (0, 2)), "stride", kernel)
    pick(page, "Drawn two")
    expect_trace(page, IMAGES["Drawn two"], "stride", kernel)
    pick(page, "Random")
    until(lambda: address(page, "image") != as_text(np.array(IMAGES["Drawn two"], float)), "another image is drawn")
    expect_trace(page, from_text(address(page, "image") or "", "image"), "stride", kernel)
    assert address(page, "kernel") == "1_1_1~1_-2_1~1_1_1"
    expect(page.locator(".answers figure")).to_have_count(4)


def test_a_bad_link_gets_a_sentence_and_huge_numbers_a_sensible_board(server: Server, page: Page) -> None:
    open_pooling(page, server, "?image=1_2_x_4")
    expect(page.locator('[data-testid="stAlert"]')).to_contain_text("“x” is not a number")
    expect_trace(page, IMAGES[FIRST])
    row = "999999.5_-1e6_0_0"
    open_pooling(page, server, f"?way=On+the+pooled+map&image={row}~{row}~0_0_0_0~0_0_0_0&kernel=1e6_1e6_1e6~-1e6_1e6_0~0_0_0.001")
    board = page.locator(".board").inner_text()
    assert "1·10¹²" in board
    assert not {"NaN", "Infinity", "undefined", "null"} & set(board.split())


def test_real_digits_by_pytorch(server: Server, page: Page) -> None:
    open_pooling(page, server)
    assert page.locator("img[alt^='Unpooled']").count() == 0
    page.get_by_test_id("stCheckbox").get_by_text("Pool real digits").click()
    expect(page.locator("img[alt^='Deconvolved']")).to_have_count(3)
    wait_idle(page)
    expect(page.get_by_text("losing the switches costs")).to_be_visible()
    before = page.locator("img[alt^='Test digit']").first.get_attribute("src")
    page.get_by_label("Test digit", exact=True).fill("3")
    page.keyboard.press("Enter")
    until(lambda: page.locator("img[alt^='Test digit']").first.get_attribute("src") != before, "another digit is shown")
    assert address(page, "digit") == "3"
    assert address(page, "real") == "true"


def test_a_telephone_shows_the_board_without_scrolling_sideways(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark")
    open_pooling(page, server, f"?way=On+the+unpooled+map&image={as_text(np.ones((10, 10)))}&real=true")
    expect(page.locator("img[alt^='Deconvolved']")).to_have_count(3)
    assert page.evaluate("(() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; })()") <= 1
    board = page.locator(".board").bounding_box()
    grid = page.locator(".grid.image").bounding_box()
    assert board
    assert grid
    assert grid["x"] + grid["width"] <= board["x"] + board["width"]
    cell(page, 1, 1).tap()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    image = np.ones((10, 10))
    image[0, 0] = 4
    expect_trace(page, image, "spread")
