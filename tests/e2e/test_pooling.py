"""Pooling in a browser: cells are typed into, steps are taken, and the numbers on the board are those of
aecore.worked_examples.pooling.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.worked_examples.pooling import Trace, Way, follow
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
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
    expect(page.locator(".board[data-step]")).to_have_attribute("data-step", "0")
    press(page, "Result")


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
    return page.locator(".board").evaluate(
        "board => board.getRootNode().activeElement?.getAttribute('aria-label') ?? ''"
    )


def say(page: Page) -> str:
    return page.locator(".board .say").inner_text()


def shows(page: Page, trace: Trace) -> bool:
    """Whether every grid of the result holds the trace's numbers."""
    expected = {
        "image": trace.image,
        "pooled": trace.pooled,
        "switches": trace.switches,
        "unpooled": trace.unpooled,
        "sums": trace.deconvolution.total,
    }
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
    press(page, "Result")
    expect_trace(page, image)


@pytest.mark.long
def test_examples_sizes_ways_kernels_and_real_digits(server: Server, page: Page) -> None:
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
    pick(page, "A drawn 2")
    expect_trace(page, IMAGES["Drawn two"], "stride", kernel)
    pick(page, "Random")
    until(lambda: address(page, "image") != as_text(np.array(IMAGES["Drawn two"], float)), "another image is drawn")
    expect_trace(page, from_text(address(page, "image") or "", "image"), "stride", kernel)
    assert address(page, "kernel") == "1_1_1~1_-2_1~1_1_1"
    expect(page.locator(".answers figure")).to_have_count(4)
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
    page.set_viewport_size({"width": 390, "height": 844})
    until(
        lambda: (
            page.evaluate(
                "(() => { const m = document.querySelector('[data-testid=stMain]'); "
                "return m.scrollWidth - m.clientWidth; })()"
            )
            <= 1
        ),
        "it fits a telephone",
    )
    page.set_viewport_size({"width": 1280, "height": 900})
