"""The compression page in a browser: the slider moves the marks of what is learned,
and the link brings all of it back.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, pick, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

MARKS = (
    "() => Object.fromEntries([...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p.calcdata.map(t => "
    "[t[0].trace.name, t.map(v => v.x)])))"
)
SECONDS = 90.0


def marks(page: Page) -> dict[str, list[float]]:
    """Name of a method -> bytes of its marks, as they are drawn."""
    return page.evaluate(MARKS)


def wait_for_chart(page: Page) -> dict[str, Any]:
    expect(page.get_by_role("heading", name="All measurements")).to_be_visible(timeout=SECONDS * 1000)
    wait_idle(page, SECONDS)
    return until(lambda: marks(page), "the chart is drawn", seconds=SECONDS)


@pytest.mark.long
def test_the_slider_moves_the_marks_and_the_link_brings_them_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/compression?data=Digits&networks=digits&way=As+files+of+their+own", "Compression")
    before = wait_for_chart(page)
    page.locator(".st-key-count").get_by_role("slider").press("Home")
    until(
        lambda: marks(page).get("Networks", [0])[0] > 1000 + before["Networks"][0],
        "one picture alone carries the whole decoder",
        seconds=SECONDS,
    )
    assert marks(page)["JPEG"] == before["JPEG"]
    until(lambda: "count=1" in page.evaluate("location.href"), "the address has the number")

    page.locator(".st-key-way").get_by_text("As one mosaic", exact=True).click()
    until(
        lambda: max(marks(page).get("JPEG", [10**9])) < min(before["JPEG"]),
        "tiles of one file are smaller",
        seconds=SECONDS,
    )
    pick(page, "SSIM")
    until(lambda: "measure=ssim" in page.evaluate("location.href").lower(), "the address has the measure")
    wait_idle(page, SECONDS)
    seen = marks(page)
    page.reload()
    wait_for_chart(page)
    until(lambda: marks(page) == seen, "the link shows the same marks", seconds=SECONDS)


@pytest.mark.long
def test_the_budget_chooses_other_pictures(server: Server, page: Page) -> None:
    go(page, f"{server.url}/compression?data=Digits&networks=digits&count=1000000", "Compression")
    wait_for_chart(page)
    expect(page.locator('.rows img[alt^="JPEG, quality"]')).to_have_count(2, timeout=SECONDS * 1000)
    name = page.locator('.rows img[alt^="JPEG, quality"]').first.get_attribute("alt")
    page.locator(".st-key-held-budget").get_by_role("slider").press("End")
    until(
        lambda: page.locator('.rows img[alt^="JPEG, quality"]').first.get_attribute("alt") not in (None, name),
        "a larger file is shown",
        seconds=SECONDS,
    )
    assert "quality 95" in str(page.locator('.rows img[alt^="JPEG, quality"]').first.get_attribute("alt"))
