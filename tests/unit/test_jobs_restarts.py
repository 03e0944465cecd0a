"""Workers and servers that come and go: a server that ends and comes back, workers that cannot start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore
from tests.small_runs import busy, has_records, jobs_of, make, state, until


@pytest.mark.long
def test_a_worker_whose_pipe_closes_leaves_a_checkpoint_and_goes(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    run = make(store, epochs=2000)
    command = [sys.executable, "-m", "aecore.jobs.worker", str(tmp_path), "15", "--warm"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert json.loads(worker.stdout.readline()) == {"ready": True}
        worker.stdin.write(json.dumps({"job": 1, "kind": "autoencoder", "arguments": [run.id]}) + "\n")
        worker.stdin.flush()
        until(lambda: has_records(run))
        worker.stdin.close()
        assert worker.wait(timeout=60) == 0
        assert state(store, run) == "interrupted"
        assert store.get(run.id).has_weights
    finally:
        worker.kill()  # whatever happened, no worker is left behind
        worker.wait()


@pytest.mark.long
def test_a_server_that_goes_leaves_runs_that_the_next_one_finishes(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    jobs = jobs_of(store)
    jobs.open()
    running, waiting = busy(jobs, store), make(store, epochs=1)
    jobs.train(waiting.id, "ann")
    (pid,) = jobs.pids()
    jobs.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert (state(store, running), state(store, waiting)) == ("interrupted", "queued")
    assert store.get(running.id).has_weights
    following = jobs_of(store)
    try:
        following.open()
        until(lambda: state(store, waiting) == "done")
        assert state(store, running) == "interrupted"  # nobody goes on with it unasked
        last = ProgressLog(running.folder / "progress.jsonl").read()[0]["step"]
        following.train(running.id, "ann")
        until(lambda: following.pids() and state(store, running) == "training")
        until(lambda: ProgressLog(running.folder / "progress.jsonl").read()[-1]["step"] > last)
    finally:
        following.close()
    assert state(store, running) == "interrupted"


def test_workers_that_cannot_start_are_given_up_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.jobs.local.sys.executable", "/bin/false")
    jobs = jobs_of(RunStore(tmp_path / "runs"))
    jobs.open()
    until(lambda: not jobs.pids())
    assert not jobs.is_warm()
    jobs.close()
