"""The pad: the marker follows mouse, finger and keys at once, what lies under it is decoded,
and a place is kept when it is let go.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from aecore.latent.paths import Plane, plane_of_numbers
from tests.components.bare import DESKTOP, PHONE, Bare, Finger, framed, middle, told
from tests.components.conftest import OpenBare
from tests.components.walks import AROUND, CODES, EXAMPLE, PICKED, Server, shows
from tests.waiting import until
from ui.components import code_pad as component
from ui.components.code_pad import Dots, Pad

PLANE: Plane = plane_of_numbers(CODES[EXAMPLE], 0, 2)
AXES = (np.array([-2.0, 2.0]), np.array([-1.0, 0.0, 3.0]))
"""The second one is uneven: half of the pad is for numbers below zero."""
DOTS = Dots(PLANE.places(CODES), (np.arange(len(CODES)) % 2).astype(np.uint8), ("#0072b2", "#d55e00"))


def data(revision: str = "one", spot: tuple[float, float] = (0.0, 0.0), **changes: Any) -> dict[str, Any]:
    pad = Pad(revision, PLANE, AXES, ("number 1", "number 3"), spot, (0.0, 0.0), DOTS, "", PICKED, AROUND)
    return told(component, lambda: component.code_pad(pad, "pad", lambda: None)) | changes


def open_pad(open_bare: OpenBare, server: Server, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("code-pad", data(), served=server.served(), looks=looks)
    until(lambda: shows(bare, CODES[EXAMPLE]), "it begins at the example")
    return bare


def code_at(first: float, third: float) -> np.ndarray:
    """The code at a place of the plane."""
    return PLANE.codes(np.array([[first, third]]))[0]


def kept(bare: Bare) -> list[list[float]]:
    return [each["spot"] for each in bare.said("kept")]


def marker(bare: Bare) -> tuple[float, float]:
    return middle(bare.find(".marker"))


def test_what_lies_under_the_mouse_is_decoded_and_a_click_keeps_the_place(open_bare: OpenBare) -> None:
    bare = open_pad(open_bare, Server())
    expect(bare.find(".say")).to_have_text("This is the code of a real example.")
    expect(bare.find(".real span")).to_have_text("No. 312 · no")
    spot = middle(bare.find(".plane"), 0.25, 0.25)
    bare.page.mouse.move(*spot)
    framed(bare.page)
    assert marker(bare) == pytest.approx(spot, abs=1.5), "at once, whatever the server does"
    until(lambda: shows(bare, code_at(-1, 1.5), within=3), "what lies under the mouse is painted")
    assert kept(bare) == []
    bare.page.mouse.click(*spot)
    assert kept(bare)[-1] == pytest.approx([-1, 1.5], abs=0.03)
    expect(bare.find(".place")).to_have_text(" · ".join(f"{value:.2f}" for value in kept(bare)[-1]))


def test_keys_move_the_marker_along_the_axes_and_the_button_brings_it_back(open_bare: OpenBare) -> None:
    bare = open_pad(open_bare, Server())
    bare.page.mouse.move(5, 5)
    board = bare.find(".plane")
    board.focus()
    board.press("ArrowRight")
    board.press("Shift+ArrowUp")
    assert kept(bare)[-1] == pytest.approx([0.08, 0.6])
    board.press("Shift+ArrowDown")
    board.press("Shift+ArrowDown")
    assert kept(bare)[-1] == pytest.approx([0.08, -0.2]), "below zero the same way is a shorter one"
    until(lambda: shows(bare, code_at(0.08, -0.2)), "what lies there is painted")
    assert "number 1 0.08, number 3 -0.20" in (board.get_attribute("aria-label") or "")
    bare.page.get_by_role("button", name="Back to the point").click()
    assert kept(bare)[-1] == [0, 0]
    until(lambda: shows(bare, CODES[EXAMPLE]), "the example is back")


@pytest.mark.parametrize("looks", [PHONE, DESKTOP | {"has_touch": True}], ids=["phone", "tablet"])
def test_a_finger_drags_the_marker_and_the_place_is_kept_when_it_is_lifted(
    open_bare: OpenBare, looks: dict[str, Any]
) -> None:
    bare = open_pad(open_bare, Server(), looks)
    bare.find(".plane").scroll_into_view_if_needed()
    before, finger = bare.find(".plane").bounding_box(), Finger(bare.page)
    finger.down(middle(bare.find(".plane"), 0.5, 0.5))
    for share in (0.4, 0.3, 0.25):
        finger.move(middle(bare.find(".plane"), share, 0.75))
    assert kept(bare) == []
    assert marker(bare) == pytest.approx(middle(bare.find(".plane"), 0.25, 0.75), abs=2)
    finger.up()
    until(lambda: kept(bare), "it is kept")
    assert kept(bare)[-1] == pytest.approx([-1, -0.5], abs=0.05)
    assert len(kept(bare)) == 1
    until(lambda: shows(bare, code_at(-1, -0.5), within=3), "what lies there is painted")
    assert bare.find(".plane").bounding_box() == before, "the pad has not moved under the finger"
    finger.tap(*middle(bare.find(".plane"), 0.98, 0.02))
    until(lambda: shows(bare, code_at(1.92, 2.88), within=6), "a tap goes there at once")
    expect(bare.find(".say")).to_contain_text("the usual")
    assert bare.find(".plane").bounding_box() == before, "nor by longer words"


def test_only_the_newest_place_is_asked_for_while_the_server_is_busy(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_pad(open_bare, server)
    asked = len(server.codes)
    for step in range(40):
        bare.page.evaluate(
            "([x, y]) => document.querySelector('#host').shadowRoot.querySelector('.pad').codePad.move([x, y])",
            [step / 40, 1],
        )
    until(lambda: shows(bare, code_at(39 / 40, 1)), "the last is painted")
    assert len(server.codes) - asked < 40


def test_another_example_begins_anew_and_the_same_one_keeps_the_place(open_bare: OpenBare) -> None:
    bare = open_pad(open_bare, Server())
    bare.page.mouse.click(*middle(bare.find(".plane"), 0.75, 0.5))
    bare.show(data())
    until(lambda: shows(bare, code_at(1, 0), within=3), "the place stays")
    bare.show(data("two", (-2.0, 3.0)))
    until(lambda: shows(bare, code_at(-2, 3)), "another one begins where it is told to")


def test_a_server_that_does_not_answer_is_said(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_pad(open_bare, server)
    server.is_down = True
    bare.page.mouse.click(*middle(bare.find(".plane"), 0.7, 0.7))
    expect(bare.find(".say")).to_have_text("The server does not answer. Reload the page to try again.")
