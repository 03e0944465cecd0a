"""Charts in a browser: they fit the page and its theme, and their library is served once;
the rest is tested in tests/components.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, expect
from plotly.offline import get_plotlyjs

from tests.e2e.screen import go
from tests.e2e.server import Server
from tests.waiting import until


def open_chart(page: Page, server: Server) -> None:
    """Opens a page with one chart, which a slider changes."""
    go(page, f"{server.url}/steps?epochs=20&after=10", "Training, step by step")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def test_the_charts_follow_the_width_of_the_page_and_its_theme(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(color_scheme="light").new_page()
    open_chart(page, server)
    width = "() => document.querySelector('.js-plotly-plot .main-svg')?.getBoundingClientRect().width"
    ink = "() => getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')).fill"
    wide = until(lambda: page.evaluate(width), "the chart is drawn")
    dark_ink = page.evaluate(ink)
    page.set_viewport_size({"width": 820, "height": 900})
    until(lambda: page.evaluate(width) < wide - 100, "the chart is narrower")
    page.emulate_media(color_scheme="dark")
    until(lambda: page.evaluate(ink) != dark_ink, "its ink is that of the dark theme")


def test_their_library_comes_whole_compressed_or_not_and_may_be_kept(server: Server) -> None:
    found = {}
    for coding in ("gzip", "identity"):
        with urlopen(Request(f"{server.url}/plotly.js", headers={"Accept-Encoding": coding}), timeout=30) as answer:
            found[coding] = answer.read()
            assert "immutable" in answer.headers["Cache-Control"]
    assert len(found["gzip"]) < len(found["identity"]) / 3
    assert gzip.decompress(found["gzip"]) == found["identity"] == get_plotlyjs().encode()
