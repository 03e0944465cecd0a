"""Looking into a network in a browser: while it trains and afterwards, each view,
and the film that leads back in time.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.finished import finished_run
from tests.e2e.screen import go, metrics, pick, train, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.waiting import TRAINING, until

DEAD = "Dead: active for none"


def drawn(page: Page, key: str) -> int:
    """Charts of that key that have something painted in them."""
    return page.locator(f".st-key-{key} .js-plotly-plot :is(path, image)").count()


@pytest.mark.long
def test_who_speaks_is_told_while_it_trains_and_when_it_is_done(server: Server, page: Page) -> None:
    go(page, f"{server.url}/train?data=Digits&variant=k-sparse&latent_size=100&epochs=60", "Train an autoencoder")
    train(page)
    expect(page.get_by_text("Look inside", exact=True).first).to_be_visible()
    until(lambda: DEAD in metrics(page), "the units are counted")
    wait_for_state(page, "Done", TRAINING)
    wait_idle(page)
    until(lambda: drawn(page, "chart-raster") > 0, "the raster is drawn")
    assert metrics(page)["Active for a picture, on average"] == "25 of 100"


@pytest.mark.parametrize(
    ("view", "says", "chart"),
    [
        pytest.param("Memorisation check", "for pure noise", "chart-copying", marks=pytest.mark.long),
        ("Sensitivity", "Squared norm of the Jacobian", "chart-sensitivity"),
    ],
)
def test_each_view_of_a_finished_run_shows_and_stands_in_the_link(
    server: Server, page: Page, view: str, says: str, chart: str
) -> None:
    run = finished_run(server.runs, f"Looked into: {view}", epochs=3)
    go(page, f"{server.url}/train?run={run.id}", "Train an autoencoder")
    pick(page, view)
    expect(page.get_by_text(says).first).to_be_visible()
    if chart:
        until(lambda: drawn(page, chart) > 0, "the chart is drawn")
    until(lambda: "inside=" in page.evaluate("location.href"), "the view stands in the address")
    page.reload()
    expect(page.get_by_text(says).first).to_be_visible()
