"""The sliders: each turns one number of the code, the picture follows, and only what is the visitor's own is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.components.bare import DESKTOP, PHONE, Bare, told, tops
from tests.components.conftest import OpenBare
from tests.components.walks import AROUND, CODES, EXAMPLE, PICKED, Server, shows
from tests.waiting import until
from ui.components import code_sliders as component
from ui.components.code_sliders import Number, Rack

START = CODES[EXAMPLE]


def data(revision: str = "one", values: dict[int, float] | None = None) -> dict[str, Any]:
    numbers = tuple(
        Number(index, -2.0, 3.0, (values or {}).get(index, float(START[index])), 0.25, 0.4 / (index + 1))
        for index in (2, 0, 1)
    )
    rack = Rack(revision, START, numbers, PICKED, AROUND)
    return told(component, lambda: component.code_sliders(rack, "sliders", lambda: None))


def open_sliders(
    open_bare: OpenBare,
    server: Server | None = None,
    looks: dict[str, Any] = DESKTOP,
    values: dict[int, float] | None = None,
) -> Bare:
    return open_bare("code-sliders", data(values=values), served=(server or Server()).served(), looks=looks)


def slider(bare: Bare, number: int) -> Locator:
    return bare.page.get_by_role("slider", name=f"Number {number}", exact=True)


def changed(start: np.ndarray, values: dict[int, float]) -> np.ndarray:
    code = start.copy()
    for index, value in values.items():
        code[index] = value
    return code


@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_slider_changes_one_number_and_the_button_takes_it_back(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    bare = open_sliders(open_bare, looks=looks)
    until(lambda: shows(bare, START), "it begins at the example")
    expect(bare.find(".say")).to_have_text("This is the code of a real example.")
    back = bare.page.get_by_role("button", name="Back to the point")
    expect(back).to_be_disabled()
    before = tops(bare.find(".sliders"), "input, button")
    slider(bare, 3).press("End")
    until(lambda: shows(bare, changed(START, {2: 3})), "the picture follows the thumb")
    assert bare.said("kept") == [{"revision": "one", "numbers": [[2, 3]]}]
    expect(bare.find(".made span")).to_have_text("1 number changed")
    slider(bare, 1).press("Home")
    until(lambda: shows(bare, changed(START, {2: 3, 0: -2})), "another number too")
    assert bare.said("kept")[-1]["numbers"] == [[2, 3], [0, -2]]
    assert tops(bare.find(".sliders"), "input, button") == before, "no slider moves under a finger"
    back.click()
    until(lambda: shows(bare, START), "the button takes it back")
    assert bare.said("kept")[-1]["numbers"] == []
    expect(back).to_be_disabled()


def test_a_double_click_puts_one_back_and_what_was_kept_is_there_again(open_bare: OpenBare) -> None:
    bare = open_sliders(open_bare, values={2: 1.5, 0: -1.0})
    until(lambda: shows(bare, changed(START, {2: 1.5, 0: -1})), "it begins as it was left")
    bare.find(".number").first.locator(".name").dblclick()
    until(lambda: shows(bare, changed(START, {0: -1})), "number 3 is back")
    assert bare.said("kept")[-1]["numbers"] == [[0, -1]]
    bare.show(data())
    until(lambda: shows(bare, changed(START, {0: -1})), "the same rack keeps what is set")
    bare.show(data("two"))
    until(lambda: shows(bare, START), "another begins anew")


def test_the_words_say_how_far_from_the_data_it_is(open_bare: OpenBare) -> None:
    bare = open_sliders(open_bare)
    for number in (1, 2, 3):
        slider(bare, number).press("End")
    expect(bare.find(".say")).to_contain_text("Off the data.")
    expect(bare.find(".say")).to_have_attribute("data-far", "yes")
    near = int(np.square(CODES - changed(START, {0: 3, 1: 3, 2: 3})).sum(1).argmin())
    expect(bare.find(".real span")).to_have_text(f"No. {near} · {AROUND.names[near % 3]}")


def test_a_server_that_does_not_answer_is_said(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_sliders(open_bare, server)
    until(lambda: shows(bare, START), "it begins at the example")
    server.is_down = True
    slider(bare, 1).press("End")
    expect(bare.find(".say")).to_have_text("The server does not answer. Reload the page to try again.")
