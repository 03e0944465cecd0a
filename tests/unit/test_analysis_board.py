"""The board of studies with its real process: one after another, shared, stopped, and after the process has died."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from aecore.analyses.feature_results import ALL, Results, results_of
from aecore.jobs.analysis_board import PER_VISITOR, Study, StudyBoard, TooManyStudies, Wish
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.small_runs import until

QUICK: Wish = ("features", "digits", "logistic", 100)
LONG: Wish = ("features", "faces", "svm", ALL)
"""Drawing the faces alone takes seconds."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("home") / "runs")


@pytest.fixture(scope="module")
def board(store: RunStore) -> Iterator[StudyBoard]:
    """One board for all tests, its process warm after the first."""
    made = StudyBoard(store)
    yield made
    made.close()


def results(store: RunStore, wish: Wish) -> Results:
    return results_of(store, find_trained_model(store, wish[1]))


def ended(study: Study) -> str:
    until(lambda: not study.is_active, seconds=120)
    return study.state


def test_a_study_runs_in_another_process_and_whoever_wishes_the_same_shares_it(board: StudyBoard, store: RunStore) -> None:
    study = board.submit(QUICK, "ann")
    assert board.submit(QUICK, "bob") is study
    assert ended(study) == "done"
    assert results(store, QUICK).is_complete(*QUICK[2:])
    assert board.study(QUICK) is study


def test_a_sentence_comes_back_where_it_cannot_be_done(board: StudyBoard) -> None:
    study = board.submit(("features", "abcdefabcdef", "logistic", 100), "ann")
    assert ended(study) == "failed"
    assert "There is no run 'abcdefabcdef' here" in study.error


def test_a_running_study_is_stopped_a_waiting_one_taken_out_and_the_next_begins(board: StudyBoard, store: RunStore) -> None:
    long = board.submit(LONG, "ann")
    until(lambda: long.state == "running")
    later, last = board.submit(("features", "digits", "svm", 100), "ann"), board.submit(("features", "digits", "kernel-svm", 100), "bob")
    assert (board.place(later), board.place(last)) == (1, 2)
    board.stop(later.wish)
    assert (later.state, board.place(last)) == ("stopped", 1)
    board.stop(LONG)
    assert long.state == "stopped"
    assert ended(last) == "done"
    assert long.error == ""
    assert not results(store, later.wish).at("svm", 100)


def test_one_visitor_may_not_fill_the_queue(board: StudyBoard) -> None:
    long = board.submit(LONG, "ann")
    until(lambda: long.state == "running")
    wishes = [("features", "digits", "logistic", size) for size in (301, 302, 303)]
    assert len(wishes) == PER_VISITOR
    for wish in wishes:
        board.submit(wish, "ann")
    with pytest.raises(TooManyStudies, match="3 studies waiting"):
        board.submit(("features", "digits", "logistic", 304), "ann")
    assert board.submit(("features", "digits", "logistic", 305), "bob").is_active
    for wish in (*wishes, ("features", "digits", "logistic", 305), LONG):
        board.stop(wish)


def test_a_process_that_dies_ends_its_study_with_a_sentence_and_the_next_gets_another(board: StudyBoard) -> None:
    study = board.submit(LONG, "ann")
    until(lambda: study.state == "running" and board._process is not None and board._process.poll() is None)
    assert board._process is not None
    os.kill(board._process.pid, signal.SIGKILL)
    assert ended(study) == "failed"
    assert "ended unexpectedly" in study.error
    assert ended(board.submit(("features", "digits", "logistic", 101), "ann")) == "done"


def test_an_idle_process_ends_and_another_comes_when_there_is_work(store: RunStore) -> None:
    board = StudyBoard(store, idle_seconds=0.1)
    assert ended(board.submit(("features", "abcdefabcdef", "logistic", 100), "ann")) == "failed"
    until(lambda: board._process is None and board._thread is None)
    again = board.submit(QUICK, "ann")
    until(lambda: again.state == "running" and board._process is not None)
    board.stop(QUICK)
    until(lambda: board._process is None)
