"""The Runs page in a browser: tick, rename, open, download, delete, bring back, compare."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import load as load_safetensors

from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, press, run_in, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.small_runs import make
from tests.waiting import until
from ui.screens.runs.table import PAGE_SIZE

ROW_HEIGHT, HEADER_HEIGHT = 35, 36
"""Of the table, which is painted on a canvas, in pixels."""


def listed(page: Page) -> list[str]:
    """The names in the table, from the top."""
    return page.locator('[data-testid="stDataFrame"] table tbody tr').evaluate_all(
        "rows => rows.map(row => row.cells[0]?.textContent ?? '')"
    )


def open_runs(page: Page, server: Server, *names: str) -> None:
    """Opens the page and waits until these runs are listed."""
    go(page, f"{server.url}/runs", "Runs")
    until(lambda: set(names) <= set(listed(page)), f"{names} are listed")


def tick(page: Page, name: str) -> None:
    """Ticks the run of that name."""
    index = listed(page).index(name)
    box = page.get_by_test_id("data-grid-canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + 15, box["y"] + HEADER_HEIGHT + ROW_HEIGHT * (index + 0.5))


@pytest.fixture(autouse=True)
def _no_runs_of_other_tests(server: Server) -> None:
    """Every run of earlier tests goes away, so that the table is short and its rows are in view."""
    store = RunStore(server.runs)
    for run in store.list():
        if not store.is_held(run.id):
            store.delete(run.id)


@pytest.mark.long
def test_one_ticked_run_can_be_renamed_and_opened(server: Server, page: Page) -> None:
    finished_run(server.runs, "Another")
    run = finished_run(server.runs, "Old name")
    open_runs(page, server, "Old name", "Another")
    tick(page, "Old name")
    field = page.get_by_label("Name", exact=True)
    expect(field).to_have_value("Old name")
    expect(page.get_by_role("button", name="Rename")).to_be_disabled()
    field.fill("New name, with ümlaut")
    field.press("Enter")
    expect(page.get_by_role("button", name="Rename")).to_be_enabled()
    press(page, "Rename")
    until(lambda: "New name, with ümlaut" in listed(page), "the table shows the new name")
    assert RunStore(server.runs).get(run.id).name == "New name, with ümlaut"
    assert "Another" in listed(page)
    press(page, "Open")
    expect(page.get_by_role("heading", name="Train an autoencoder", level=1)).to_be_visible()
    wait_for_state(page, "Done")
    assert run_in(page) == run.id
    expect(page.get_by_role("heading", name="New name, with ümlaut")).to_be_visible()


@pytest.mark.long
def test_the_download_is_a_zip_with_weights_that_safetensors_can_open(
    server: Server, page: Page, tmp_path: Path
) -> None:
    run = finished_run(server.runs, "To take home")
    open_runs(page, server, "To take home")
    tick(page, "To take home")
    wait_idle(page)  # a run of the page gives its downloads other names
    with page.expect_download() as waiting:
        press(page, "Weights and settings")
    assert waiting.value.suggested_filename == f"{run.id}.zip"
    waiting.value.save_as(tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as bundle:
        inside = {Path(name).name: bundle.read(name) for name in bundle.namelist()}
    assert {"weights.safetensors", "settings.json", "status.json", "progress.jsonl", "latents.npz"} <= set(inside)
    weights = load_safetensors(inside["weights.safetensors"])
    assert set(weights) == set(run.weights())
    assert all(np.array_equal(weights[name], value) for name, value in run.weights().items())
    assert json.loads(inside["settings.json"]) == run.settings


@pytest.mark.long
def test_a_deleted_run_leaves_the_table_and_comes_back_from_the_trash(server: Server, page: Page) -> None:
    finished_run(server.runs, "Stays")
    run = finished_run(server.runs, "Comes and goes")
    open_runs(page, server, "Stays", "Comes and goes")
    tick(page, "Comes and goes")
    press(page, "Delete")
    until(lambda: listed(page) == ["Stays"], "the run is gone from the table")
    wait_idle(page)  # what stood between the table and the trash is gone by then, and nothing moves under the click
    assert not run.folder.exists()
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)
    page.locator(".st-key-trash summary").click()
    press(page, "Restore Comes and goes")
    until(lambda: set(listed(page)) == {"Stays", "Comes and goes"}, "the run is back in the table")
    assert RunStore(server.runs).get(run.id).status.state == "done"


def test_two_ticked_runs_are_compared_in_one_chart(server: Server, page: Page) -> None:
    finished_run(server.runs, "Wide code", latent_size=20)
    finished_run(server.runs, "Narrow code", latent_size=2)
    open_runs(page, server, "Wide code", "Narrow code")
    tick(page, "Wide code")
    until(lambda: traces(page) and [name for name, _ in traces(page)] == ["Wide code"], "one curve is drawn")
    tick(page, "Narrow code")
    until(lambda: len(traces(page)) == 2, "two curves are drawn")
    ends = {name: heights[-1] for name, heights in traces(page)}
    assert set(ends) == {"Wide code", "Narrow code"}
    assert ends["Wide code"] < ends["Narrow code"]
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)
    press(page, "Delete these 2")
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_visible()
    wait_idle(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    expect(page.get_by_text("Deleted: “")).to_contain_text("“Narrow code”")
    press(page, "Undo")
    until(lambda: set(listed(page)) == {"Wide code", "Narrow code"}, "both are back")
    expect(page.get_by_text("Deleted: “")).to_have_count(0)


@pytest.mark.long
def test_ticks_on_two_pages_of_a_long_list_are_deleted_together(server: Server, page: Page) -> None:
    store = RunStore(server.runs)
    for number in range(PAGE_SIZE + 3):
        made = make(store, f"Number {number}")
        store.update(made.id, state="paused")
    newest, oldest = f"Number {PAGE_SIZE + 2}", "Number 0"
    open_runs(page, server, newest)
    tick(page, newest)
    expect(page.get_by_label("Name", exact=True)).to_have_value(newest)
    page.get_by_role("button", name="Page 2", exact=True).click()
    until(lambda: listed(page) == ["Number 2", "Number 1", oldest], "the second page is listed")
    expect(page.get_by_text("Ticked: 1, of which 1 not on this page")).to_be_visible()
    tick(page, oldest)
    expect(page.get_by_text("Ticked: 2, of which 1 not on this page")).to_be_visible()  # a table says so a moment later
    page.get_by_role("button", name="Page 1", exact=True).click()
    until(lambda: newest in listed(page), "the first page is listed again")
    expect(page.get_by_text("Ticked: 2, of which 1 not on this page")).to_be_visible()
    tick(page, newest)  # which is still ticked here, and no longer then
    expect(page.get_by_label("Name", exact=True)).to_have_value(oldest)
    tick(page, newest)
    press(page, "Delete these 2")
    expect(page.get_by_text("Deleted: “")).to_contain_text(f"“{newest}”")
    until(lambda: listed(page) and newest not in listed(page), "the newest has gone from the list")
    assert {run.name for run in store.deleted()} >= {newest, oldest}


def traces(page: Page) -> list[tuple[str, list[float]]]:
    """Name and heights of every curve in the chart."""
    read = (
        "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(p => (p.calcdata ?? "
        "[]).map(t => [t[0].trace.name, t.map(v => v.y)]))"
    )
    return page.evaluate(read)
