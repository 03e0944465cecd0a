"""The job board with real worker processes: order, limits, pause, stop, death, and a server that goes and comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from aecore.jobs.board import LONGEST_QUEUE, PER_VISITOR, JobBoard, QueueFull
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunError, RunStore
from tests.small_runs import busy, finish, has_records, has_same_weights, make, state, until

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
def shared_board(store: RunStore) -> Iterator[JobBoard]:
    """One worker, warm for all tests."""
    board = JobBoard(store, size=1)
    board.open()
    until(board.is_warm)
    yield board
    board.close()


@pytest.fixture
def board(shared_board: JobBoard, store: RunStore) -> Iterator[JobBoard]:
    """The shared board, idle before and after each test."""
    yield shared_board
    for run in store.list():
        if shared_board.is_known(run.id):
            until(lambda run=run: not shared_board.is_known(run.id) or _tried_to_stop(shared_board, run.id))
    until(lambda: shared_board.is_warm() and set(shared_board.pids().values()) == {""})


def _tried_to_stop(board: JobBoard, run_id: str) -> bool:
    try:
        board.wish(run_id, "stop")
    except RunError:
        return True
    return False


def test_a_run_is_trained_to_the_end_as_it_would_be_in_this_process(board: JobBoard, store: RunStore) -> None:
    run = make(store)
    board.submit(run.id, "ann")
    assert board.is_known(run.id)
    board.submit(run.id, "ann")  # twice is once
    until(lambda: state(store, run) == "done")
    until(lambda: not board.is_known(run.id))
    assert has_same_weights(store.get(run.id), finish(store, make(store)))


def test_visitors_take_turns_however_much_one_of_them_asks_for(board: JobBoard, store: RunStore) -> None:
    first = busy(board, store)
    asked = [("ann", make(store, f"ann {index}", epochs=1)) for index in range(3)] + [("bob", make(store, f"bob {index}", epochs=1)) for index in range(2)]
    for visitor, run in asked:
        board.submit(run.id, visitor)
    line = sorted((run for _, run in asked), key=lambda run: board.place(run.id))
    assert [run.name for run in line] == ["ann 0", "bob 0", "ann 1", "bob 1", "ann 2"]
    assert [board.place(run.id) for run in line] == [0, 1, 2, 3, 4]
    assert board.place(first.id) == board.place("0" * 12) == -1
    board.wish(first.id, "stop")
    until(lambda: all(state(store, run) == "done" for run in line))
    started = [store.get(run.id).status.started for run in line]
    assert started == sorted(started)


def test_a_race_is_refused_whole_where_not_all_of_it_can_wait(store: RunStore) -> None:
    board = JobBoard(store, size=0)
    board.check_room("ann", PER_VISITOR)
    for _ in range(2):
        board.submit(make(store, epochs=1).id, "ann")
    board.check_room("ann", PER_VISITOR - 2)
    with pytest.raises(QueueFull, match=rf"You have 2 runs waiting, and {PER_VISITOR - 1} more would be too many"):
        board.check_room("ann", PER_VISITOR - 1)
    board.check_room("bob", PER_VISITOR)


def test_too_many_waiting_runs_of_one_visitor_are_refused_and_of_another_are_not(board: JobBoard, store: RunStore) -> None:
    busy(board, store)
    for _ in range(PER_VISITOR):
        board.submit(make(store, epochs=1).id, "ann")
    one_more = make(store, epochs=1)
    with pytest.raises(QueueFull, match=rf"^You already have {PER_VISITOR} runs waiting\. Let one finish, or cancel one"):
        board.submit(one_more.id, "ann")
    assert not board.is_known(one_more.id)
    board.submit(one_more.id, "bob")
    assert board.place(one_more.id) == 1


def test_too_many_waiting_runs_altogether_are_refused(board: JobBoard, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.jobs.board.LONGEST_QUEUE", 3)
    assert LONGEST_QUEUE > PER_VISITOR
    busy(board, store)
    for index in range(3):
        board.submit(make(store, epochs=1).id, f"visitor {index}")
    with pytest.raises(QueueFull, match=r"^3 runs are waiting on this machine\. Try again in a few minutes\.$"):
        board.submit(make(store, epochs=1).id, "late")


def test_a_paused_run_frees_the_worker_and_goes_on_to_the_same_end(board: JobBoard, store: RunStore, straight: Run) -> None:
    run = make(store, epochs=LONG)
    board.submit(run.id, "ann")
    until(lambda: has_records(run))
    board.wish(run.id, "pause")
    until(lambda: state(store, run) == "paused")
    until(lambda: not board.is_known(run.id))
    paused_at = ProgressLog(run.folder / "progress.jsonl").read()[-1]["step"]
    assert paused_at < LONG * 20
    board.submit(run.id, "ann")
    until(lambda: state(store, run) == "done")
    steps = [each["step"] for each in ProgressLog(run.folder / "progress.jsonl").read()]
    assert paused_at in steps
    assert steps[-1] == LONG * 20
    assert has_same_weights(store.get(run.id), straight)


def test_a_stopped_run_is_measured(board: JobBoard, store: RunStore) -> None:
    run = busy(board, store)
    board.wish(run.id, "stop")
    until(lambda: state(store, run) == "stopped")
    assert (store.get(run.id).status.test or {})["mse"] > 0


@pytest.mark.parametrize("wish", ["pause", "stop"])
def test_a_wish_takes_a_waiting_run_out_of_the_queue(board: JobBoard, store: RunStore, wish: str) -> None:
    busy(board, store)
    waiting = make(store, epochs=1)
    board.submit(waiting.id, "ann")
    board.wish(waiting.id, wish)
    assert (board.place(waiting.id), board.is_known(waiting.id)) == (-1, False)
    assert store.get(waiting.id).status.is_resumable
    board.submit(waiting.id, "ann")
    assert board.place(waiting.id) == 0


def test_a_wish_for_a_run_that_is_not_here_is_refused(board: JobBoard, store: RunStore) -> None:
    with pytest.raises(RunError, match="not being trained by this app"):
        board.wish(make(store).id, "stop")


def test_a_run_deleted_while_it_waited_does_not_come_back(board: JobBoard, store: RunStore) -> None:
    first, waiting = busy(board, store), make(store, epochs=1)
    board.submit(waiting.id, "ann")
    store.delete(waiting.id)
    board.wish(first.id, "stop")
    until(lambda: not board.is_known(waiting.id))
    assert waiting.id not in [run.id for run in store.list()]


def test_a_worker_that_is_killed_leaves_an_interrupted_run_and_another_one_finishes_it(board: JobBoard, store: RunStore, straight: Run) -> None:
    run, waiting = make(store, epochs=LONG), make(store, epochs=1)
    board.submit(run.id, "ann")
    board.submit(waiting.id, "bob")
    until(lambda: has_records(run) and store.get(run.id).has_weights)
    (pid,) = board.pids()
    os.kill(pid, signal.SIGKILL)
    until(lambda: state(store, run) == "interrupted")
    assert store.get(run.id).status.message.startswith("The process that trained it ended unexpectedly (it was killed, perhaps because memory ran out).")
    until(lambda: state(store, waiting) == "done")
    assert pid not in board.pids()
    board.submit(run.id, "ann")
    until(lambda: state(store, run) == "done")
    assert has_same_weights(store.get(run.id), straight)
