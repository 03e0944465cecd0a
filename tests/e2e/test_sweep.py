"""A sweep in a browser: started, watched to its end, looked into by a finger, deleted and brought back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from aecore.experiment.halving import Halving
from aecore.experiment.sweep import Sweep, as_text
from aecore.experiment.sweep_searches import Values
from aecore.runs.sweeps import SweepStore
from tests.e2e.finished import finished_sweep
from tests.e2e.screen import go, press, status
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until

SEARCHED = {"learning_rate": Values((0.01, 1e-5, 2e-5, 3e-5)), "activation": Values(("relu", "gelu"))}
HALVED = Sweep("digits", "undercomplete", {"epochs": 60}, SEARCHED, halving=Halving(2, 10))
SMALL = Sweep("digits", "undercomplete", {"epochs": 1}, {"latent_size": Values((2, 4)), "loss": Values(("mse", "bce"))})
DOTS = ".st-key-sweep-parallel .points path"


def shown(page: Page) -> str:
    """The sweep that the address names."""
    return str(page.evaluate("new URLSearchParams(location.search).get('sweep') || ''"))


@pytest.mark.long
def test_a_sweep_is_started_watched_to_its_end_deleted_and_brought_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/sweep?space={as_text(HALVED)}", "Sweep")
    press(page, "Start 8 runs")
    sweep_id = until(lambda: shown(page), "the address names the sweep")
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=1000 * TRAINING)
    expect(page.get_by_text("8 of 8 runs have ended")).to_be_visible()
    sweep = SweepStore(server.runs.parent).get(sweep_id)
    states = {run.id: status(server.runs, run.id)["state"] for run in sweep.runs}
    stopped = {id for id, state in states.items() if state == "stopped"}
    assert stopped
    assert stopped <= set(sweep.status.halted), "one that is told to stop may have reached its end by then"
    assert set(states.values()) <= {"done", "stopped"}
    expect(page.locator(".st-key-sweep-best")).to_contain_text("learning rate 0.01")
    expect(page.locator(".st-key-sweep-parallel .main-svg").first).to_be_visible()
    press(page, "Delete")
    expect(page.get_by_text("Deleted:")).to_be_visible()
    assert not any((server.runs / run.id).exists() for run in sweep.runs)
    press(page, "Undo")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert all((server.runs / run.id).exists() for run in sweep.runs)


@pytest.mark.long
def test_a_finger_on_a_dot_shows_its_run(server: Server, new_page: NewPage) -> None:
    sweep = finished_sweep(server.runs.parent, SMALL)
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    go(page, f"{server.url}/sweep?sweep={sweep.id}", "Sweep")
    expect(page.locator(".st-key-sweep-picked")).to_contain_text("Press a dot")
    page.locator(DOTS).first.scroll_into_view_if_needed()
    page.locator(DOTS).first.tap(force=True)
    expect(page.locator(".st-key-sweep-picked")).to_contain_text("Validation error")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".st-key-sweep-picked").get_by_role("link").tap()
    expect(page.get_by_role("heading", name="Train an autoencoder")).to_be_visible()
