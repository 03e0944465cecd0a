"""The menu "Export" in a browser: it gives the files, and the notebook and the ZIP hold the same program."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aecore.exchange.importing import import_run
from aecore.exchange.tensorboard import event_file
from aecore.export import script
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, press, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.small_runs import has_same_weights


def saved(page: Page, button: str, folder: Path) -> Path:
    """What a press of this button brings."""
    wait_idle(page)  # a run of the page gives its downloads other names
    with page.expect_download(timeout=60_000) as waiting:
        press(page, button)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.long
def test_the_menu_of_a_finished_run_gives_programs_and_models(server: Server, page: Page, tmp_path: Path) -> None:
    run = finished_run(server.runs, "To take home", epochs=2)
    go(page, f"{server.url}/train?run={run.id}", "Train an autoencoder")
    wait_for_state(page, "Done")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("button", name="Script (.py)")).to_be_visible()
    text = saved(page, "Script (.py)", tmp_path)
    assert text.name == "to-take-home.py"
    assert text.read_text(encoding="utf-8") == script(run)
    assert f"{(run.status.test or {})['mse']:.6f}" in text.read_text(encoding="utf-8")
    book = json.loads(saved(page, "Notebook (.ipynb)", tmp_path).read_text(encoding="utf-8"))
    assert book["cells"][0]["source"].startswith("# To take home")
    with zipfile.ZipFile(saved(page, "Everything (.zip)", tmp_path)) as bundle:
        assert bundle.read("to-take-home/to-take-home.py").decode() == script(run)
    for label, name, file in (
        ("Hugging Face (.zip)", "to-take-home-model.zip", "to-take-home/model.safetensors"),
        ("TensorBoard (.zip)", "to-take-home-tensorboard.zip", f"to-take-home-{run.id}/{event_file(run)}"),
    ):
        path = saved(page, label, tmp_path)
        assert path.name == name
        with zipfile.ZipFile(path) as bundle:
            assert bundle.read(file)
    assert has_same_weights(import_run(RunStore(server.runs), tmp_path / "to-take-home-model.zip").run, run)
