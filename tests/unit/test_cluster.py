"""The server's end of a cluster, with a bridge that only pretends: what goes there, and what a lost one leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aecore.jobs import cluster
from aecore.jobs.cluster import LOST, ClusterExecutor, executor_for
from aecore.jobs.kinds import ANALYSIS, DOWNLOAD, READING, TRAINING
from aecore.jobs.local import LocalExecutor
from aecore.runs.store import RunStore
from tests.small_runs import make, opened_at, state, until


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def opened(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Opens jobs on a cluster that behaves as its address says."""
    monkeypatch.setattr(cluster, "BRIDGE", "tests.fake_bridge")
    yield from opened_at(store)


def test_a_cluster_is_asked_for_by_its_address(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AECORE_CLUSTER", raising=False)
    assert isinstance(executor_for(home), LocalExecutor)
    monkeypatch.setenv("AECORE_CLUSTER", "ray://head:10001")
    found = executor_for(home)
    assert isinstance(found, ClusterExecutor)
    assert (found.address, found.where) == ("ray://head:10001", "")


def test_trainings_and_analyses_go_there_and_the_rest_stays(store: RunStore, opened: object) -> None:
    jobs = opened("works")  # type: ignore[operator]
    until(lambda: jobs.size == 3 and jobs.is_warm())
    assert jobs.where == "Trainings run on a cluster: 2 nodes, 3 at a time."
    assert [jobs.executor.slots(each) for each in (TRAINING, ANALYSIS)] == [3, 3]
    local = LocalExecutor(store.folder.parent)
    assert [jobs.executor.slots(each) for each in (DOWNLOAD, READING)] == [local.slots(DOWNLOAD), local.slots(READING)]
    run = make(store)
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done" and not jobs.is_known(run.id))
    assert store.get(run.id).status.device == "CPU of node far-away"
    assert jobs.pids() == {}, "no process of this machine waits for trainings"


def test_without_a_cluster_runs_train_on_this_machine_and_the_pages_can_say_so(store: RunStore, opened: object) -> None:
    jobs, run = opened("refuses"), make(store)  # type: ignore[operator]
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done")
    assert jobs.where == "No cluster answers. Trainings run on this machine until it is there."
    assert jobs.size == 1


def test_a_cluster_that_is_there_later_is_joined_later(
    store: RunStore, opened: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "REJOIN_SECONDS", (0.5, 0.5))
    jobs, run = opened("comes"), make(store)  # type: ignore[operator]
    until(lambda: jobs.where.startswith("No cluster"))
    assert jobs.where == "No cluster answers. Trainings run on this machine until it is there."
    until(lambda: jobs.where.startswith("Trainings run on a cluster"))
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done")
    assert store.get(run.id).status.device == "CPU of node far-away"
    until(lambda: jobs.pids() == {})


def test_a_run_whose_cluster_is_lost_is_interrupted_with_a_sentence_and_goes_on_here(
    store: RunStore, opened: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "REJOIN_SECONDS", (600.0, 600.0))  # it would only die again
    jobs, run = opened("dies"), make(store)  # type: ignore[operator]
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "interrupted")
    assert store.get(run.id).status.message == LOST
    until(lambda: not jobs.is_known(run.id))
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done")
    assert jobs.where == "The cluster was lost. Trainings run on this machine until it is there."
