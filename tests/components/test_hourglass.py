"""The hourglass: pictures, bars, keys and fingers; the numbers on it against the same ones computed by numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Route, expect

from aecore.nn.numpy_forward import apply, layers_of
from aecore.pretrained.builtin import SHOWN, load_builtin
from tests.components.bare import DESKTOP, PHONE, Bare, Finger, middle
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.screens.home.models import HOME_MODELS, home_model


def served(name: str) -> Any:
    return lambda route: route.fulfill(json=home_model(name).packed)


def open_hourglass(open_bare: OpenBare, name: str = "faces", chosen: int = 0, looks: dict[str, Any] = DESKTOP) -> Bare:
    addresses = {f"/hourglass/{each}": served(each) for each in HOME_MODELS}
    bare = open_bare("hourglass", data(name, chosen), served=addresses, looks=looks)
    settle(bare)
    return bare


def data(name: str, chosen: int) -> dict[str, Any]:
    return {"address": f"/hourglass/{name}", "chosen": chosen}


def settle(bare: Bare) -> None:
    """Waits until the output is painted and the bars have come to rest."""
    until(lambda: error_on(bare) is not None, "the hourglass is painted")
    expect(bare.find(".flow.moving")).to_have_count(0)


def error_on(bare: Bare) -> float | None:
    """The squared error per pixel that the component computed."""
    text = bare.find(".stage").get_attribute("data-error")
    return float(text) if text else None


def painted(bare: Bare, which: str) -> str:
    """The pixels of the "in" or the "out" canvas."""
    return bare.find(f"canvas.{which}").evaluate("canvas => canvas.toDataURL()")


def bar(bare: Bare, index: int = 0) -> Locator:
    """One bar of the code."""
    return bare.find(".bar").nth(index)


def value_of(bare: Bare, index: int = 0) -> float:
    """What a bar says it stands at."""
    return float(bar(bare, index).get_attribute("aria-valuenow") or "nan")


def expected_error(name: str, picture: int) -> float:
    """The error of a built-in model on one of the pictures shown, by numpy."""
    model = load_builtin(name)
    pictures = model.pictures[:SHOWN]
    if not len(pictures):
        from aecore.datasets import load

        pictures = (load(model.settings["data"]).test.x[:SHOWN] * 255).round().astype(np.uint8)
    x = pictures[picture : picture + 1].reshape(1, -1).astype(np.float32) / 255
    both = [*layers_of("encoder", model.weights, model.settings), *layers_of("decoder", model.weights, model.settings)]
    return float(np.square(apply(both, x) - x).mean())


def test_it_paints_a_picture_its_code_and_what_comes_back(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    for which in ("in", "out"):
        colours = bare.find(f"canvas.{which}").evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
        assert colours > 10, f"the canvas '{which}' is blank"
    assert bare.find(".bar").count() == load_builtin("faces").settings["latent_size"]
    assert bare.find(".gallery button").count() == SHOWN


def test_clicking_another_picture_changes_both_canvases_and_is_told(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    before = painted(bare, "in"), painted(bare, "out")
    bare.page.get_by_role("option", name="Picture 5", exact=True).click()
    settle(bare)
    assert bare.said("chosen") == [4]
    assert painted(bare, "in") != before[0]
    assert painted(bare, "out") != before[1]
    expect(bare.page.get_by_role("option", name="Picture 5", exact=True)).to_have_attribute("aria-selected", "true")
    after = painted(bare, "in"), painted(bare, "out")
    bare.show(data("faces", 0))
    settle(bare)
    assert (painted(bare, "in"), painted(bare, "out")) == before
    bare.show(data("faces", 4))
    settle(bare)
    assert (painted(bare, "in"), painted(bare, "out")) == after


def test_dragging_a_bar_paints_another_picture_and_offers_the_way_back(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    original, own = painted(bare, "in"), painted(bare, "out")
    expect(bare.find(".reset")).to_be_hidden()
    mouse = bare.page.mouse
    mouse.move(*middle(bar(bare, 3)))
    mouse.down()
    mouse.move(*middle(bar(bare, 3), down=0.9), steps=4)
    low = painted(bare, "out")
    mouse.move(*middle(bar(bare, 3), down=0.05), steps=4)
    mouse.up()
    assert len({own, low, painted(bare, "out")}) == 3, "the output did not follow the bar"
    assert painted(bare, "in") == original
    expect(bare.find(".say")).to_contain_text("This code is yours")
    bare.find(".reset").click()
    until(lambda: painted(bare, "out") == own, "the way back paints the picture's own code again")
    expect(bare.find(".reset")).to_be_hidden()


def test_arrow_keys_move_a_bar_and_stop_at_its_ends(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    before, own, keyboard = value_of(bare), painted(bare, "out"), bare.page.keyboard
    bar(bare).focus()
    keyboard.press("ArrowUp")
    up = value_of(bare)
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    down = value_of(bare)
    assert down < before < up
    assert painted(bare, "out") != own
    for _ in range(12):
        keyboard.press("PageUp")
    assert value_of(bare) == float(bar(bare).get_attribute("aria-valuemax") or "nan")
    keyboard.press("Tab")
    assert (
        bare.find(".stage").evaluate("stage => stage.getRootNode().activeElement.getAttribute('aria-label')")
        == "Number 2 of 16 in the code"
    )


@pytest.mark.parametrize(
    ("name", "picture"), [("faces", 0), pytest.param("shapes", 3, marks=pytest.mark.long), ("digits", 11)]
)
def test_the_error_on_screen_is_the_one_numpy_computes(open_bare: OpenBare, name: str, picture: int) -> None:
    bare = open_hourglass(open_bare, name, picture)
    expect(bare.page.get_by_role("option", name=f"Picture {picture + 1}", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )
    assert error_on(bare) == pytest.approx(expected_error(name, picture), rel=1e-3)
    expect(bare.find(".say")).to_contain_text(f"Squared error per pixel: {error_on(bare):.4f}")


@pytest.mark.long
def test_another_model_brings_its_network_and_one_that_is_not_there_a_sentence(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    for name in ("digits", "shapes"):
        before = painted(bare, "in")
        bare.show(data(name, 0))
        expect(bare.find(".bar")).to_have_count(load_builtin(name).settings["latent_size"])
        until(lambda before=before: painted(bare, "in") != before, f"{name} are painted")
        settle(bare)
        assert error_on(bare) == pytest.approx(expected_error(name, 0), rel=1e-3)
    bare.show(data("nothing", 0))
    expect(bare.find(".say")).to_contain_text("could not be fetched from the server")


def test_a_picture_beyond_the_last_counts_as_the_last(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare, chosen=10**9)
    expect(bare.page.get_by_role("option", name=f"Picture {SHOWN}", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )


def test_a_model_that_was_asked_for_first_and_comes_last_is_passed_over(open_bare: OpenBare) -> None:
    late: list[Route] = []
    bare = open_bare(
        "hourglass", data("faces", 0), served={"/hourglass/faces": late.append, "/hourglass/digits": served("digits")}
    )
    until(lambda: bare.page.evaluate("1") and late, "the faces are asked for")
    bare.show(data("digits", 0))
    settle(bare)
    late[0].fulfill(json=home_model("faces").packed)
    bare.page.evaluate("new Promise(done => setTimeout(done, 50))")
    expect(bare.find(".bar")).to_have_count(load_builtin("digits").settings["latent_size"])


def test_a_finger_drags_a_bar_and_nothing_moves_under_it(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare, looks=PHONE | {"device_scale_factor": 2})
    bar(bare, 2).scroll_into_view_if_needed()
    own, scrolled, box = painted(bare, "out"), scroll(bare), bar(bare, 2).bounding_box()
    (x, top), (_, bottom) = middle(bar(bare, 2), down=0.03), middle(bar(bare, 2), down=0.97)
    finger = Finger(bare.page)
    finger.down((x, bottom))
    low = value_of(bare, 2)
    for share in (0.75, 0.5, 0.25, 0.0):
        finger.move((x, top + share * (bottom - top)))
    finger.up()
    ends = [float(bar(bare, 2).get_attribute(f"aria-value{end}") or "nan") for end in ("min", "max")]
    assert low < ends[0] + 0.1 * (ends[1] - ends[0])
    assert value_of(bare, 2) > ends[1] - 0.1 * (ends[1] - ends[0])
    assert painted(bare, "out") != own
    assert scroll(bare) == scrolled, "the page scrolled under the finger"
    expect(bare.find(".reset")).to_be_visible()
    assert bar(bare, 2).bounding_box() == box
    length = bare.find(".stage").evaluate("stage => stage.offsetHeight")
    bare.find(".reset").tap()
    settle(bare)
    assert bare.find(".stage").evaluate("stage => stage.offsetHeight") == length, (
        "what comes and goes has its place kept"
    )


def scroll(bare: Bare) -> float:
    return bare.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop + scrollY")


def test_every_bar_has_its_number_written_under_it_large_enough_for_a_projector(open_bare: OpenBare) -> None:
    bare = open_hourglass(open_bare)
    numbers = bare.find(".bar span").evaluate_all(
        "all => all.map(each => [each.textContent, parseFloat(getComputedStyle(each).fontSize)])"
    )
    assert len(numbers) == bare.find(".bar").count() > 0
    assert all(size >= 14 for _, size in numbers)
    for index, (text, _) in enumerate(numbers):
        assert float(text.replace("−", "-")) == pytest.approx(value_of(bare, index), abs=0.051)
    bar(bare).focus()
    bare.page.keyboard.press("PageUp")
    assert bar(bare).locator("span").inner_text() != numbers[0][0]
