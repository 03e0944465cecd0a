"""Several servers of one home, on one Ray cluster: they share its line."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from aecore.jobs.cluster import ClusterExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.clusters import PATIENT, SLOW, jobs_on, nodes, train
from tests.small_runs import finish, has_same_weights, make, records, state, until

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

cluster = nodes(1)


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def servers(store: RunStore, cluster: Any) -> Iterator[list[Jobs]]:
    with ExitStack() as held:
        yield [held.enter_context(jobs_on(store, cluster)) for _ in range(2)]


def bridge_of(jobs: Jobs) -> int:
    """The process of its bridge."""
    assert isinstance(jobs.executor, ClusterExecutor)
    assert jobs.executor._bridge
    return jobs.executor._bridge.pid


def test_people_take_turns_at_whichever_server_they_are(store: RunStore, servers: list[Jobs]) -> None:
    one, two = servers
    until(lambda: "shared by 2 servers" in one.where and "shared by 2 servers" in two.where, PATIENT)
    anns = [make(store, f"Ann's {number}", **SLOW) for number in range(4)]
    for run in anns:
        one.train(run.id, "ann")
    until(lambda: sum(state(store, run) == "training" for run in anns) == 2, PATIENT)
    bobs = make(store, "Bob's")
    two.train(bobs.id, "bob")
    until(lambda: one.place_of_run(anns[3].id) == 2, PATIENT)
    assert two.place_of_run(bobs.id) < 2
    assert one.expected_wait_of_run(anns[3].id) is None, "how long bob's run takes is not known at ann's server"
    for run in [*anns, bobs]:
        until(lambda run=run: not store.get(run.id).status.is_active, PATIENT)
    done = {run.name: store.get(run.id).status for run in [*anns, bobs]}
    assert {each.state for each in done.values()} == {"done"}
    assert done["Bob's"].started < done["Ann's 3"].started


def test_a_run_that_two_servers_are_asked_for_is_trained_once(store: RunStore, servers: list[Jobs]) -> None:
    one, two = servers
    run = make(store, **SLOW)
    one.train(run.id, "ann")
    until(lambda: state(store, run) == "training", PATIENT)
    two.train(run.id, "ann")
    until(lambda: not one.is_known(run.id) and not two.is_known(run.id), PATIENT)
    assert state(store, run) == "done"
    steps = [each["step"] for each in records(run)]
    assert steps == sorted(set(steps))
    assert has_same_weights(store.get(run.id), finish(store, make(store, **SLOW)))


def test_when_the_server_that_began_the_line_dies_the_others_go_on(store: RunStore, servers: list[Jobs]) -> None:
    one, two = servers
    until(lambda: "shared by 2 servers" in two.where, PATIENT)
    run, waiting = make(store, "Runs", **SLOW), make(store, "Waits", **SLOW)
    for each in (run, waiting):
        two.train(each.id, "bob")
    psutil.Process(bridge_of(one)).send_signal(signal.SIGKILL)
    until(lambda: "shared" not in two.where, PATIENT)
    for each in (run, waiting):
        until(lambda each=each: not store.get(each.id).status.is_active, PATIENT)
        assert state(store, each) == "done", store.get(each.id).status.message
    assert train(two, store, make(store, "After")).status.state == "done"
    until(lambda: one.where.startswith("Trainings run on a cluster"), PATIENT)
    assert "shared by 2 servers" in one.where
    assert train(one, store, make(store, "Back")).status.device.startswith("CPU of node")
