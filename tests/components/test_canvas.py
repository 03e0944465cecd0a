"""The sheet: drawing with mouse, finger, pen and keys, rubbing out and smearing, and what Python gets of it."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.components.bare import DESKTOP, PHONE, TABLET, Bare, Finger, middle, told
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.components import canvas as component
from ui.components.canvas import Sheet

EMPTY = Sheet("empty", np.zeros((1, 112, 112), np.uint8), "Sheet to draw on", radius=5.0)
ROWS = np.linspace(40, 255, 28, dtype=np.uint8)
PICTURE = Sheet(
    "picture",
    np.broadcast_to(ROWS[None, :, None], (1, 28, 28)).copy(),
    "Picture 1, to be damaged",
    tools=("erase", "smudge", "draw"),
    radius=1.3,
    side=280,
)
INK = (
    "s => s.getContext('2d').getImageData(0, 0, s.width, s.height).data.filter((v, i) => i % 4 === 0 && v > 127).length"
)


def open_sheet(open_bare: OpenBare, sheet: Sheet = EMPTY, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("canvas", told(component, lambda: component.canvas(sheet, "sheet")), looks=looks)
    expect(bare.find("canvas.sheet")).to_be_visible()
    return bare


def draw(bare: Bare, *points: tuple[float, float]) -> None:
    """One stroke of the mouse on the sheet, in shares of its sides."""
    for index, (u, v) in enumerate(points):
        bare.page.mouse.move(*middle(bare.find("canvas.sheet"), u, v), steps=6 if index else 1)
        if index == 0:
            bare.page.mouse.down()
    bare.page.mouse.up()


def ink(bare: Bare) -> int:
    """Bright pixels on the sheet."""
    return bare.find("canvas.sheet").evaluate(INK)


def drawn(bare: Bare, sheet: Sheet = EMPTY) -> np.ndarray:
    """What Python has got last, (H, W)."""
    said = bare.said("drawing")[-1]
    assert said["revision"] == sheet.revision
    return np.frombuffer(base64.b64decode(said["pixels"]), np.uint8).reshape(sheet.start.shape)[0]


def test_strokes_are_told_undone_and_started_over(open_bare: OpenBare) -> None:
    bare = open_sheet(open_bare)
    expect(bare.page.get_by_role("button", name="Undo")).to_be_disabled()
    draw(bare, (0.3, 0.2), (0.7, 0.2), (0.4, 0.85))
    first, before = drawn(bare), ink(bare)
    assert first[int(0.2 * 112), 56] == 255, "there is ink where the pen went"
    assert first[5:15, 90:].max() == 0
    draw(bare, (0.2, 0.5), (0.8, 0.5))
    assert ink(bare) > before
    assert (drawn(bare) >= first).all()
    bare.page.get_by_role("button", name="Undo").click()
    assert (drawn(bare) == first).all()
    bare.page.get_by_role("button", name="Start over").click()
    assert drawn(bare).max() == 0
    assert ink(bare) == 0
    bare.page.get_by_role("button", name="Undo").click()
    assert (drawn(bare) == first).all(), "starting over is taken back too"


def test_the_arrow_keys_draw(open_bare: OpenBare) -> None:
    bare = open_sheet(open_bare)
    sheet = bare.find("canvas.sheet")
    sheet.focus()
    for key in ("ArrowDown", "Space", *["ArrowRight"] * 6, "Space"):
        sheet.press(key)
    until(
        lambda: bare.said("drawing") and drawn(bare)[60, 56:78].min() > 200,
        "a line to the right of the middle, one step below it",
    )
    assert drawn(bare)[60, :48].max() == 0
    sheet.press("Control+z")
    assert drawn(bare).max() == 0


def test_a_finger_draws_a_line_a_dot_and_nothing_more(open_bare: OpenBare) -> None:
    bare = open_sheet(open_bare, looks=PHONE)
    sheet, finger = bare.find("canvas.sheet"), Finger(bare.page)
    finger.tap(*middle(sheet))
    until(lambda: bare.said("drawing"), "the dot is told")
    rows, columns = np.nonzero(drawn(bare) > 200)
    assert (rows.mean(), columns.mean()) == pytest.approx((55.5, 55.5), abs=1)
    dot = drawn(bare)
    finger.down(middle(sheet, 0.5, 0.1))
    for v in (0.3, 0.6, 0.9):
        finger.move(middle(sheet, 0.5, v))
    finger.up()
    until(lambda: drawn(bare)[int(0.9 * 112), 56] == 255, "the line is told")
    assert drawn(bare)[:, 75:].max() == 0
    assert (drawn(bare) >= dot).all()


@pytest.mark.parametrize("pointer", ["mouse", "finger"])
def test_a_stroke_stays_where_it_began_whatever_the_page_does_meanwhile(open_bare: OpenBare, pointer: str) -> None:
    bare = open_sheet(open_bare, looks=TABLET if pointer == "finger" else DESKTOP)
    x, top = middle(bare.find("canvas.sheet"), 0.5, 0.2)
    _, bottom = middle(bare.find("canvas.sheet"), 0.5, 0.8)
    finger, mouse = Finger(bare.page), bare.page.mouse
    if pointer == "finger":
        finger.down((x, top))
    else:
        mouse.move(x, top)
        mouse.down()
    for step in range(1, 7):
        if step == 3:
            bare.page.evaluate(
                "document.querySelector('#above').style.height = '96px'"
            )  # something appears above the sheet
        y = top + step * (bottom - top) / 6
        finger.move((x, y)) if pointer == "finger" else mouse.move(x, y)
    finger.up() if pointer == "finger" else mouse.up()
    line = drawn(bare)[:, 56]
    assert np.flatnonzero(line > 127).tolist() == list(
        range(np.flatnonzero(line > 127)[0], np.flatnonzero(line > 127)[-1] + 1)
    ), "one line without a gap"
    assert (np.flatnonzero(line > 127)[[0, -1]] / 112) == pytest.approx([0.2, 0.8], abs=0.06)


def test_the_page_grows_no_shorter_while_somebody_draws(open_bare: OpenBare) -> None:
    bare = open_sheet(open_bare)
    main, sheet = "document.querySelector('[data-testid=stMain]')", bare.find("canvas.sheet")
    bare.page.evaluate(
        "document.querySelector('#above').style.height = '700px'; "
        "document.querySelector('#below').style.height = '400px'"
    )
    bare.page.evaluate(f"{main}.scrollTo(0, 1e6)")
    before = sheet.bounding_box()
    draw(bare, (0.4, 0.4), (0.6, 0.4))
    bare.page.evaluate("document.querySelector('#below').style.height = '0'")  # what stood there is gone
    assert sheet.bounding_box() == before, "the sheet is where it was"
    draw(bare, (0.4, 0.6), (0.6, 0.6))
    rows = np.flatnonzero(drawn(bare)[:, 56] > 127)
    assert (rows.min() / 112, rows.max() / 112) == pytest.approx((0.4, 0.6), abs=0.07)
    bare.page.evaluate(f"{main}.scrollTo(0, 0)")
    length = f"{main}.scrollHeight - {main}.clientHeight"
    until(lambda: bare.page.evaluate(length) < 400, "once it is out of sight the page is as long as what is on it")


def test_a_picture_is_erased_smeared_and_drawn_on(open_bare: OpenBare) -> None:
    bare = open_sheet(open_bare, PICTURE)
    draw(bare, (0.5, 0.1), (0.5, 0.9))
    erased = drawn(bare, PICTURE).astype(int)
    assert erased[4:24, 13:15].max() == 0
    assert (erased[:, :10] == PICTURE.start[0, :, :10]).all()
    bare.page.get_by_role("button", name="Smudge").click()
    expect(bare.find(".hint")).to_contain_text("smear")
    draw(bare, (0.2, 0.2), (0.2, 0.8))
    smeared = drawn(bare, PICTURE).astype(int)
    assert smeared[20, 5] < erased[20, 5] - 5, "what was dark above has been pulled down"
    bare.page.get_by_role("button", name="Draw").click()
    draw(bare, (0.8, 0.1), (0.8, 0.3))
    assert drawn(bare, PICTURE)[5, 22] == 255
    bare.page.get_by_role("button", name="Start over").click()
    assert (drawn(bare, PICTURE) == PICTURE.start[0]).all()


def test_what_was_drawn_before_is_there_again_and_another_sheet_is_another(open_bare: OpenBare) -> None:
    before = EMPTY.start.copy()
    before[0, 40:60, 40:60] = 255
    bare = open_sheet(open_bare, Sheet("again", EMPTY.start, "Sheet", drawn=before, radius=5.0))
    assert ink(bare) == 400
    bare.show(told(component, lambda: component.canvas(EMPTY, "sheet")))
    assert ink(bare) == 0
    draw(bare, (0.5, 0.5), (0.6, 0.5))
    here = ink(bare)
    bare.show(told(component, lambda: component.canvas(EMPTY, "sheet")))
    assert ink(bare) == here, "the same sheet keeps what is being drawn"
