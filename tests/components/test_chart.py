"""Charts: they are changed, not replaced, and fit the page and its theme."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest
from playwright.sync_api import Route, expect
from plotly.offline import get_plotlyjs

from tests.components.bare import DESKTOP, PHONE, Bare, Finger, middle, told
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.app import theme
from ui.components import chart as component

PLOT = ".js-plotly-plot"


def library(route: Route) -> None:
    route.fulfill(body=get_plotlyjs(), content_type="text/javascript")


def data(mark: float = 10, revision: str = "one", height: int = 300, **config: object) -> dict[str, Any]:
    figure = go.Figure(layout={"height": height})
    for name in ("online", "batch"):
        figure.add_scatter(x=[0, 10, 20], y=[3, 2, 1], name=name, customdata=[f"{name} {x}" for x in (0, 10, 20)])
    figure.add_vline(mark)
    return told(component, lambda: theme.plot(figure, "chart", "Two curves that fall", revision=revision, **config))


def open_chart(open_bare: OpenBare, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("chart", data(), served={"/plotly.js": library}, looks=looks)
    expect(bare.find(f"{PLOT} .main-svg").first).to_be_visible()
    return bare


@pytest.mark.long
def test_a_chart_that_is_hidden_while_its_library_comes_is_drawn_when_it_is_back(open_bare: OpenBare) -> None:
    held: list[Route] = []
    bare = open_bare("chart", data(), served={"/plotly.js": held.append})
    until(lambda: bare.page.evaluate("1") and held, "the library is asked for")
    show = "display => new Promise(go => { host.style.display = display; requestAnimationFrame(() => setTimeout(go)) })"
    bare.page.evaluate(show, "none")
    library(held[0])
    until(lambda: bare.page.evaluate("Boolean(globalThis.Plotly)"), "the library is there")
    expect(bare.page.locator(PLOT)).to_have_count(0)
    bare.page.evaluate(show, "")
    expect(bare.find(f"{PLOT} .main-svg").first).to_be_visible()


@pytest.mark.long
def test_a_library_that_the_network_has_dropped_is_asked_for_again(open_bare: OpenBare) -> None:
    asked: list[str] = []

    def unsteady(route: Route) -> None:
        asked.append(route.request.url)
        library(route) if len(asked) > 2 else route.abort()

    bare = open_bare("chart", data(), served={"/plotly.js": unsteady})
    expect(bare.find(f"{PLOT} .main-svg").first).to_be_visible()
    assert len(asked) == 3


def read(bare: Bare, what: str) -> Any:
    """A value of the chart, as `chart.…`."""
    return bare.page.evaluate(f"() => {{ const chart = document.querySelector('{PLOT}'); return {what}; }}")


def test_a_chart_is_changed_not_replaced_and_keeps_what_was_hidden_until_it_shows_another_thing(
    open_bare: OpenBare,
) -> None:
    bare = open_chart(open_bare)
    mark, shown = "chart._fullLayout?.shapes?.[0]?.x0", "chart.calcdata.map(([first]) => first.trace.visible)"
    until(lambda: read(bare, mark) == 10, "the chart marks the place")
    expect(bare.find(".ae-chart")).to_have_attribute("aria-label", "Two curves that fall")
    read(bare, "chart.isTheFirst = true")
    bare.find(f"{PLOT} .legend .traces").nth(1).click()
    until(lambda: read(bare, shown) == [True, "legendonly"], "the second curve is hidden")
    bare.show(data(11))
    until(lambda: read(bare, mark) == 11, "the mark moves")
    assert read(bare, "chart.isTheFirst")
    assert read(bare, shown) == [True, "legendonly"]
    bare.show(data(11, "two"))
    until(lambda: read(bare, shown) == [True, True], "what is drawn over something else starts over")


def test_it_follows_the_width_of_the_page_and_its_theme(open_bare: OpenBare) -> None:
    bare = open_chart(open_bare, DESKTOP | {"color_scheme": "light"})
    width, ink = (
        "chart.querySelector('.main-svg')?.getBoundingClientRect().width",
        "getComputedStyle(chart.querySelector('.xtick text')).fill",
    )
    wide, dark_ink = read(bare, width), read(bare, ink)
    bare.page.set_viewport_size({"width": 820, "height": 900})
    until(lambda: read(bare, width) < wide - 100, "the chart is narrower")
    bare.page.emulate_media(color_scheme="dark")
    bare.show(data())
    until(lambda: read(bare, ink) != dark_ink, "its ink is that of the dark theme")


@pytest.mark.long
def test_a_finger_on_it_scrolls_the_page(open_bare: OpenBare) -> None:
    bare = open_chart(open_bare, PHONE)
    bare.page.evaluate("document.querySelector('#below').style.height = '2000px'")
    finger, (x, y) = Finger(bare.page), middle(bare.find(PLOT))
    finger.down((x, y))
    for way in range(10, 110, 10):
        finger.move((x, y - way))
    finger.up()
    until(
        lambda: bare.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 30,
        "the page has moved",
    )


def test_a_click_on_a_point_is_told_once_and_its_place_is_kept_while_it_is_drawn(open_bare: OpenBare) -> None:
    bare = open_chart(open_bare)
    assert bare.find(f"{PLOT} .main-svg").first.bounding_box()["height"] == 300  # type: ignore[index]
    offset = "[l.xaxis._offset + l.xaxis.d2p(10), l.yaxis._offset + l.yaxis.d2p(2)]"
    x, y = read(
        bare,
        f"((box, l) => {offset}.map((value, k) => value + [box.left, "
        "box.top][k]))(chart.getBoundingClientRect(), chart._fullLayout)",
    )
    bare.page.mouse.move(x, y)
    bare.page.mouse.click(x, y)
    until(lambda: bare.said("clicked"), "the click is told")
    assert bare.said("clicked") in (["online 10"], ["batch 10"])
