"""The way a person takes through a training: start it, watch it, share it, start it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.finished import finished_run
from tests.e2e.screen import (
    chart_values,
    curves,
    go,
    listed_runs,
    metrics,
    pick,
    press,
    reconstructions,
    records,
    run_in,
    status,
    train,
    wait_for_state,
)
from tests.e2e.server import ROOT, Server, environment
from tests.e2e.visitors import NewPage
from tests.waiting import PATIENCE, TRAINING, until

HEADING = "Train an autoencoder"


def stop(page: Page, server: Server, run_id: str) -> None:
    """Ends a run early, so that the next test has the processor for itself."""
    press(page, "Stop")
    until(lambda: status(server.runs, run_id)["state"] == "stopped", "the run is stopped")


def test_pressing_train_moves_curves_and_pictures_until_the_run_is_done_and_beats_pca(
    server: Server, page: Page
) -> None:
    go(page, f"{server.url}/train?epochs=300", HEADING)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    run_id = train(page)
    paths, pictures = set(), set()

    def watch() -> bool:
        paths.add(tuple(curves(page)))
        pictures.add(tuple(reconstructions(page)))
        return status(server.runs, run_id)["state"] == "done"

    until(watch, "the run is done", seconds=TRAINING, every=0.2)
    assert len(paths - {()}) >= 3, "the curves moved fewer than two times while it trained"
    assert len(pictures - {()}) >= 3, "the reconstructions changed fewer than two times while it trained"
    wait_for_state(page, "Done", TRAINING)
    found = status(server.runs, run_id)
    assert found["test"]["mse"] < 0.95 * found["baselines"]["pca_test"]
    expect(page.locator('[data-testid="stMetric"]').filter(has_text="Test error per pixel")).to_contain_text(
        f"{found['test']['mse']:.5f}"
    )
    expect(page.locator('[data-testid="stMetric"]').filter(has_text="Test error per pixel")).to_contain_text(
        "% against PCA"
    )
    assert run_in(page) == run_id
    until(lambda: curves(page), "the finished run shows its curves")
    assert len(reconstructions(page)) == 16


@pytest.mark.long
def test_the_link_of_a_run_shows_the_same_figures_after_a_reload_and_to_somebody_else(
    server: Server, page: Page, new_page: NewPage
) -> None:
    run = finished_run(server.runs, "Shared by link")
    address = f"{server.url}/train?run={run.id}"
    go(page, address, HEADING)
    wait_for_state(page, "Done", TRAINING)
    seen = until(lambda: _figures(page), "the curves are painted")
    assert seen[0]["Test error per pixel"] == f"{run.status.test['mse']:.5f}"
    page.reload()
    wait_for_state(page, "Done", TRAINING)
    until(lambda: _figures(page) == seen, "a reload shows the same figures, pictures and curves")
    assert run_in(page) == run.id
    other = new_page()
    go(other, address, HEADING)
    wait_for_state(other, "Done")
    until(lambda: _figures(other) == seen, "another visitor sees the same figures, pictures and curves")


@pytest.mark.long
def test_same_start_again_makes_a_new_run_with_the_same_first_losses(server: Server, page: Page) -> None:
    first = finished_run(server.runs, "To be repeated")
    go(page, f"{server.url}/train?run={first.id}", HEADING)
    wait_for_state(page, "Done", TRAINING)
    press(page, "Same start again")
    second = until(lambda: run_in(page) if run_in(page) != first.id else "", "the address names the new run")
    until(lambda: status(server.runs, second)["state"] == "done", "the second run is done", seconds=TRAINING)
    wait_for_state(page, "Done", TRAINING)

    def losses(run_id: str) -> list[tuple[object, ...]]:
        return [
            (record["step"], record["validation"], record["validation_mse"])
            for record in records(server.runs, run_id)
            if record["validation"]
        ]

    assert len(losses(first.id)) == 12
    assert losses(second) == losses(first.id)
    assert status(server.runs, second)["restarted_from"] == first.id


@pytest.mark.long
def test_a_run_from_the_command_line_appears_among_the_runs(server: Server, page: Page) -> None:
    name = "From the command line"
    command = [sys.executable, "-m", "aecore", "train", "--data", "digits", "--epochs", "5", "--name", name]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(server.home), capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 0, ended.stderr
    assert "Test mean squared error per pixel" in ended.stdout
    assert name in listed_runs(page, server.url)


@pytest.mark.long
def test_mnist_through_25_numbers_sharpens_until_it_beats_pca(server: Server, page: Page, real_data: Path) -> None:
    go(page, f"{server.url}/train", HEADING)
    pick(page, "Undercomplete: 784-25-784")
    expect(page.get_by_text("MNIST's 784 pixels through just 25 hidden units")).to_be_visible()
    run_id = train(page)
    until(lambda: len(reconstructions(page)) == 16, "the first reconstructions are on screen")
    early = reconstructions(page)

    def is_sharp() -> bool:
        scored = [r["validation_mse"] for r in records(server.runs, run_id) if r["validation_mse"] is not None]
        levels = status(server.runs, run_id)["baselines"]
        return bool(scored and levels) and scored[-1] < levels["pca_validation"]

    until(is_sharp, "the validation error falls below PCA's", seconds=TRAINING)
    stop(page, server, run_id)
    wait_for_state(page, "Stopped early")
    scores = [r["validation_mse"] for r in records(server.runs, run_id) if r["validation_mse"] is not None]
    assert scores[-1] < scores[0]
    until(lambda: reconstructions(page) != early, "the reconstructions have changed")
    assert status(server.runs, run_id)["test"]["mse"] < status(server.runs, run_id)["baselines"]["mean_test"] / 4


def _figures(page: Page) -> tuple[dict[str, str], list[str], list[list[object]]] | None:
    """All that can be compared of a finished run on screen, once its numbers, pictures and curves are all painted."""
    numbers, pictures = metrics(page), reconstructions(page)
    is_whole = "Test error per pixel" in numbers and len(pictures) == 16 and curves(page)
    return (numbers, pictures, chart_values(page)) if is_whole else None


@pytest.mark.long
def test_another_variant_chosen_while_a_run_trains_gets_its_own_settings_and_trains(server: Server, page: Page) -> None:
    """The form once kept the values of the variant before, and refused to train."""
    go(page, f"{server.url}/train?epochs=2000", HEADING)
    first = train(page)
    wait_for_state(page, "Training")
    variants = page.get_by_role("combobox", name="Autoencoder")
    for title in ("k-sparse", "Variational", "k-sparse", "Convolutional", "k-sparse"):
        variants.click()
        page.get_by_role("option", name=title, exact=True).click()
        until(lambda title=title: title in variants.input_value(), f"the form is of {title}")
        page.wait_for_timeout(600)  # ticks of the run on show come meanwhile
        assert title in variants.input_value()
        expect(page.locator(".st-key-page-form").get_by_text("choose k up to")).to_have_count(0)
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    second = train(page)
    until(lambda: records(server.runs, second), "the k-sparse network learns")
    for run_id in (second, first):
        go(page, f"{server.url}/train?run={run_id}", HEADING)
        stop(page, server, run_id)
