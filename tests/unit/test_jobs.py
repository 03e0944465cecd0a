"""Trainings with real worker processes: order, limits, pause, stop, death, and a server that goes and comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aecore.jobs.kinds import TRAINING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.queue import MOST_WAITING, QueueFull
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunError, RunStore
from tests.small_runs import busy, finish, has_records, has_same_weights, jobs_of, make, state, until

PER_VISITOR = TRAINING.per_visitor
LONG = 100
"""Epochs of a run that is paused or killed long before its end, about a second and a half after its start."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("home") / "runs")


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A long run, trained in this process without a pause."""
    store = RunStore(tmp_path_factory.mktemp("straight") / "runs")
    return finish(store, make(store, epochs=LONG))


@pytest.fixture(scope="module")
def shared_jobs(store: RunStore) -> Iterator[Jobs]:
    """One worker, warm for all tests."""
    jobs = jobs_of(store)
    jobs.open()
    until(jobs.is_warm)
    yield jobs
    jobs.close()


@pytest.fixture
def jobs(shared_jobs: Jobs, store: RunStore) -> Iterator[Jobs]:
    """The shared jobs, idle before and after each test."""
    yield shared_jobs
    for run in store.list():
        if shared_jobs.is_known(run.id):
            until(lambda run=run: not shared_jobs.is_known(run.id) or _tried_to_stop(shared_jobs, run.id))
    until(lambda: shared_jobs.is_warm() and set(shared_jobs.pids().values()) == {""})


def _tried_to_stop(jobs: Jobs, run_id: str) -> bool:
    try:
        jobs.stop(run_id)
    except RunError:
        return True
    return False


def test_a_run_is_trained_to_the_end_as_it_would_be_in_this_process(jobs: Jobs, store: RunStore) -> None:
    run = make(store)
    jobs.train(run.id, "ann")
    assert jobs.is_known(run.id)
    jobs.train(run.id, "ann")  # twice is once
    until(lambda: state(store, run) == "done")
    until(lambda: not jobs.is_known(run.id))
    assert has_same_weights(store.get(run.id), finish(store, make(store)))


@pytest.mark.skipif(not hasattr(os, "getsid"), reason="this system has no sessions")
def test_a_training_worker_steps_back_for_the_server_and_is_out_of_reach_of_its_terminal(jobs: Jobs) -> None:
    (pid,) = jobs.pids()
    lower = int(os.environ.get("AECORE_NICE") or TRAINING.nice)
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + lower)
    assert os.getsid(pid) == os.getsid(0)  # another session would have a share of the processor as large as this one's
    assert os.getpgid(pid) == pid
    group = Path("/proc/self/autogroup")
    if group.exists():  # an empty file, for both, where the kernel groups by something else
        assert Path(f"/proc/{pid}/autogroup").read_text().split()[:1] == group.read_text().split()[:1]


def test_visitors_take_turns_however_much_one_of_them_asks_for(jobs: Jobs, store: RunStore) -> None:
    first = busy(jobs, store)
    asked = [("ann", make(store, f"ann {index}", epochs=1)) for index in range(3)] + [
        ("bob", make(store, f"bob {index}", epochs=1)) for index in range(2)
    ]
    for visitor, run in asked:
        jobs.train(run.id, visitor)
    line = sorted((run for _, run in asked), key=lambda run: jobs.place_of_run(run.id))
    assert [run.name for run in line] == ["ann 0", "bob 0", "ann 1", "bob 1", "ann 2"]
    assert [jobs.place_of_run(run.id) for run in line] == [0, 1, 2, 3, 4]
    assert jobs.place_of_run(first.id) == jobs.place_of_run("0" * 12) == -1
    jobs.stop(first.id)
    until(lambda: all(state(store, run) == "done" for run in line))
    started = [store.get(run.id).status.started for run in line]
    assert started == sorted(started)


def test_a_race_is_refused_whole_where_not_all_of_it_can_wait(store: RunStore) -> None:
    jobs = Jobs(store, LocalExecutor(store.folder.parent))
    jobs.check_room_for_runs("ann", PER_VISITOR)
    for _ in range(2):
        jobs.train(make(store, epochs=1).id, "ann")
    jobs.check_room_for_runs("ann", PER_VISITOR - 2)
    with pytest.raises(QueueFull, match=rf"You have 2 runs waiting, and {PER_VISITOR - 1} more would be too many"):
        jobs.check_room_for_runs("ann", PER_VISITOR - 1)
    jobs.check_room_for_runs("bob", PER_VISITOR)


def test_too_many_waiting_runs_of_one_visitor_are_refused_and_of_another_are_not(jobs: Jobs, store: RunStore) -> None:
    busy(jobs, store)
    for _ in range(PER_VISITOR):
        jobs.train(make(store, epochs=1).id, "ann")
    one_more = make(store, epochs=1)
    with pytest.raises(
        QueueFull, match=rf"^You already have {PER_VISITOR} runs waiting\. Let one finish, or cancel one"
    ):
        jobs.train(one_more.id, "ann")
    assert not jobs.is_known(one_more.id)
    jobs.train(one_more.id, "bob")
    assert jobs.place_of_run(one_more.id) == 1


def test_too_many_waiting_runs_altogether_are_refused(
    jobs: Jobs, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.jobs.queue.MOST_WAITING", 3)
    assert MOST_WAITING > PER_VISITOR
    busy(jobs, store)
    for index in range(3):
        jobs.train(make(store, epochs=1).id, f"visitor {index}")
    with pytest.raises(QueueFull, match=r"^3 runs are waiting on this machine\. Try again in a few minutes\.$"):
        jobs.train(make(store, epochs=1).id, "late")


@pytest.mark.long
def test_a_paused_run_frees_the_worker_and_resumes_to_the_same_end(jobs: Jobs, store: RunStore, straight: Run) -> None:
    run = make(store, epochs=LONG)
    jobs.train(run.id, "ann")
    until(lambda: has_records(run))
    jobs.pause(run.id)
    until(lambda: state(store, run) == "paused")
    until(lambda: not jobs.is_known(run.id))
    paused_at = ProgressLog(run.folder / "progress.jsonl").read()[-1]["step"]
    assert paused_at < LONG * 20
    jobs.train(run.id, "ann")
    until(lambda: state(store, run) == "done")
    steps = [each["step"] for each in ProgressLog(run.folder / "progress.jsonl").read()]
    assert paused_at in steps
    assert steps[-1] == LONG * 20
    assert has_same_weights(store.get(run.id), straight)


def test_a_stopped_run_is_measured(jobs: Jobs, store: RunStore) -> None:
    run = busy(jobs, store)
    jobs.stop(run.id)
    until(lambda: state(store, run) == "stopped")
    assert (store.get(run.id).status.test or {})["mse"] > 0


@pytest.mark.parametrize("request_", ["pause", "stop"])
def test_a_request_takes_a_waiting_run_out_of_the_queue(jobs: Jobs, store: RunStore, request_: str) -> None:
    busy(jobs, store)
    waiting = make(store, epochs=1)
    jobs.train(waiting.id, "ann")
    getattr(jobs, request_)(waiting.id)
    assert (jobs.place_of_run(waiting.id), jobs.is_known(waiting.id)) == (-1, False)
    assert store.get(waiting.id).status.is_resumable
    jobs.train(waiting.id, "ann")
    assert jobs.place_of_run(waiting.id) == 0


def test_a_request_for_a_run_that_nobody_trains_is_refused(jobs: Jobs, store: RunStore) -> None:
    run = make(store, epochs=1)
    jobs.train(run.id, "ann")
    until(lambda: state(store, run) == "done" and not jobs.is_known(run.id))
    with pytest.raises(RunError, match="is not being trained: it may have just ended"):
        jobs.stop(run.id)
    assert state(store, run) == "done"


def test_continue_right_after_pause_is_not_lost(jobs: Jobs, store: RunStore) -> None:
    """The folder says "paused" a moment before the worker has said that it is free."""
    run = busy(jobs, store)
    for _ in range(3):
        jobs.pause(run.id)
        until(lambda: state(store, run) == "paused", every=0.001)
        jobs.train(run.id, "ann")
        until(lambda: state(store, run) == "training")


def test_a_run_deleted_while_it_waited_does_not_come_back(jobs: Jobs, store: RunStore) -> None:
    first, waiting = busy(jobs, store), make(store, epochs=1)
    jobs.train(waiting.id, "ann")
    store.delete(waiting.id)
    jobs.stop(first.id)
    until(lambda: not jobs.is_known(waiting.id))
    assert waiting.id not in [run.id for run in store.list()]


def test_a_worker_that_is_killed_leaves_an_interrupted_run_and_another_one_finishes_it(
    jobs: Jobs, store: RunStore, straight: Run
) -> None:
    run, waiting = make(store, epochs=LONG), make(store, epochs=1)
    jobs.train(run.id, "ann")
    jobs.train(waiting.id, "bob")
    until(lambda: has_records(run) and store.get(run.id).has_weights)
    (pid,) = jobs.pids()
    os.kill(pid, signal.SIGKILL)
    until(lambda: state(store, run) == "interrupted")
    assert store.get(run.id).status.message.startswith(
        "The process that trained it ended unexpectedly (it was killed, perhaps because memory ran out)."
    )
    until(lambda: state(store, waiting) == "done")
    assert pid not in jobs.pids()
    jobs.train(run.id, "ann")
    until(lambda: state(store, run) == "done")
    assert has_same_weights(store.get(run.id), straight)
