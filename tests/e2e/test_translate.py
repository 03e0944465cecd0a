"""Translate in a browser: the slider puts glasses on, the reference classifier sees them, and the link keeps all."""

import re

import pytest
from playwright.sync_api import Page

from tests.e2e.screen import go, pick, wait_idle
from tests.e2e.server import Server
from tests.waiting import until


def moved(page: Page) -> list[str]:
    """The addresses of the pictures, each with its reconstruction and what it becomes."""
    return page.eval_on_selector_all('img[alt^="Picture, reconstruction"]', "all => all.map(each => each.src)")


def sure(page: Page) -> int | None:
    """How sure the reference classifier is after the move, in per cent."""
    text = page.locator('[data-testid="stMain"]').inner_text()
    found = re.search(r"says the reference classifier: \d+\s% before, (\d+)\s% after", text)
    return int(found.group(1)) if found else None


def test_the_slider_puts_glasses_on(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/translate?strength=0.0", wait_until="domcontentloaded")
    before = until(
        lambda: moved(page) if sure(page) is not None else [],
        "there are faces, newly drawn, and a conclusion",
        seconds=90,
    )
    wait_idle(page)
    assert len(before) == 8
    assert sure(page) < 10
    slider = page.locator(".st-key-strength").get_by_role("slider")
    slider.press("End")
    until(lambda: sure(page) == 100, "the reference classifier sees glasses everywhere")
    until(lambda: "strength=3" in page.evaluate("location.href"), "the address has the strength")
    wait_idle(page)
    after = moved(page)
    assert all(a != b for a, b in zip(before, after, strict=True))
    meter = page.get_by_role("meter", name="Distance from the training codes")
    assert int(meter.get_attribute("aria-valuenow")) > 95
    page.reload()
    until(lambda: moved(page) == after, "the link shows the same faces")


@pytest.mark.long
def test_a_four_becomes_a_nine_and_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/translate?network=digits&from-class=4&to-class=9", "Translate")
    first = until(lambda: moved(page) if (sure(page) or 0) > 50 else [], "the reference classifier sees nines")
    pick(page, "With")
    until(lambda: moved(page) != first and (sure(page) or 100) < 50, "they go back to fours")
    until(lambda: "side=With" in page.evaluate("location.href"), "the address has the side")
