"""The queue by itself: turns, shared jobs, limits, short jobs beside long ones,
what is cancelled and what is forgotten.
"""

from __future__ import annotations

import pytest

from aecore.jobs.queue import KEEP_SECONDS, LONGEST_QUEUE, MOST_FINISHED, Job, JobQueue, Policy, QueueFull, share
from tests.clock import Clock

RUNS = Policy("runs", 2)
ANALYSES = Policy("analyses", 1, for_short=1, per_visitor=3)


def asked(queue: JobQueue, visitor: str, name: str, policy: Policy = RUNS, *, is_short: bool = False) -> Job:
    return queue.submit(("kind", name), visitor, policy, is_short=is_short)


def taken(queue: JobQueue, policy: Policy = RUNS) -> list[str]:
    """The names of all that start now."""
    names = []
    while job := queue.take(policy, policy.at_once):
        names.append(job.request[1])
    return names


def test_visitors_take_turns() -> None:
    queue = JobQueue()
    jobs = [asked(queue, "ann", f"a{index}") for index in range(3)] + [
        asked(queue, "bob", f"b{index}") for index in range(2)
    ]
    assert [queue.place(job) for job in jobs] == [0, 2, 4, 1, 3]
    order = []
    for _ in range(5):
        job = queue.take(RUNS, 1)
        assert job is not None
        queue.end(job)
        order.append(job.request[1])
    assert order == ["a0", "b0", "a1", "b1", "a2"]


def test_a_visitor_who_has_been_served_waits_for_later_ones() -> None:
    queue = JobQueue()
    asked(queue, "ann", "a0")
    asked(queue, "ann", "a1")
    assert queue.take(RUNS, 1) is not None
    later = asked(queue, "bob", "b0")
    assert queue.place(later) == 1  # ann was here first, and has one turn before bob came
    asked(queue, "ann", "a2")
    assert queue.place(later) == 1


def test_no_more_run_at_once_than_there_are_slots() -> None:
    queue = JobQueue()
    for name in ("one", "two", "three"):
        asked(queue, "ann", name)
    assert taken(queue) == ["one", "two"]
    job = queue.find(("kind", "one"))
    assert job is not None
    queue.end(job)
    assert job.state == "done"
    assert taken(queue) == ["three"]
    assert JobQueue().take(RUNS, 0) is None


def test_who_asks_the_same_shares_the_job_at_the_earlier_of_their_turns() -> None:
    queue = JobQueue()
    for name in ("a0", "a1", "same"):
        asked(queue, "ann", name)
    job = asked(queue, "bob", "same")
    assert job is queue.find(("kind", "same"))
    assert queue.place(job) == 1
    assert not queue.release(job, "ann")
    assert job.state == "waiting"
    assert queue.place(job) == 1
    queue.release(job, "bob")
    assert job.state == "cancelled"
    assert queue.place(job) == -1


def test_a_job_is_cancelled_only_when_the_last_visitor_has_left() -> None:
    queue = JobQueue()
    asked(queue, "ann", "map")
    job = queue.take(RUNS, 1)
    assert job is not None
    asked(queue, "bob", "map")
    assert not queue.release(job, "ann")
    assert not queue.release(job, "ann")
    assert job.state == "running"
    assert queue.release(job, "bob")
    assert job.state == "cancelled"
    queue.end(job, "killed")
    assert (job.state, job.error) == ("cancelled", "")


def test_a_short_job_never_waits_for_a_long_one_of_somebody_else() -> None:
    queue = JobQueue()
    for name in ("long 1", "long 2"):
        asked(queue, "ann", name, ANALYSES)
    assert taken(queue, ANALYSES) == ["long 1"]
    short = asked(queue, "bob", "short", ANALYSES, is_short=True)
    assert queue.place(short) == 0
    assert taken(queue, ANALYSES) == ["short"]


def test_short_jobs_take_every_slot_but_leave_one_to_long_ones_that_wait() -> None:
    queue = JobQueue()
    for visitor in "abcd":
        asked(queue, visitor, f"short {visitor}", ANALYSES, is_short=True)
    assert taken(queue, ANALYSES) == ["short a", "short b"]
    asked(queue, "e", "long", ANALYSES)
    first = queue.find(("kind", "short a"))
    assert first is not None
    queue.end(first)
    assert taken(queue, ANALYSES) == ["long"]


def test_the_limits_are_said_and_nothing_is_queued_beyond_them(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = JobQueue()
    for index in range(3):
        asked(queue, "ann", f"{index}", ANALYSES)
    with pytest.raises(
        QueueFull, match=r"^You already have 3 analyses waiting\. Let one finish, or cancel one, then try again\.$"
    ):
        asked(queue, "ann", "more", ANALYSES)
    assert queue.find(("kind", "more")) is None
    assert asked(queue, "ann", "0", ANALYSES).is_active  # it waits already
    asked(queue, "ann", "a run", RUNS)  # another policy
    monkeypatch.setattr("aecore.jobs.queue.MOST_WAITING", 4)
    asked(queue, "bob", "bob's", ANALYSES)
    with pytest.raises(QueueFull, match=r"^4 analyses are waiting on this machine\. Try again in a few minutes\.$"):
        asked(queue, "eve", "late", ANALYSES)
    queue.submit(("kind", "earlier"), "somebody", ANALYSES, is_bounded=False)


def test_the_fuller_the_queue_the_fewer_may_one_person_have_waiting() -> None:
    shares = [share(RUNS, others) for others in range(2 * LONGEST_QUEUE)]
    assert shares[0] == RUNS.per_visitor
    assert shares == sorted(shares, reverse=True)
    assert set(shares) == set(range(1, RUNS.per_visitor + 1))
    assert shares[LONGEST_QUEUE - 1 :] == [1] * (LONGEST_QUEUE + 1)


def test_nobody_with_nothing_waiting_is_refused_in_a_class_of_a_hundred() -> None:
    queue, refused = JobQueue(), {}
    for person in range(100):
        for number in range(RUNS.per_visitor):
            try:
                asked(queue, f"person {person}", f"{person} {number}")
            except QueueFull as error:
                refused.setdefault(f"person {person}", (number, str(error)))
    assert all(number > 0 for number, _ in refused.values())
    number, said = refused["person 99"]
    assert number == 1
    others = len(queue.active()) - 1
    assert said == (
        f"One of your runs is waiting already. With {others} of others waiting, each person may have 1. "
        "Let it finish, or cancel it, then try again."
    )


def test_several_at_once_are_refused_with_what_may_wait() -> None:
    queue = JobQueue()
    with pytest.raises(QueueFull, match=r"^7 runs at once would be too many: 6 may wait\. Try"):
        queue.check_room("ann", RUNS, 7)
    for number in range(40):
        asked(queue, f"person {number}", f"{number}")
    queue.check_room("ann", RUNS, 2)
    with pytest.raises(
        QueueFull,
        match=r"^3 runs at once would be too many\. With 40 of others waiting, each person may have 2\. "
        r"Try again when some have begun\.$",
    ):
        queue.check_room("ann", RUNS, 3)


def test_finished_jobs_are_forgotten_in_time_and_active_ones_never() -> None:
    clock = Clock(0.0)
    queue = JobQueue(clock)
    asked(queue, "ann", "failed")
    asked(queue, "ann", "waits")
    job = queue.take(RUNS, 1)
    assert job is not None
    queue.end(job, "It went wrong.")
    assert (job.state, job.error) == ("failed", "It went wrong.")
    clock.now = KEEP_SECONDS - 1
    assert queue.find(job.request) is job
    clock.now = KEEP_SECONDS + 1
    assert queue.find(job.request) is None
    assert queue.find(("kind", "waits")) is not None


def test_not_more_finished_jobs_are_kept_than_a_page_could_ask_for() -> None:
    queue = JobQueue()
    for index in range(MOST_FINISHED + 5):
        asked(queue, "ann", f"{index}")
        job = queue.take(RUNS, 1)
        assert job is not None
        queue.end(job)
    assert queue.find(("kind", "0")) is None
    assert queue.find(("kind", f"{MOST_FINISHED + 4}")) is not None


def test_a_finished_request_can_be_made_again() -> None:
    queue = JobQueue()
    first = asked(queue, "ann", "map")
    assert taken(queue) == ["map"]
    queue.end(first)
    again = asked(queue, "ann", "map")
    assert again is not first
    assert again.state == "waiting"


def test_what_is_cancelled_leaves_its_slot_only_when_its_process_has_let_go() -> None:
    queue = JobQueue()
    asked(queue, "ann", "long", ANALYSES)
    asked(queue, "bob", "next", ANALYSES)
    job = queue.take(ANALYSES, 1)
    assert job is not None
    assert queue.cancel(job)
    assert taken(queue, ANALYSES) == []
    queue.end(job)
    assert taken(queue, ANALYSES) == ["next"]


def test_a_person_with_many_tabs_has_one_turn_and_one_limit() -> None:
    queue = JobQueue()
    mine = [queue.submit(("map", number), f"ann/{number}", RUNS) for number in range(3)]
    yours = queue.submit(("map", "bob's"), "bob/1", RUNS)
    assert queue.place(yours) == 1, "bob waits for one of ann's, however many tabs she has"
    for number in range(3, RUNS.per_visitor):
        queue.submit(("map", number), f"ann/{number}", RUNS)
    with pytest.raises(QueueFull, match="You already have"):
        queue.submit(("map", "more"), "ann/more", RUNS)
    assert queue.place(mine[0]) == 0


def test_what_one_tab_no_longer_wants_another_still_gets() -> None:
    queue = JobQueue()
    job = queue.submit(("map", 1), "ann/1", RUNS)
    queue.submit(("map", 1), "ann/2", RUNS)
    queue.release(job, "ann/1")
    assert job.is_active
    assert queue.place(job) == 0
    queue.release(job, "ann/2")
    assert not job.is_active
    assert queue.place(job) == -1
