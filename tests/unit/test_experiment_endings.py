"""How a run ends and goes on: paused, stopped, closed, broken off, diverged."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from aecore import progress
from aecore.datasets import load
from aecore.experiment import runner
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunStore
from tests.small_runs import codes_and_pictures, finish, has_same_weights, make, mse, send_after

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.mark.parametrize("records", [1, 3, 7])
def test_a_resumed_run_equals_one_that_was_never_paused(
    store: RunStore, records: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records after every third step or so, so that the pause falls inside an epoch;
    the damage goes on with its own draws.
    """
    monkeypatch.setattr(progress, "RECORD_SECONDS", 0.0)
    noise = {"corruption": "masking", "noise_level": 0.4}
    whole, parts = finish(store, make(store, **noise)), make(store, **noise)
    paused = send_after(store, parts, records, "pause")
    assert (paused.status.state, paused.has_weights) == ("paused", True)
    assert paused.status.is_resumable
    parts = finish(store, parts)
    assert has_same_weights(whole, parts)
    assert parts.status.test == whole.status.test
    steps = [each["step"] for each in ProgressLog(parts.folder / "progress.jsonl").read()]
    assert steps == [each["step"] for each in ProgressLog(whole.folder / "progress.jsonl").read()]


def test_a_stopped_run_is_measured_like_a_finished_one(store: RunStore) -> None:
    run = send_after(store, make(store, epochs=2000), 2, "stop")
    assert run.status.state == "stopped"
    assert (run.status.test or {})["mse"] == pytest.approx(
        mse(load("digits").test.x, codes_and_pictures(run, load("digits").test.x)[1]), rel=1e-4
    )
    assert (run.folder / "latents.npz").exists()


def test_a_closed_run_is_interrupted_and_resumes_to_the_same_end(store: RunStore) -> None:
    run = make(store)
    trainer = runner.run(store, run.id)
    list(itertools.islice(trainer, 2))
    trainer.close()
    run = store.get(run.id)
    assert (run.status.state, run.has_weights, store.is_held(run.id)) == ("interrupted", True, False)
    assert "continue" in run.status.message
    assert has_same_weights(finish(store, run), finish(store, make(store)))


def test_a_run_broken_off_from_the_keyboard_is_interrupted(store: RunStore) -> None:
    run = make(store)
    trainer = runner.run(store, run.id)
    next(trainer)
    with pytest.raises(KeyboardInterrupt):
        trainer.throw(KeyboardInterrupt())
    assert store.get(run.id).status.state == "interrupted"
    assert not store.is_held(run.id)


def diverge(store: RunStore) -> Run:
    """A few good epochs, then a learning rate at which the loss runs away."""
    run = make(store, output="linear", epochs=40, optimiser="sgd", schedule="constant", learning_rate=0.02)
    send_after(store, run, 3, "pause")
    store.change_settings(run.id, learning_rate=20.0)
    return finish(store, run)


def test_a_diverged_run_keeps_its_last_healthy_checkpoint_and_says_what_to_do(store: RunStore) -> None:
    run = diverge(store)
    assert run.status.state == "diverged"
    assert run.status.message.endswith("Go back to the last good epoch with a smaller learning rate.")
    assert all(np.isfinite(value).all() for value in run.weights().values())
    store.change_settings(run.id, learning_rate=0.002)
    assert finish(store, run).status.state == "done"
