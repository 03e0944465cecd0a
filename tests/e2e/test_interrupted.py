"""Trainings that are interrupted: by a reload, a second tab, a pause,
the end of the worker or of the server; and that go on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.finished import finished_run
from tests.e2e.screen import (
    APP,
    curves,
    go,
    lines,
    listed_runs,
    metrics,
    press,
    records,
    run_in,
    status,
    tell_tale,
    train,
    wait_for_state,
    wait_idle,
)
from tests.e2e.server import Server
from tests.waiting import until

HEADING = "Train an autoencoder"
EPOCHS = 900
LONG = f"?epochs={EPOCHS}&batch_size=16"
"""A minute on one processor: it is interrupted, and never ends by itself.

(Numbers below 1,000, so that only one test depends on larger ones.)
"""


def start(page: Page, server: Server, query: str = "", epochs: int = 5) -> str:
    """Starts a training and waits until some epochs are done."""
    go(page, f"{server.url}/train{query}", HEADING)
    run_id = train(page)
    reach(server, run_id, epochs)
    return run_id


def reach(server: Server, run_id: str, epoch: float) -> None:
    """Waits until a run has come that far."""
    until(
        lambda: (seen := records(server.runs, run_id)) and seen[-1]["epoch"] >= epoch,
        f"run {run_id} reaches epoch {epoch}",
    )


@pytest.mark.long
def test_a_running_training_survives_a_reload_and_can_be_stopped_from_a_second_tab(server: Server, page: Page) -> None:
    run_id = start(page, server, LONG)
    page.reload()
    wait_for_state(page, "Training")
    assert run_in(page) == run_id
    tab = page.context.new_page()
    go(tab, page.url, HEADING)
    wait_for_state(tab, "Training")
    early = records(server.runs, run_id)[-1]["epoch"]
    reach(server, run_id, early + 3)
    press(tab, "Stop")
    for each in (tab, page):
        wait_for_state(each, "Stopped early")
        expect(each.locator('[data-testid="stMetric"]').filter(has_text="Test error per pixel")).to_be_visible()
    found = status(server.runs, run_id)
    assert 0 < found["test"]["mse"] < found["baselines"]["mean_test"]
    assert records(server.runs, run_id)[-1]["epoch"] < EPOCHS
    assert metrics(tab) == metrics(page)


@pytest.mark.long
def test_a_paused_run_stands_still_and_continue_goes_on_where_it_was(server: Server, page: Page) -> None:
    run_id = start(page, server, LONG)
    press(page, "Pause")
    wait_for_state(page, "Paused")
    paused = lines(server.runs, run_id)
    assert 5 <= paused[-1]["epoch"] < EPOCHS
    page.reload()
    wait_for_state(page, "Paused")
    assert len(lines(server.runs, run_id)) == len(paused), "a paused run went on training"
    onlooker = page.context.new_page()
    go(onlooker, page.url, HEADING)
    wait_for_state(onlooker, "Paused")
    press(page, "Continue")
    wait_for_state(onlooker, "Training")
    reach(server, run_id, paused[-1]["epoch"] + 2)
    press(page, "Stop")
    wait_for_state(page, "Stopped early")
    whole = lines(server.runs, run_id)
    steps = [record["step"] for record in whole]
    assert whole[: len(paused)] == paused
    assert steps == sorted(set(steps)), "continuing repeated or lost steps"


@pytest.mark.long
def test_a_killed_worker_leaves_an_interrupted_run_with_a_sentence_that_continue_goes_on_with(
    server: Server, page: Page
) -> None:
    run_id = start(page, server, LONG)
    until(lambda: (server.runs / run_id / "resume.safetensors").exists(), "there is a checkpoint")
    killed = server.trainer_of(run_id)
    os.kill(killed, signal.SIGKILL)
    wait_for_state(page, "Interrupted")
    until(lambda: "ended unexpectedly (it was killed" in tell_tale(page), "a sentence follows the badge")
    until(
        lambda: len(server.worker_pids()) == min(4, os.cpu_count() or 1) and killed not in server.worker_pids(),
        "another worker takes its place",
    )
    before = records(server.runs, run_id)[-1]["epoch"]
    assert 5 <= before < EPOCHS
    press(page, "Continue")
    reach(server, run_id, before + 1)
    press(page, "Stop")
    wait_for_state(page, "Stopped early")
    assert status(server.runs, run_id)["test"]["mse"] > 0


@pytest.mark.long
def test_a_page_that_was_open_goes_on_once_its_server_was_started_again(
    own_server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    go(page, f"{own_server.url}/steps", "Training, step by step")
    connected = page.locator(f'{APP}[data-test-connection-state="CONNECTED"]')
    expect(connected).to_have_count(1)
    wait_idle(page)
    page.wait_for_load_state("networkidle")  # a server that is gone serves no more of the page's scripts
    own_server.kill()
    expect(connected).to_have_count(0)
    own_server.start()
    expect(connected).to_have_count(1)
    for _ in range(3):  # the page has the second epoch; the server computes the third
        page.get_by_role("button", name="Next epoch").click()
    expect(page.locator(".player .say")).to_contain_text("Epoch 4 begins")
    until(lambda: "at=4.1.1" in page.evaluate("location.search"), "the address names the moment")


@pytest.mark.long
def test_a_killed_server_leaves_its_runs_and_the_next_one_continues_them(
    own_server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    server = own_server
    done = finished_run(server.runs, "Finished before the crash")
    first = new_context().new_page()
    run_id = start(first, server, LONG)
    server.kill()
    first.context.close()
    until(lambda: not server.orphans(), "the workers leave when their server is gone")
    assert records(server.runs, run_id)[-1]["epoch"] < EPOCHS
    server.start()
    page = new_context().new_page()
    go(page, f"{server.url}/train?run={run_id}", HEADING)
    wait_for_state(page, "Interrupted")
    until(lambda: "checkpoint" in tell_tale(page), "a sentence follows the badge")
    until(lambda: curves(page), "the interrupted run shows its curves")
    assert metrics(page)["Epoch"].endswith(f"/ {EPOCHS}")
    kept = records(server.runs, run_id)[-1]["epoch"]
    press(page, "Continue")
    reach(server, run_id, kept + 2)
    press(page, "Stop")
    wait_for_state(page, "Stopped early")
    assert status(server.runs, done.id)["state"] == "done"
    listed = {line.strip() for line in listed_runs(page, server.url)}
    assert {"Finished before the crash", status(server.runs, run_id)["name"]} <= listed
