"""The pooling board: cells are typed into, steps are taken, and the numbers on it are those of aecore.pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from aecore.worked_examples.pooling import Trace, Way, follow
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from tests.components.bare import DESKTOP, PHONE, Bare, tops
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.screens.pooling.steps import board_data

FIRST = "One per window"
COUNT_FLIGHTS = """() => {
  window.flown = 0;
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...given) { window.flown++; return animate.apply(this, given); };
}"""


class Python:
    """The page's side of the board: an edit is followed through."""

    def __init__(self, image: object = IMAGES[FIRST], way: Way = "switch", kernel: object = KERNELS["Tent"]) -> None:
        self.image, self.way, self.kernel, self.serial = np.array(image, float), way, np.array(kernel, float), 0

    def hear(self, _: str, edit: dict[str, Any]) -> dict[str, Any]:
        """Somebody has typed."""
        self.image, self.kernel, self.serial = (
            np.array(edit["image"], float),
            np.array(edit["kernel"], float),
            edit["serial"],
        )
        return self.data()

    def trace(self) -> Trace:
        return follow(self.image, self.way, self.kernel)  # type: ignore[arg-type]

    def data(self) -> dict[str, Any]:
        """What the board is shown now."""
        return board_data(self.trace(), self.serial)


def open_board(open_bare: OpenBare, python: Python, looks: dict[str, Any] = DESKTOP) -> Bare:
    board = open_bare("pooling-board", python.data(), python.hear, looks=looks)
    expect(board.find(".board[data-step]")).to_have_attribute("data-step", "0")
    press(board, "Result")
    return board


def cell(board: Bare, row: int, column: int, name: str = "Image") -> Locator:
    """A cell that can be typed into; rows and columns from 1."""
    return board.page.get_by_label(f"{name}, row {row}, column {column}", exact=True)


def written(values: np.ndarray) -> list[str]:
    """Numbers as the board writes them, at most two decimals and a true minus."""
    return [f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−") for value in values.ravel()]


def on_board(board: Bare, grid: str) -> list[str]:
    """The texts of a grid's cells; the one with the focus shows its number as it is typed, with a plain minus."""
    return board.find(f".stages .grid.{grid}").evaluate(
        "grid => [...grid.children].map(c => (c.value ?? c.textContent).replace('-', '−'))"
    )


def focused(board: Bare) -> str:
    """The label of the cell that has the focus."""
    return board.find(".board").evaluate("board => board.getRootNode().activeElement?.getAttribute('aria-label') ?? ''")


def say(board: Bare) -> str:
    return board.find(".say").inner_text()


def press(board: Bare, name: str) -> None:
    board.page.get_by_role("button", name=name, exact=True).click()


def expect_trace(board: Bare, image: object, way: Way = "switch", kernel: object = KERNELS["Tent"]) -> None:
    """Waits until every grid of the result holds the numbers of this image."""
    trace = follow(image, way, kernel)  # type: ignore[arg-type]
    expected = {
        "image": trace.image,
        "pooled": trace.pooled,
        "switches": trace.switches,
        "unpooled": trace.unpooled,
        "sums": trace.deconvolution.total,
    }
    until(
        lambda: all(on_board(board, grid) == written(values) for grid, values in expected.items()),
        "the board shows the numbers of this image",
    )


def test_an_edited_cell_changes_everything(open_bare: OpenBare) -> None:
    python = Python()
    board = open_board(open_bare, python)
    image = np.array(IMAGES[FIRST], float)
    expect_trace(board, image)
    assert "exactly" in say(board)
    cell(board, 1, 1).click()
    board.page.keyboard.type("9.5")
    board.page.keyboard.press("Enter")
    image[0, 0] = 9.5
    expect_trace(board, image)
    assert "1 of 16 cells differ" in say(board)
    assert [each["image"] for each in board.said("edit")] == [image.tolist()]


@pytest.mark.long
def test_fast_typing_with_keys_alone_is_never_undone(open_bare: OpenBare) -> None:
    board = open_board(open_bare, Python())
    keyboard = board.page.keyboard
    cell(board, 1, 1).focus()
    for row in range(4):
        for column in range(4):
            keyboard.type(str(10 + 4 * row + column))
            keyboard.press("Tab" if column == 3 else "ArrowRight")
    expect_trace(board, np.arange(10, 26).reshape(4, 4))
    cell(board, 3, 3).focus()
    for key, label in (
        ("ArrowUp", "row 2, column 3"),
        ("ArrowLeft", "row 2, column 2"),
        ("ArrowDown", "row 3, column 2"),
        ("Tab", "row 3, column 3"),
    ):
        keyboard.press(key)
        assert focused(board) == f"Image, {label}"
    keyboard.type("77")
    keyboard.press("Escape")
    expect(cell(board, 3, 3)).to_have_value("20")


def test_an_answer_that_another_edit_has_overtaken_is_passed_over(open_bare: OpenBare) -> None:
    python = Python()
    board = open_board(open_bare, python)
    old = python.data()
    cell(board, 1, 1).fill("8")
    board.page.keyboard.press("Enter")
    image = np.array(IMAGES[FIRST], float)
    image[0, 0] = 8
    expect_trace(board, image)
    board.show(old)
    assert on_board(board, "image") == written(image)


def test_what_is_no_number_or_too_large_is_refused_and_the_old_value_stays(open_bare: OpenBare) -> None:
    board = open_board(open_bare, Python())
    refused = board.find(".refused")
    for typed, why in (
        ("abc", "“abc” is not a number"),
        ("1000001", "is beyond 1,000,000"),
        ("1e999", "is beyond"),
        ("", "an empty cell is no number"),
    ):
        cell(board, 1, 2).click()
        cell(board, 1, 2).fill(typed)
        board.page.keyboard.press("Enter")
        expect(refused).to_contain_text(why)
        expect(refused).to_contain_text("Image, row 1, column 2")
        expect(refused).to_contain_text("keeps its 5")
        expect(cell(board, 1, 2)).to_have_value("5")
    expect_trace(board, IMAGES[FIRST])
    cell(board, 1, 2).fill("−0,5")
    board.page.keyboard.press("Enter")
    expect(refused).to_be_hidden()
    image = np.array(IMAGES[FIRST], float)
    image[0, 1] = -0.5
    expect_trace(board, image)
    assert "one number below zero" in say(board)


def test_steps_forward_and_back_say_their_arithmetic_and_light_the_window(open_bare: OpenBare) -> None:
    board = open_board(open_bare, Python())
    press(board, "Image")
    assert set(on_board(board, "pooled")) == {"·"}
    expect(board.page.get_by_role("button", name="One step back")).to_be_disabled()
    press(board, "One step forward")
    assert say(board) == "max(0, 5, 0, 0) = 5, found top right: switch 1, that is row 1, column 2."
    assert on_board(board, "pooled") == ["5", "·", "·", "·"]
    lit = board.find(".grid.image .lit").evaluate_all("cells => cells.map(c => c.getAttribute('aria-label').slice(7))")
    assert lit == ["row 1, column 1", "row 1, column 2", "row 2, column 1", "row 2, column 2"]
    board.page.get_by_label("Step", exact=True).focus()
    board.page.keyboard.press("ArrowRight")
    assert on_board(board, "pooled")[:2] == ["5", "3"]
    press(board, "One step back")
    assert on_board(board, "pooled")[:2] == ["5", "·"]
    press(board, "Part 3 of 4")
    assert on_board(board, "part") == ["0"] * 12 + ["8", "0", "0", "0"]
    assert on_board(board, "sums") == written(follow(IMAGES[FIRST], "switch", KERNELS["Tent"]).deconvolution.sums[2])
    press(board, "Result")
    expect(board.page.get_by_role("button", name="One step forward")).to_be_disabled()
    expect(board.find(".flier")).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_through_all_steps_and_can_be_paused(open_bare: OpenBare, motion: str) -> None:
    board = open_board(open_bare, Python(), DESKTOP | {"reduced_motion": motion})
    board.page.evaluate(COUNT_FLIGHTS)
    board.page.get_by_label("Speed of playing").select_option("5")
    step = board.find(".board")
    press(board, "Play")
    until(lambda: step.get_attribute("data-step") in ("2", "3", "4"), "it plays", every=0.02)
    press(board, "Pause")
    assert 2 <= int(step.get_attribute("data-step") or -1) <= 6
    press(board, "3 Deconvolve")
    press(board, "One step back")
    press(board, "Play")
    until(lambda: step.get_attribute("data-step") == "13", "it arrives")
    expect(board.page.get_by_role("button", name="Play")).to_be_visible()
    assert (board.page.evaluate("window.flown") > 2) == (motion == "no-preference")


def test_other_images_ways_and_kernels_come_from_python_and_the_kernel_is_typed_into(open_bare: OpenBare) -> None:
    python = Python()
    board = open_board(open_bare, python)
    two = IMAGES["Two in a window"]
    for image, way, kernel in ((two, "switch", "Tent"), (two, "spread", "Tent"), (two, "spread", "Box")):
        python.image, python.way, python.kernel = np.array(image, float), way, np.array(KERNELS[kernel], float)
        board.show(python.data())
        expect_trace(board, image, way, KERNELS[kernel])
    cell(board, 2, 2, "Kernel").fill("-2")
    board.page.keyboard.press("Enter")
    kernel = [[1, 1, 1], [1, -2, 1], [1, 1, 1]]
    expect_trace(board, two, "spread", kernel)
    for image in (np.pad(np.array(two), (0, 2)), np.array(IMAGES["Drawn two"])):
        python.image, python.way = image.astype(float), "stride"
        board.show(python.data())
        expect_trace(board, image, "stride", kernel)
    expect(board.find(".answers figure")).to_have_count(4)


def test_huge_numbers_give_a_sensible_board(open_bare: OpenBare) -> None:
    image = np.zeros((4, 4))
    image[:2, :2] = [999999.5, -1e6]
    board = open_board(open_bare, Python(image, "stride", [[1e6, 1e6, 1e6], [-1e6, 1e6, 0], [0, 0, 0.001]]))
    text = board.find(".board").inner_text()
    assert "1·10¹²" in text
    assert not {"NaN", "Infinity", "undefined", "null"} & set(text.split())


@pytest.mark.long
def test_a_telephone_shows_the_board_without_scrolling_sideways_and_is_typed_on(open_bare: OpenBare) -> None:
    board = open_board(open_bare, Python(np.ones((10, 10)), "spread"), PHONE | {"color_scheme": "dark"})
    assert (
        board.page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); "
            "return m.scrollWidth - m.clientWidth; })()"
        )
        <= 1
    )
    frame, grid = board.find(".board").bounding_box(), board.find(".grid.image").bounding_box()
    assert frame
    assert grid
    assert grid["x"] + grid["width"] <= frame["x"] + frame["width"]
    cell(board, 1, 1).tap()
    board.page.keyboard.type("4")
    board.page.keyboard.press("Enter")
    image = np.ones((10, 10))
    image[0, 0] = 4
    expect_trace(board, image, "spread")


@pytest.mark.long
@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_button_moves_under_a_finger_that_steps(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    board = open_board(open_bare, Python(IMAGES["Two in a window"], "spread"), looks)
    press(board, "Image")
    before = tops(board.find(".board"), ".controls button")
    for _ in range(12):
        press(board, "One step forward")
        assert tops(board.find(".board"), ".controls button") == before
