"""Generate in a browser: other draws give other pictures, a link brings the same ones back,
and the figures of the reference classifier arrive by themselves.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

STUDY_SECONDS = 150.0


def samples(page: Page) -> list[str]:
    """The addresses of all made-up pictures, each with its nearest training picture."""
    return page.eval_on_selector_all('img[alt^="Generated, and"]', "all => all.map(each => each.src)")


def test_a_draw_and_its_link(server: Server, page: Page) -> None:
    go(page, f"{server.url}/generate?network=digits", "Generate")
    first = until(lambda: samples(page), "there are samples")
    assert len(set(first)) == 24
    press(page, "Sample again")
    second = until(lambda: samples(page) if samples(page) != first else [], "other samples")
    until(lambda: "draw=2" in page.evaluate("location.href"), "the address has the draw")
    wait_idle(page)
    second = samples(page)
    page.reload()
    until(lambda: samples(page) == second, "the link shows the same pictures")


@pytest.mark.long
def test_the_figures_arrive_by_themselves_with_a_conclusion(server: Server, page: Page) -> None:
    go(page, f"{server.url}/generate?network=digits", "Generate")
    expect(page.get_by_text("Does the variational one look more real?")).to_be_visible(timeout=STUDY_SECONDS * 1000)
    ways = {"Mean and covariance", "Gaussian mixture", "The prior N(0, I)"}
    until(
        lambda: (
            ways
            <= set(page.eval_on_selector_all(".js-plotly-plot .ytick text", "all => all.map(each => each.textContent)"))
        ),
        "the chart has its ways",
    )
    expect(page.get_by_text("Which classes the classifier predicts")).to_be_visible()
    expect(page.locator('[data-testid="stProgress"]')).to_have_count(0)
