"""Charts in a browser: they are changed, not replaced, and fit the page and its theme."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, expect
from plotly.offline import get_plotlyjs

from tests.e2e.screen import go, pick
from tests.e2e.server import Server
from tests.waiting import until


def open_chart(page: Page, server: Server) -> None:
    """Opens a page with one chart, which a slider changes."""
    go(page, f"{server.url}/steps?epochs=20&after=10", "Training, step by step")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def test_a_chart_is_changed_not_replaced_and_keeps_what_was_hidden_until_it_shows_another_thing(server: Server, page: Page) -> None:
    open_chart(page, server)
    mark = "() => { const chart = document.querySelector('.js-plotly-plot'); return chart?._fullLayout?.shapes?.[0]?.x0 ?? null; }"
    shown = "() => document.querySelector('.js-plotly-plot').calcdata.map(([first]) => first.trace.visible)"
    until(lambda: page.evaluate(mark) == 10, "the chart marks the epoch")
    page.evaluate("document.querySelector('.js-plotly-plot').isTheFirst = true")
    page.locator(".js-plotly-plot .legend .traces").nth(1).click()
    until(lambda: page.evaluate(shown) == [True, "legendonly"], "the second curve is hidden")
    page.locator(".st-key-after").get_by_role("slider").press("ArrowRight")
    until(lambda: page.evaluate(mark) == 11, "the mark moves")
    assert page.evaluate("document.querySelector('.js-plotly-plot').isTheFirst")
    assert page.evaluate(shown) == [True, "legendonly"]
    pick(page, "updates")
    until(lambda: page.evaluate(shown) == [True, True], "what is drawn over something else starts over")


def test_the_charts_follow_the_width_of_the_page_and_its_theme(server: Server, new_context: Callable[..., BrowserContext]) -> None:
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


def test_a_finger_on_a_chart_scrolls_the_page(server: Server, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True).new_page()
    open_chart(page, server)
    chart = page.locator(".js-plotly-plot")
    chart.scroll_into_view_if_needed()
    scrolled = "() => document.querySelector('[data-testid=stMain]').scrollTop"
    before, box = page.evaluate(scrolled), chart.bounding_box() or {}
    finger = page.context.new_cdp_session(page)
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    for way in range(10, 110, 10):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at | {"y": at["y"] - way}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(lambda: page.evaluate(scrolled) > before + 30, "the page has moved")


def test_their_library_comes_whole_compressed_or_not_and_may_be_kept(server: Server) -> None:
    found = {}
    for coding in ("gzip", "identity"):
        with urlopen(Request(f"{server.url}/plotly.js", headers={"Accept-Encoding": coding}), timeout=30) as answer:
            found[coding] = answer.read()
            assert "immutable" in answer.headers["Cache-Control"]
    assert len(found["gzip"]) < len(found["identity"]) / 3
    assert gzip.decompress(found["gzip"]) == found["identity"] == get_plotlyjs().encode()
