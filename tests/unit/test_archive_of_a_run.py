"""The ZIP of a run: its README names the files that are in it, and its lines of Python read the weights."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.small_runs import make
from ui.screens.runs.archive import TAKEN, bundle


def test_the_readme_names_the_files_that_are_there_and_says_what_they_are(store: RunStore) -> None:
    run = finished_run(store.folder, "A run of mine", epochs=1)
    with zipfile.ZipFile(io.BytesIO(bundle(run))) as archive:
        held = {name.removeprefix(f"{run.id}/") for name in archive.namelist()}
        text = archive.read(f"{run.id}/README.txt").decode()
    assert text.startswith(f"Run {run.id}: A run of mine\n")
    assert held - {"README.txt"} == {name for name in TAKEN if (run.folder / name).exists()}
    told = dict(re.findall(r"^(\S+\.\w+)\s{2,}(.+)$", text, re.MULTILINE))
    assert told == {name: TAKEN[name] for name in held - {"README.txt"}}
    assert {"settings.json", "weights.safetensors", "progress.jsonl"} <= told.keys()


def test_the_lines_of_the_readme_read_the_weights(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished_run(store.folder, "Read", epochs=1)
    with zipfile.ZipFile(io.BytesIO(bundle(run))) as archive:
        archive.extractall(tmp_path)
    monkeypatch.chdir(tmp_path / run.id)
    text = (tmp_path / run.id / "README.txt").read_text()
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ") and "pip install" not in line]
    found: dict[str, object] = {}
    exec("\n".join(lines), found)  # as a reader would paste them
    weights = found["weights"]
    assert isinstance(weights, dict)
    assert weights
    assert all(isinstance(each, np.ndarray) for each in weights.values())


def test_a_run_without_weights_is_not_told_how_to_read_them(store: RunStore) -> None:
    run = make(store, "Waiting")
    with zipfile.ZipFile(io.BytesIO(bundle(run))) as archive:
        text = archive.read(f"{run.id}/README.txt").decode()
    assert "settings.json" in text
    assert "load_file" not in text


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()
