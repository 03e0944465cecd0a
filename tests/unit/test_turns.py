"""Analyses take turns: short ones and maps wait for no long one, and who has had their time gives way."""

from __future__ import annotations

import pytest

from aecore.jobs.executor import Ending
from aecore.jobs.kinds import ANALYSIS, KINDS, MAP, MINUTES, POLICIES, TRAINING
from aecore.jobs.queue import Job, JobQueue, Policy, Request
from aecore.jobs.scheduler import Scheduler
from aecore.jobs.turns import late

SVM: Request = ("features", "mnist", "kernel-svm", 10_000)
"""A minute or more."""


class Slots:
    """An executor that runs nothing: jobs are in its slots until a test ends them. One long analysis at a time."""

    def __init__(self) -> None:
        self.busy: list[Job] = []
        self.stopped: list[Job] = []

    def open(self, listener: object) -> None: ...

    def slots(self, policy: Policy) -> int:
        return 1

    def next(self, queue: JobQueue, policy: Policy) -> Job | None:
        is_free = sum(job.policy is policy for job in self.busy) < 1 + policy.for_short
        return queue.take(policy, 1) if is_free else None

    def place(self, job: Job) -> None: ...

    servers = 1

    def start(self, job: Job) -> None:
        self.busy.append(job)

    def stop(self, job: Job) -> None:
        self.stopped.append(job)


@pytest.fixture
def jobs() -> Scheduler:
    made = Scheduler(Slots())  # type: ignore[arg-type]
    made.open()
    return made


@pytest.fixture
def clock(jobs: Scheduler, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of the queue."""
    now = [1000.0]
    jobs.queue.now = lambda: now[0]
    monkeypatch.setattr("aecore.jobs.queue.time.monotonic", lambda: now[0])
    return now


def ended(jobs: Scheduler, job: Job) -> None:
    jobs.executor.busy.remove(job)  # type: ignore[attr-defined]
    jobs.ended(job, Ending())


def svm(number: int) -> Request:
    return (SVM[0], f"{SVM[1]}-{number}", *SVM[2:])


def test_what_takes_seconds_and_every_map_start_at_once_beside_five_long_analyses(jobs: Scheduler) -> None:
    long = [jobs.submit(svm(number), f"visitor {number}") for number in range(5)]
    assert [job.state for job in long] == ["running", *["waiting"] * 4]
    short = jobs.submit(("features", "digits", "logistic", 300), "late")
    few, many = (jobs.submit(("map", "key", "test", points, "{}"), "late") for points in (1000, 10_000))
    assert [job.state for job in (short, few, many)] == ["running"] * 3
    assert [jobs.place(job) for job in long[1:]] == [0, 1, 2, 3]


def test_a_visitor_with_many_analyses_leaves_the_next_turn_to_another(jobs: Scheduler) -> None:
    first, second, third = (jobs.submit(svm(number), "ann") for number in range(3))
    other = jobs.submit(svm(9), "bob/tab")
    assert (first.state, jobs.place(second), jobs.place(other), jobs.place(third)) == ("running", 0, 1, 2)


def test_an_analysis_that_has_had_its_time_gives_way_to_somebody_else(jobs: Scheduler, clock: list[float]) -> None:
    limit = KINDS["features"].seconds
    first, own = jobs.submit(svm(0), "ann/one"), jobs.submit(svm(1), "ann/two")
    clock[0] += limit + 1
    jobs.end_late()
    assert first.state == "running", "only ann waits, who can stop it herself"
    other = jobs.submit(svm(2), "bob")
    assert first.state == "failed"
    assert first.error.startswith("It has had 10 minutes, and others are waiting. What it has found so far is kept.")
    assert jobs.executor.stopped == [first]  # type: ignore[attr-defined]
    ended(jobs, first)
    assert first.state == "failed", "what its process says afterwards changes nothing"
    assert "running" in (own.state, other.state)


def test_nobody_is_interrupted_before_their_time_or_for_another_kind_of_work(
    jobs: Scheduler, clock: list[float]
) -> None:
    first = jobs.submit(svm(0), "ann")
    clock[0] += KINDS["features"].seconds - 1
    jobs.submit(svm(1), "bob")
    jobs.end_late()
    assert first.state == "running"
    drawn = jobs.submit(("map", "key", "test", 10_000, "{}"), "ann")
    clock[0] += KINDS["map"].seconds - 10
    assert KINDS["map"].seconds < KINDS["features"].seconds
    jobs.end_late()
    assert (first.state, drawn.state) == ("failed", "running")


def test_alone_an_analysis_may_take_as_long_as_it_likes(jobs: Scheduler, clock: list[float]) -> None:
    job = jobs.submit(svm(0), "ann")
    clock[0] += 100 * KINDS["features"].seconds
    jobs.end_late()
    assert job.state == "running"


def test_one_who_waits_ends_one_analysis_the_longest_running() -> None:
    def job(visitor: str, started: float) -> Job:
        return Job(svm(0), KINDS["features"].policy, False, [visitor], 0, seconds=60, started=started)

    running = [job("ann", 20), job("bob", 10), job("dan", 30)]
    assert list(late(running, [job("cy", 0)], now=100)) == [running[1]]
    assert list(late(running, [job("cy", 0), job("eve", 0)], now=100)) == [running[1], running[0]]
    assert list(late(running, [job("bob", 0)], now=100)) == [running[0]], "bob's own gives way to nobody but others"
    assert not late(running, [], now=10_000)


@pytest.mark.parametrize("name", KINDS)
def test_every_analysis_has_a_limit_and_no_training_has(name: str) -> None:
    kind = KINDS[name]
    assert (kind.seconds > 0) == (kind.policy in (ANALYSIS, MAP))
    assert kind.seconds % MINUTES == 0
    assert kind.policy in POLICIES
    assert TRAINING.for_short == 0


def test_where_all_sorts_of_jobs_share_the_slots_one_of_them_has_to_end_first(jobs: Scheduler) -> None:
    jobs.executor.next = lambda queue, policy: None  # type: ignore[method-assign, assignment]  # trainings have them
    waiting = jobs.submit(("sweep", ("digits",), "digits", "masking"), "cid")
    assert (waiting.state, jobs.ahead(waiting)) == ("waiting", 0)
    jobs.executor.place = lambda job: 0  # type: ignore[method-assign, assignment]
    assert jobs.ahead(waiting) == 1, "it does not start in a moment"
    assert jobs.expected_wait(waiting) is None
