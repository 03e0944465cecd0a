"""Films: they play there and back, stop at a step that is chosen, and say how far from the data each picture is."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import expect

from tests.components.bare import DESKTOP, PHONE, Bare, told
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.components import film as component
from ui.components.film import Row

COUNT = 5
STEPS = np.arange(COUNT, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 4, 6), np.uint8)
ROWS = (
    Row(
        "Decoded",
        "what the network paints",
        40 * STEPS,
        np.array([0.2, 0.9, 1.4, 2.8, 0.2]),
        np.array([0.1, 0.5, 0.97, 1.0, 0.1]),
    ),
    Row("Blended", "one picture laid over the other", 255 - 40 * STEPS),
)
STILL = DESKTOP | {"reduced_motion": "reduce"}
GREY = "canvas => canvas.getContext('2d').getImageData(2, 2, 1, 1).data[0]"


def data(revision: str = "one") -> dict[str, Any]:
    return told(component, lambda: component.film(ROWS, [(0, "No. 7"), (4, "No. 20")], revision, "film"))


def open_film(open_bare: OpenBare, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("film", data(), looks=looks)
    expect(bare.find(".cell")).to_have_count(2 * COUNT)
    return bare


def on_screen(bare: Bare) -> list[int]:
    """The grey of the large pictures."""
    return bare.find(".screens canvas").evaluate_all(f"all => all.map({GREY})")


def test_it_plays_there_and_back_and_stops_at_the_step_that_is_chosen(open_bare: OpenBare) -> None:
    bare = open_film(open_bare)
    seen: list[str] = []

    def has_turned() -> bool:
        seen.append(bare.find("input").input_value())
        return "4" in seen and seen[-1] < "4" and "1" in seen[seen.index("4") :]

    until(has_turned, "it goes to the end and comes back", every=0.02)
    bare.find(".cell").nth(2).click()
    expect(bare.find("output")).to_have_text("step 2 of 4")
    expect(bare.find(".film")).not_to_have_class("playing")
    assert on_screen(bare) == [80, 175]


def test_for_those_who_want_less_motion_it_stands_still_until_it_is_played(open_bare: OpenBare) -> None:
    bare = open_film(open_bare, STILL)
    expect(bare.find("output")).to_have_text("No. 7")
    assert on_screen(bare) == [0, 255]
    bare.page.get_by_role("button", name="Play or pause").click()
    until(lambda: bare.find("input").input_value() != "0", "it plays")
    bare.page.get_by_role("button", name="Play or pause").click()
    bare.find("input").press("End")
    expect(bare.find("output")).to_have_text("No. 20")
    assert on_screen(bare) == [160, 95]


def test_each_step_says_how_far_from_the_data_it_is(open_bare: OpenBare) -> None:
    bare = open_film(open_bare, STILL)
    assert bare.find(".bar i").evaluate_all("all => all.map(each => each.dataset.far)") == [
        "no",
        "no",
        "edge",
        "yes",
        "no",
    ]
    note = bare.find(".made em")
    for step, words in (
        (0, "0.2 ×"),
        (2, "1.4 × the usual distance to a real code: at the edge of the data"),
        (3, "off the data"),
    ):
        bare.find(".cell").nth(step).click()
        expect(note).to_contain_text(words)
    expect(bare.find(".real em")).to_have_text("one picture laid over the other")


def test_a_tap_on_a_step_moves_nothing_and_another_path_begins_anew(open_bare: OpenBare) -> None:
    bare = open_film(open_bare, PHONE | {"reduced_motion": "reduce"})
    cell = bare.find(".cell").nth(1)
    cell.scroll_into_view_if_needed()
    before = cell.bounding_box()
    for step in (1, 2, 3, 1):
        bare.find(".cell").nth(step).tap()
        assert cell.bounding_box() == before
    bare.show(data())
    expect(bare.find("output")).to_have_text("step 1 of 4")
    bare.show(data("two"))
    expect(bare.find("output")).to_have_text("No. 7")
