"""Home in a browser: pictures, networks, the address, narrow screens;
the hourglass itself is tested in tests/components.
"""

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


def test_clicking_another_picture_changes_both_canvases_and_the_address(server: Server, page: Page) -> None:
    open_home(page, server, "?picture=-3")
    expect(page.get_by_role("option", name="Picture 1", exact=True)).to_have_attribute("aria-selected", "true")
    for title in (
        "Set the weights yourself", "Follow training, number by number", "Pool and unpool", "Train one yourself",
        "Compare several in a race", "See what it learns from", "Denoise pictures", "Use the codes",
        "Compare what you trained",
    ):  # fmt: skip
        expect(page.get_by_role("link", name=title)).to_be_visible()
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


@pytest.mark.long
def test_choosing_digits_or_shapes_brings_their_network(server: Server, page: Page) -> None:
    open_home(page, server, "?picture=99999999999")
    expect(page.get_by_role("option", name="Picture 1", exact=True)).to_have_attribute("aria-selected", "true")
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


SCHEMES = ("light", "dark")
IS_DARK = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/g)[0] < 60"
WIDTHS = """(() => {
  const main = document.querySelector('[data-testid=stMain]');
  return [document.scrollingElement.scrollWidth, innerWidth + 1, main.scrollWidth - main.clientWidth];
})()"""


@pytest.mark.long
def test_no_page_scrolls_sideways_on_a_telephone(server: Server, new_page: NewPage) -> None:
    """Every page is opened in one scheme, in turn light and dark, and then follows the telephone into the other."""
    run = finished_run(server.runs, "A run with a rather long name, as people give them, for a narrow screen", epochs=3)
    page = new_page(viewport={"width": 390, "height": 844})
    addresses = {
        "": TITLE,
        "train": "Train an autoencoder",
        f"train?run={run.id}": "Train an autoencoder",
        "runs": "Runs",
        "data": "Data",
    }
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
