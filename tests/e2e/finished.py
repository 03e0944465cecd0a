"""Runs trained before a test begins, in this process, in the folder where the server looks."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aecore.datasets import DATASETS
from aecore.experiment import runner
from aecore.experiment.settings import RunSettings
from aecore.experiment.sweep import Sweep, as_text, plan, sweep_name
from aecore.files import write_json
from aecore.runs.store import Run, RunStore
from aecore.runs.sweeps import SweepRecord, SweepStore


def finished_run(runs: Path, name: str, epochs: int = 12, data: str = "digits", **values: object) -> Run:
    """A run, of the digits unless told, that is done, with a film and test figures.

    What this app draws or ships is trained on once in this process for the same settings; later runs are copies.
    """
    settings = RunSettings.build(data, "undercomplete", epochs=epochs, **values).to_dict()
    if data in DATASETS and not DATASETS[data].remote:
        return _copied(_trained_once(json.dumps(settings)), RunStore(runs), name)
    return _trained(RunStore(runs), settings, name)


@cache
def _trained_once(settings: str) -> Run:
    return _trained(RunStore(Path(_folder().name) / "runs"), json.loads(settings), "Trained once")


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="finished-runs-")


def _trained(store: RunStore, settings: dict[str, object], name: str) -> Run:
    run = store.create(settings, name)
    for _ in runner.run(store, run.id):
        pass
    done = store.get(run.id)
    assert done.status.state == "done", done.status.message
    return done


def _copied(run: Run, store: RunStore, name: str) -> Run:
    new = store.create(run.settings, name)
    shutil.copytree(run.folder, new.folder, dirs_exist_ok=True)
    later = time.time() - run.status.finished
    times = {
        "created": new.status.created,
        "started": run.status.started + later,
        "finished": run.status.finished + later,
    }
    write_json(new.folder / "status.json", replace(run.status, name=new.status.name, **times).__dict__)
    return store.get(new.id)


def finished_sweep(home: Path, sweep: Sweep) -> SweepRecord:
    """A sweep of the host, all of whose runs have been trained in this process to their ends."""
    store, planned = RunStore(home / "runs"), plan(sweep)
    for each in planned:
        store.create(each.settings, each.name, run_id=each.id)
        for _ in runner.run(store, each.id):
            pass
    found = SweepStore(home).create(as_text(sweep), sweep_name(sweep), planned)
    return SweepStore(home).update(found.id, state="done", begun=tuple(run.id for run in planned))
