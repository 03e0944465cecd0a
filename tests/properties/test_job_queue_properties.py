"""Whatever visitors ask, cancel and wait for: the queue stays bounded and fair, and nothing is lost or run twice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.jobs.queue import Job, JobQueue, Policy, QueueFull, share

POLICY = Policy("analyses", 2, for_short=1, per_visitor=3)
VISITORS = ("ann", "bob", "eve")

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(VISITORS), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.sampled_from(VISITORS), st.integers(0, 9)),
        st.tuples(st.just("release"), st.sampled_from(VISITORS), st.integers(0, 9)),
        st.tuples(st.just("end"), st.just(""), st.integers(0, 4)),
    ),
    max_size=60,
)


@given(STEPS)
@settings(max_examples=150)
def test_the_queue_stays_bounded_and_consistent(steps: list[tuple[str, str, int]]) -> None:
    queue = JobQueue()
    running: list[Job] = []
    for what, visitor, number in steps:
        request = ("kind", number)
        known = queue.find(request)
        if what == "ask":
            try:
                job = queue.submit(request, visitor, POLICY, is_short=number < 4)
                assert job.is_active
                assert visitor in job.visitors
            except QueueFull:
                assert known is None or not known.is_active
        elif what == "end" and running:
            queue.end(running.pop(number % len(running)))
        elif what in ("cancel", "release") and known:
            queue.cancel(known) if what == "cancel" else queue.release(known, visitor)
        while job := queue.take(POLICY, POLICY.at_once):
            assert job not in running
            running.append(job)
        check(queue, running)


def check(queue: JobQueue, running: list[Job]) -> None:
    waiting = [job for job in queue.active() if job.state == "waiting"]
    assert len(running) <= POLICY.at_once + POLICY.for_short
    assert sum(not job.is_short for job in running) <= POLICY.at_once
    for is_short in (False, True):
        places = sorted(queue.place(job) for job in waiting if job.is_short == is_short)
        assert places == list(range(len(places)))  # each waits once, in a line without gaps
    own = Counter(job.visitors[0] for job in waiting if len(job.visitors) == 1)
    assert all(count <= POLICY.per_visitor for count in own.values())
    if any(not job.is_short for job in waiting):  # only while all slots for long ones are taken, or lent to short ones
        long = sum(not job.is_short for job in running)
        assert long == POLICY.at_once or len(running) == POLICY.at_once + POLICY.for_short
    if not any(job.is_short for job in running):
        assert all(not job.is_short for job in waiting)


@given(st.lists(st.tuples(st.sampled_from(VISITORS), st.integers(0, 99)), unique_by=lambda each: each[1], max_size=9))
@settings(max_examples=150)
def test_no_visitor_is_served_twice_while_another_waits(asked: list[tuple[str, int]]) -> None:
    queue, policy = JobQueue(), Policy("runs", 1, per_visitor=9)
    for visitor, number in asked:
        queue.submit(("kind", number), visitor, policy)
    served: list[str] = []
    while job := queue.take(policy, 1):
        served.append(job.visitors[0])
        queue.end(job)
    assert Counter(served) == Counter(visitor for visitor, _ in asked)
    left = Counter(served)
    for visitor, following in zip(served, served[1:], strict=False):
        left[visitor] -= 1
        others = [name for name, count in left.items() if count and name != visitor]
        assert following != visitor or not others


CROWD = st.lists(st.tuples(st.sampled_from(["ask", "ask", "ask", "end"]), st.integers(0, 39)), max_size=400)


@given(CROWD)
@settings(max_examples=60)
def test_who_has_nothing_waiting_is_let_in_and_nobody_has_more_than_their_share(steps: list[tuple[str, int]]) -> None:
    queue, policy = JobQueue(), Policy("runs", 2)
    running: list[Job] = []
    waiting: Counter[str] = Counter()
    for number, (what, who) in enumerate(steps):
        person = f"person {who}"
        if what == "end" and running:
            queue.end(running.pop(who % len(running)))
        elif what == "ask":
            others = waiting.total() - waiting[person]
            try:
                queue.submit(("kind", number), person, policy)
            except QueueFull:
                assert waiting[person] >= share(policy, others) >= 1
            else:
                assert waiting[person] < share(policy, others)
        while job := queue.take(policy, policy.at_once):
            running.append(job)
        waiting = Counter(job.visitors[0] for job in queue.active() if job.state == "waiting")
    assert all(count <= policy.per_visitor for count in waiting.values())
