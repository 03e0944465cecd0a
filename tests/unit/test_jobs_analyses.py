"""Analyses with real processes: shared, side by side, short before long, cancelled, idle,
and after a process has died.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aecore.analyses.feature_results import ALL, Results, results_of
from aecore.jobs import kinds
from aecore.jobs.local import LocalExecutor
from aecore.jobs.queue import Job, QueueFull, Request
from aecore.jobs.service import Jobs
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.small_runs import until

QUICK: Request = ("features", "digits", "logistic", 100)
LONG: Request = ("features", "faces", "svm", ALL)
ALSO_LONG: Request = ("features", "faces", "kernel-svm", ALL)
"""Drawing the faces alone takes seconds."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("home") / "runs")


@pytest.fixture(scope="module")
def jobs(store: RunStore) -> Iterator[Jobs]:
    """One long analysis at a time, no trainings; processes stay warm from test to test."""
    made = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 0, "analyses": 1}))
    made.open()
    yield made
    made.close()


def results(store: RunStore, request: Request) -> Results:
    return results_of(store, find_trained_model(store, request[1]))


def ended(job: Job) -> str:
    until(lambda: not job.is_active, seconds=120)
    return job.state


def pid_of(jobs: Jobs, job: Job) -> int:
    """The process that runs it."""
    return next(pid for pid, each in jobs.executor.pids().items() if each is job)


def test_an_analysis_runs_in_another_process_and_is_shared_by_those_who_ask_the_same(
    jobs: Jobs, store: RunStore
) -> None:
    job = jobs.submit(QUICK, "ann")
    assert jobs.submit(QUICK, "bob") is job
    assert ended(job) == "done"
    assert results(store, QUICK).is_complete(*QUICK[2:])
    assert jobs.find(QUICK) is job
    assert job.share > 0


def test_a_sentence_comes_back_where_it_cannot_be_done(jobs: Jobs) -> None:
    job = jobs.submit(("features", "abcdefabcdef", "logistic", 100), "ann")
    assert ended(job) == "failed"
    assert "There is no run 'abcdefabcdef' here" in job.error


def test_a_short_one_overtakes_the_long_ones_of_somebody_else(jobs: Jobs, store: RunStore) -> None:
    long, also = jobs.submit(LONG, "ann"), jobs.submit(ALSO_LONG, "ann")
    until(lambda: long.state == "running")
    short = jobs.submit(("features", "digits", "svm", 100), "bob")
    assert ended(short) == "done"
    assert (long.state, also.state) == ("running", "waiting")
    assert jobs.ahead(also) == 1
    jobs.cancel(ALSO_LONG)
    jobs.cancel(LONG)
    assert (long.state, also.state, long.error) == ("cancelled", "cancelled", "")
    assert not results(store, ALSO_LONG).at("kernel-svm", ALL)


def test_a_long_one_that_has_had_its_time_gives_its_process_to_somebody_else(
    jobs: Jobs, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds.KINDS, "features", replace(kinds.KINDS["features"], seconds=0.05))
    long = jobs.submit(LONG, "ann")
    until(lambda: long.doing not in ("", "Starting"))
    time.sleep(0.05)
    jobs.end_late()
    assert long.state == "running", "nobody waits"
    other = jobs.submit(("features", "digits", "logistic", 1400), "bob")
    assert long.state == "failed"
    assert "others are waiting" in long.error
    assert ended(other) == "done"
    assert long.state == "failed"
    assert jobs.find(LONG) is long


def test_two_visitors_are_served_side_by_side_where_there_are_cores(store: RunStore, tmp_path: Path) -> None:
    jobs = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 0, "analyses": 2}))
    jobs.open()
    try:
        first, second = jobs.submit(LONG, "ann"), jobs.submit(ALSO_LONG, "bob")
        until(lambda: first.doing not in ("", "Starting") and second.doing not in ("", "Starting"))
        assert pid_of(jobs, first) != pid_of(jobs, second)
    finally:
        jobs.close()


def test_one_visitor_may_not_fill_the_queue(jobs: Jobs) -> None:
    long = jobs.submit(LONG, "ann")
    until(lambda: long.state == "running")
    requests = [("features", "digits", "logistic", size) for size in (1301, 1302, 1303)]
    for request in requests:
        jobs.submit(request, "ann")
    with pytest.raises(QueueFull, match="3 analyses waiting"):
        jobs.submit(("features", "digits", "logistic", 1304), "ann")
    assert jobs.submit(("features", "digits", "logistic", 1305), "bob").is_active
    for request in (*requests, ("features", "digits", "logistic", 1305), LONG):
        jobs.cancel(request)


def test_a_process_that_dies_ends_its_job_with_a_sentence_and_the_next_gets_another(jobs: Jobs) -> None:
    job = jobs.submit(LONG, "ann")
    until(lambda: job.state == "running" and job.doing != "Starting")
    os.kill(pid_of(jobs, job), signal.SIGKILL)
    assert ended(job) == "failed"
    assert job.error == (
        "The process that ran it ended unexpectedly (it was killed, perhaps because memory ran out). "
        "Try again, or ask for less."
    )
    assert ended(jobs.submit(("features", "digits", "logistic", 101), "ann")) == "done"


def test_an_idle_process_ends_and_another_comes_when_there_is_work(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = replace(kinds.ANALYSIS, idle_seconds=0.1)
    monkeypatch.setitem(kinds.KINDS, "features", replace(kinds.KINDS["features"], policy=impatient))
    monkeypatch.setattr("aecore.jobs.scheduler.POLICIES", (impatient,))
    jobs = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 0}))
    jobs.open()
    try:
        assert ended(jobs.submit(("features", "abcdefabcdef", "logistic", 100), "ann")) == "failed"
        until(lambda: not jobs.executor.pids())
        assert ended(jobs.submit(("features", "abcdefabcdef", "logistic", 100), "ann")) == "failed"
    finally:
        jobs.close()


def test_a_server_that_goes_takes_its_analyses_along(store: RunStore) -> None:
    jobs = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 0}))
    jobs.open()
    job = jobs.submit(LONG, "ann")
    until(lambda: job.doing not in ("", "Starting"))
    pid = pid_of(jobs, job)
    jobs.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_of_job_names_a_function_that_is_there(kind: str) -> None:
    found = kinds.function_of(kind)
    assert callable(found.read if kinds.KINDS[kind].policy is kinds.READING else found)
