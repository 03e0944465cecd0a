"""Home in a browser: pictures, bars, keys, fingers, narrow screens; the numbers on it against the same ones computed in Python."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.nn.numpy_forward import apply, layers_of
from aecore.pretrained.builtin import SHOWN, load_builtin
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, pick, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until

TITLE = "Autoencoder Explorer"


def open_home(page: Page, server: Server, query: str = "") -> None:
    """Opens it and waits until the output is painted."""
    go(page, f"{server.url}/{query}", TITLE)
    until(lambda: error_on(page) is not None, "the hourglass is painted")
    settle(page)


def settle(page: Page) -> None:
    """Waits until the bars have come to rest."""
    expect(page.locator(".flow.moving")).to_have_count(0)


def error_on(page: Page) -> float | None:
    """The squared error per pixel that the component computed."""
    text = page.locator(".stage").get_attribute("data-error")
    return float(text) if text else None


def painted(page: Page, which: str) -> str:
    """The pixels of the "in" or the "out" canvas."""
    return page.locator(f"canvas.{which}").evaluate("canvas => canvas.toDataURL()")


def picture_in_address(page: Page) -> str | None:
    """The `picture` parameter."""
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get("picture", [None])[0]


def bar(page: Page, index: int = 0) -> Locator:
    """One bar of the code."""
    return page.locator(".bar").nth(index)


def value_of(page: Page, index: int = 0) -> float:
    """What a bar says it stands at."""
    return float(bar(page, index).get_attribute("aria-valuenow") or "nan")


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


def test_home_paints_a_picture_its_code_and_what_comes_back(server: Server, page: Page) -> None:
    open_home(page, server)
    for which in ("in", "out"):
        colours = page.locator(f"canvas.{which}").evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
        assert colours > 10, f"the canvas '{which}' is blank"
    assert page.locator(".bar").count() == load_builtin("faces").settings["latent_size"]
    assert page.locator(".gallery button").count() == SHOWN
    for title in (
        "Set the synapses yourself", "Follow a training, number by number", "Pool and unpool", "Train one yourself", "Let several race",
        "See what it learns from", "Damage pictures", "Use the codes", "Compare what you trained",
    ):  # fmt: skip
        expect(page.get_by_role("link", name=title)).to_be_visible()


def test_clicking_another_picture_changes_both_canvases_and_the_address(server: Server, page: Page) -> None:
    open_home(page, server)
    before = painted(page, "in"), painted(page, "out")
    page.get_by_role("option", name="Picture 5", exact=True).click()
    until(lambda: picture_in_address(page) == "4", "the address names the picture")
    settle(page)
    assert painted(page, "in") != before[0]
    assert painted(page, "out") != before[1]
    expect(page.get_by_role("option", name="Picture 5", exact=True)).to_have_attribute("aria-selected", "true")
    after = painted(page, "in"), painted(page, "out")
    page.reload()
    until(lambda: error_on(page) is not None, "the hourglass is painted again")
    settle(page)
    assert (painted(page, "in"), painted(page, "out")) == after


def test_dragging_a_bar_paints_another_picture_and_offers_the_way_back(server: Server, page: Page) -> None:
    open_home(page, server)
    original, own = painted(page, "in"), painted(page, "out")
    expect(page.locator(".reset")).to_be_hidden()
    box = bar(page, 3).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9, steps=4)
    low = painted(page, "out")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.05, steps=4)
    page.mouse.up()
    assert len({own, low, painted(page, "out")}) == 3, "the output did not follow the bar"
    assert painted(page, "in") == original
    expect(page.locator(".say")).to_contain_text("This code is yours")
    page.locator(".reset").click()
    settle(page)
    until(lambda: painted(page, "out") == own, "the way back paints the picture's own code again")
    expect(page.locator(".reset")).to_be_hidden()


def test_arrow_keys_move_a_bar_and_stop_at_its_ends(server: Server, page: Page) -> None:
    open_home(page, server)
    before, own = value_of(page), painted(page, "out")
    bar(page).focus()
    page.keyboard.press("ArrowUp")
    up = value_of(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    down = value_of(page)
    assert down < before < up
    assert painted(page, "out") != own
    for _ in range(12):
        page.keyboard.press("PageUp")
    assert value_of(page) == float(bar(page).get_attribute("aria-valuemax") or "nan")
    page.keyboard.press("Tab")
    assert page.locator(".stage").evaluate("stage => stage.getRootNode().activeElement.getAttribute('aria-label')") == "Number 2 of 16 in the code"


@pytest.mark.parametrize(("name", "picture"), [("faces", 0), ("faces", 7), ("shapes", 3), ("digits", 11)])
def test_the_error_on_screen_is_the_one_numpy_computes(server: Server, page: Page, name: str, picture: int) -> None:
    open_home(page, server, f"?pictures={name.capitalize()}&picture={picture}")
    expect(page.get_by_role("option", name=f"Picture {picture + 1}", exact=True)).to_have_attribute("aria-selected", "true")
    assert error_on(page) == pytest.approx(expected_error(name, picture), rel=1e-3)
    expect(page.locator(".say")).to_contain_text(f"Squared error per pixel: {error_on(page):.4f}")


def test_choosing_digits_or_shapes_brings_their_network(server: Server, page: Page) -> None:
    open_home(page, server)
    for name in ("Digits", "Shapes"):
        before = painted(page, "in")
        pick(page, name)
        latent = load_builtin(name.lower()).settings["latent_size"]
        expect(page.locator(".bar")).to_have_count(latent)
        until(lambda before=before: painted(page, "in") != before, f"{name} are painted")
        settle(page)
        wait_idle(page)
        assert error_on(page) == pytest.approx(expected_error(name.lower(), 0), rel=1e-3)
        assert parse_qs(urlsplit(page.evaluate("location.href")).query)["pictures"] == [name]


def test_a_finger_drags_a_bar(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)
    open_home(page, server)
    bar(page, 2).scroll_into_view_if_needed()
    own, scrolled = painted(page, "out"), _scroll(page)
    box = bar(page, 2).bounding_box()
    assert box
    x, top, bottom = box["x"] + box["width"] / 2, box["y"] + 4, box["y"] + box["height"] - 4
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": bottom}]})
    low = value_of(page, 2)
    for share in (0.75, 0.5, 0.25, 0.0):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": top + share * (bottom - top)}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    ends = [float(bar(page, 2).get_attribute(f"aria-value{end}") or "nan") for end in ("min", "max")]
    assert low < ends[0] + 0.1 * (ends[1] - ends[0])
    assert value_of(page, 2) > ends[1] - 0.1 * (ends[1] - ends[0])
    assert painted(page, "out") != own
    assert _scroll(page) == scrolled, "the page scrolled under the finger"
    expect(page.locator(".reset")).to_be_visible()


SCHEMES = ("light", "dark")
IS_DARK = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/g)[0] < 60"
WIDTHS = """(() => {
  const main = document.querySelector('[data-testid=stMain]');
  return [document.scrollingElement.scrollWidth, innerWidth + 1, main.scrollWidth - main.clientWidth];
})()"""


def test_no_page_scrolls_sideways_on_a_telephone(server: Server, new_page: NewPage) -> None:
    """Every page is opened in one scheme, in turn light and dark, and then follows the telephone into the other."""
    run = finished_run(server.runs, "A run with a rather long name, as people give them, for a narrow screen", epochs=3)
    page = new_page(viewport={"width": 390, "height": 844})
    addresses = {"": TITLE, "train": "Train an autoencoder", f"train?run={run.id}": "Train an autoencoder", "runs": "Runs", "data": "Data"}
    wide = {}
    for index, (address, title) in enumerate(addresses.items()):
        first, second = SCHEMES[index % 2], SCHEMES[1 - index % 2]
        page.emulate_media(color_scheme=first)
        go(page, f"{server.url}/{address}", title)
        if "run=" in address:
            expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        assert page.evaluate(IS_DARK) == (first == "dark"), f"/{address} does not open {first}"
        for scheme in (first, second):
            page.emulate_media(color_scheme=scheme)
            until(lambda scheme=scheme: page.evaluate(IS_DARK) == (scheme == "dark"), f"/{address} is {scheme}")
            wait_idle(page)
            width, most, inner = page.evaluate(WIDTHS)
            if width > most or inner > 1:
                wide[address or "home", scheme] = (width, most, inner)
    page.emulate_media(color_scheme="light")  # as the next visitor of this page expects
    assert not wide, f"wider than the screen (width, most, inner excess): {wide}"


def _scroll(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop + scrollY")


def test_a_nonsense_picture_in_the_address_counts_as_the_first(server: Server, page: Page) -> None:
    open_home(page, server, "?picture=-3")
    expect(page.get_by_role("option", name="Picture 1", exact=True)).to_have_attribute("aria-selected", "true")
    open_home(page, server, "?picture=99999999999")
    expect(page.get_by_role("option", name="Picture 1", exact=True)).to_have_attribute("aria-selected", "true")
