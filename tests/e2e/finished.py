"""Runs trained before a test begins, in this process, in the folder where the server looks."""

from __future__ import annotations

from pathlib import Path

from aecore import experiment
from aecore.run_settings import RunSettings
from aecore.runs import Run, RunStore


def finished_run(runs: Path, name: str, epochs: int = 12, data: str = "digits", **values: object) -> Run:
    """A run, of the digits unless told, that is done, with a film and test figures."""
    store = RunStore(runs)
    run = store.create(RunSettings.build(data, "undercomplete", epochs=epochs, **values).to_dict(), name)
    for _ in experiment.run(store, run.id):
        pass
    done = store.get(run.id)
    assert done.status.state == "done", done.status.message
    return done
