"""Pause and stop are requests in a run's folder: they reach every trainer,
and only the training that they were meant for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.jobs import kinds
from aecore.runs.requests import FILE, Requests, ask
from aecore.runs.status import Status
from aecore.runs.store import RunError, RunStore
from tests.small_runs import busy, has_records, held, jobs_of, make, state, until


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


@pytest.mark.long
def test_the_command_line_pauses_and_stops_what_a_worker_trains(
    store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = jobs_of(store)
    jobs.open()
    try:
        run = busy(jobs, store)
        assert main(["runs", "pause", run.id]) == 0
        assert "has been asked to pause" in capsys.readouterr().out
        until(lambda: state(store, run) == "paused")
        jobs.train(run.id, "ann")
        until(lambda: state(store, run) == "training")
        assert main(["runs", "stop", run.id]) == 0
        until(lambda: state(store, run) == "stopped")
        assert (store.get(run.id).status.test or {})["mse"] > 0
        assert not (run.folder / FILE).exists()
    finally:
        jobs.close()


@pytest.mark.long
def test_the_app_stops_what_the_command_line_trains(store: RunStore, home: Path) -> None:
    command = [sys.executable, "-m", "aecore", "train", "--epochs", "2000", "--batch-size", "16", "--json"]
    environment = {**os.environ, "AECORE_HOME": str(home)}
    trainer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert trainer.stdout is not None
        run = store.get(json.loads(trainer.stdout.readline())["run"])
        until(lambda: has_records(run))
        jobs_of(store).stop(run.id)
        trainer.communicate(timeout=120)
        assert state(store, run) == "stopped"
    finally:
        trainer.kill()
        trainer.communicate()


@pytest.mark.long
def test_a_waiting_run_is_taken_out_of_the_queue_from_another_process(store: RunStore) -> None:
    jobs = jobs_of(store)
    jobs.open()
    try:
        first, waiting = busy(jobs, store), make(store, epochs=1)
        jobs.train(waiting.id, "ann")
        ask(store, waiting.id, "pause")
        assert state(store, waiting) == "paused"
        jobs.stop(first.id)
        until(lambda: not jobs.is_known(waiting.id))
        assert state(store, waiting) == "paused"
        assert not has_records(waiting)
    finally:
        jobs.close()


def test_a_request_for_an_earlier_training_does_not_touch_the_next(store: RunStore) -> None:
    run = make(store, epochs=1)
    before = Status(state="paused", started=10.0)
    write(run.folder, "stop", "10.0")
    assert Requests(run.folder, before, Status("training", started=20.0)).poll() is None
    write(run.folder, "stop", "20.0")
    assert Requests(run.folder, before, Status("training", started=20.0)).poll() == "stop"
    assert not (run.folder / FILE).exists()
    write(run.folder, "pause", "after 10.0")  # while it waited for this very training
    assert Requests(run.folder, before, Status("training", started=20.0)).poll() == "pause"
    write(run.folder, "stop", "10.0")
    for _ in kinds.train(store, run.id):
        pass
    assert state(store, run) == "done"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"action": "format", "training": "20.0"}', '{"action": "stop"}'])
def test_a_request_that_makes_no_sense_is_not_heard(store: RunStore, content: str) -> None:
    run = make(store)
    (run.folder / FILE).write_text(content)
    assert Requests(run.folder, Status(started=10.0), Status("training", started=20.0)).poll() is None


def test_a_request_is_refused_where_nobody_trains(store: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    run = make(store, name="Mine")
    store.update(run.id, state="done")
    with pytest.raises(RunError, match="Run 'Mine' is not being trained"):
        ask(store, run.id, "stop")
    store.update(run.id, state="training")
    with pytest.raises(RunError, match="Nobody trains run 'Mine' any more"):
        ask(store, run.id, "stop")
    assert main(["runs", "pause", run.id]) != 0
    assert "Nobody trains" in capsys.readouterr().err
    assert not (run.folder / FILE).exists()


def test_a_request_waits_in_the_folder_of_a_run_that_is_held(store: RunStore) -> None:
    run = make(store)
    store.update(run.id, state="training", started=5.0)
    with held(store, run.id):
        ask(store, run.id, "pause")
    assert json.loads((run.folder / FILE).read_text()) == {"action": "pause", "training": "5.0"}


def test_a_look_at_the_lock_does_not_keep_a_trainer_away(store: RunStore) -> None:
    """`aecore runs` tries the lock of every run for a moment; a training that began just then used to be lost."""
    run = make(store, epochs=1)
    with held(store, run.id) as holder:
        threading.Timer(0.3, holder.kill).start()
        for _ in kinds.train(store, run.id):
            pass
    assert state(store, run) == "done"


def write(folder: Path, action: str, training: str) -> None:
    (folder / FILE).write_text(json.dumps({"action": action, "training": training}))
