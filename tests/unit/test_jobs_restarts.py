"""Workers and servers that come and go: a late wish, a server that ends and comes back, workers that cannot start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aecore.jobs.board import JobBoard
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore
from tests.small_runs import busy, make, state, until


def test_a_wish_that_arrives_after_the_end_of_a_run_does_not_touch_the_next_one(tmp_path: Path) -> None:
    """The board may send a wish before it has heard that the run has ended."""
    store = RunStore(tmp_path / "runs")
    first, second = make(store, epochs=1), make(store, epochs=150)
    worker = subprocess.Popen([sys.executable, "-m", "aecore.jobs.worker", str(store.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == "ready\n"
        worker.stdin.write(json.dumps({"run": first.id}) + "\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == f"ended {first.id}\n"
        worker.stdin.write(json.dumps({"wish": "stop", "about": first.id}) + "\n" + json.dumps({"run": second.id}) + "\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == f"ended {second.id}\n"
        assert (state(store, first), state(store, second)) == ("done", "done")
    finally:
        worker.kill()  # whatever happened, no worker is left behind
        worker.communicate()


def test_a_server_that_goes_leaves_runs_that_the_next_one_finishes(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    board = JobBoard(store, size=1)
    board.open()
    running, waiting = busy(board, store), make(store, epochs=1)
    board.submit(waiting.id, "ann")
    (pid,) = board.pids()
    board.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert (state(store, running), state(store, waiting)) == ("interrupted", "queued")
    assert store.get(running.id).has_weights
    following = JobBoard(store, size=1)
    try:
        following.open()
        until(lambda: state(store, waiting) == "done")
        assert state(store, running) == "interrupted"  # nobody goes on with it unasked
        last = ProgressLog(running.folder / "progress.jsonl").read()[0]["step"]
        following.submit(running.id, "ann")
        until(lambda: following.pids() and state(store, running) == "training")
        until(lambda: ProgressLog(running.folder / "progress.jsonl").read()[-1]["step"] > last)
    finally:
        following.close()
    assert state(store, running) == "interrupted"


def test_workers_that_cannot_start_are_given_up_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.jobs.board.sys.executable", "/bin/false")
    board = JobBoard(RunStore(tmp_path / "runs"), size=1)
    board.open()
    until(lambda: not board.pids())
    assert not board.is_warm()
    board.close()
