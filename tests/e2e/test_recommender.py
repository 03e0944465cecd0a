"""The Recommender page in a browser: a worker trains on uploaded ratings, the curve grows, the test follows,
and Movies uses the model.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from aecore.runs.store import RunStore
from tests.e2e.screen import go, metrics, pick, run_in, train, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.small_recommenders import bring_tastes
from tests.waiting import PATIENCE, until

TITLE = "Recommender: training and evaluation"


def test_a_recommender_trains_before_your_eyes_and_goes_to_the_movies(server: Server, page: Page) -> None:
    data = bring_tastes(server.home)
    go(page, f"{server.url}/recommender?ratings={data}&recommender=mult-dae&r-epochs=40&r-hidden_size=8", TITLE)
    run_id = train(page)
    wait_for_state(page, "Done")
    run = RunStore(server.home / "runs").get(run_id)
    assert run.settings["epochs"] == 40
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    until(lambda: metrics(page).get("Epoch") == "40", "the epochs stand there")
    facts = json.loads((run.folder / "facts.json").read_text())["figures"]
    expect(page.get_by_role("table").first).to_contain_text(f"{facts['mult-dae']['5']['ndcg']:.3f}")
    page.get_by_role("link", name="Use it on the Movies page").click()
    expect(page.get_by_role("heading", name="Movies", level=1)).to_be_visible(timeout=PATIENCE * 1000)
    page.wait_for_url(f"**/movies?model={run_id}*")


@pytest.mark.long
def test_a_long_training_can_be_stopped_and_its_settings_used_again(server: Server, page: Page) -> None:
    data = bring_tastes(server.home)
    go(page, f"{server.url}/recommender?ratings={data}&recommender=mult-dae&r-epochs=1000&r-batch_size=1", TITLE)
    run_id = train(page)
    page.get_by_role("button", name="Stop", exact=True).and_(
        page.locator('button:not([data-testid="stBaseButton-header"])')
    ).click(timeout=PATIENCE * 1000)
    wait_for_state(page, "Stopped early")
    go(page, f"{server.url}/recommender?run={run_id}", TITLE)
    page.get_by_role("button", name="Use its settings").click()
    wait_idle(page)
    assert run_in(page) == run_id
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("1000")
    pick(page, "Evaluation")
    expect(page.get_by_role("heading", name="RMSE per user")).to_be_visible()
    expect(page.get_by_text("0.9449")).to_be_visible()
