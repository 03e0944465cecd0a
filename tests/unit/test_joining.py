"""Joining a cluster, and what goes on meanwhile: addresses without an answer, clusters without a core, lost lines."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from aecore.jobs import bridge, cluster, shared_line
from aecore.jobs.bridge import Count, knock
from aecore.jobs.kinds import TRAINING
from aecore.jobs.line import Line, Turns
from aecore.jobs.local import LocalExecutor
from aecore.jobs.nodes import Refusals
from aecore.jobs.shared_line import PATIENCE, SharedLine
from aecore.runs.store import RunStore
from tests.fake_ray import FakeRay, fake_ray, node, ray
from tests.small_runs import busy, jobs_of, make, opened_at, state, until

__all__ = ["fake_ray"]


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def opened(store: RunStore) -> Iterator[Any]:
    yield from opened_at(store)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_where_nobody_listens_this_machine_trains_and_it_is_said(store: RunStore, opened: Any, scheme: str) -> None:
    address = f"{scheme}127.0.0.1:{closed_port()}"
    with pytest.raises(ConnectionRefusedError):
        knock(address)
    jobs, run = opened(address), make(store)
    assert jobs.where == f"Joining the cluster at {address}. Trainings wait a moment for it."
    until(lambda: jobs.where.startswith(f"No cluster answers at {address} ("))
    assert jobs.where.endswith(" Trainings run on this machine until it is there.")
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done")


def test_no_address_is_knocked_at_where_it_names_no_port() -> None:
    knock("auto")
    knock("local")


@pytest.mark.long
def test_while_a_cluster_does_not_answer_this_machine_trains_and_then_no_longer(
    store: RunStore, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(cluster, "BRIDGE", "tests.fake_bridge")
    jobs, run = opened("hesitates"), make(store)
    assert jobs.size == 1
    jobs.train(run.id, "somebody")
    until(lambda: jobs.where == "Joining the cluster at hesitates. This machine trains until it answers.")
    until(lambda: state(store, run) == "done")
    assert store.get(run.id).status.device == "CPU"
    (store.folder.parent / "answers").touch()
    until(lambda: jobs.where == "Trainings run on a cluster: 2 nodes, 3 at a time.")
    other = make(store)
    jobs.train(other.id, "somebody")
    until(lambda: state(store, other) == "done")
    assert store.get(other.id).status.device == "CPU of node far-away"
    until(lambda: jobs.pids() == {})


def test_a_cluster_that_never_lets_the_server_in_counts_as_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[str] = []

    def lose(sentence: str, *, is_final: bool = False) -> None:
        lost.append(sentence)
        if threading.current_thread() is threading.main_thread():
            raise SystemExit

    monkeypatch.setattr(bridge, "JOIN_SECONDS", 0.01)
    monkeypatch.setattr(bridge, "_lose", lose)
    monkeypatch.setattr(bridge, "join_cluster", lambda address: until(lambda: lost) or (_ for _ in ()).throw(OSError))
    monkeypatch.setattr(bridge.os, "dup2", lambda *_: None)
    monkeypatch.setattr(bridge, "_pipe", bridge._pipe)
    monkeypatch.setattr(bridge.signal, "signal", lambda *_: None)
    monkeypatch.setattr(bridge.sys, "argv", ["", str(home), "auto"])
    for name in ("AECORE_HOME", "RAY_gcs_rpc_server_reconnect_timeout_s", "RAY_ENABLE_AUTO_CONNECT"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))
    with pytest.raises(SystemExit):
        bridge.main()
    assert lost[0] == "The cluster at auto did not let this server join."


def test_a_cluster_without_a_core_counts_as_lost_after_a_while(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(bridge, "say", lambda **values: said.append(values))
    now = Mock(return_value=100.0)
    monkeypatch.setattr(bridge.time, "monotonic", now)
    refusals = Refusals()
    count = Count(refusals)
    assert (count.look(), count.lost("lab:6379")) == (4, "")
    fake_ray.table[:] = [node("head", 0)]
    assert (count.look(), count.lost("lab:6379")) == (0, "")
    now.return_value += PATIENCE + 1
    assert (count.look(), count.lost("lab:6379")) == (0, "No node of the cluster at lab:6379 can run jobs.")
    fake_ray.table.append(node("two"))
    assert (count.look(), count.lost("lab:6379")) == (2, "")
    refusals.of["two"] = "The node two is old."
    count.look()
    now.return_value += PATIENCE + 1
    assert count.lost("lab:6379") == "The node two is old."
    assert said == [
        {"ready": True, "slots": 4, "nodes": 2, "refused": []},
        {"ready": True, "slots": 0, "nodes": 1, "refused": []},
        {"ready": True, "slots": 2, "nodes": 2, "refused": []},
        {"ready": True, "slots": 0, "nodes": 1, "refused": ["The node two is old."]},
    ]


def test_a_bridge_that_cannot_be_started_is_tried_again(
    store: RunStore, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "REJOIN_SECONDS", (0.2, 0.2))
    monkeypatch.setattr(cluster, "BRIDGE", "tests.fake_bridge")
    began, failures = cluster.started, [OSError(12, "Cannot allocate memory")] * 2

    def started(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return began(*args)

    monkeypatch.setattr(cluster, "started", started)
    jobs = opened("works")
    assert jobs.where.startswith("No process could be started for the cluster (Cannot allocate memory).")
    until(lambda: jobs.where.startswith("Trainings run on a cluster"))


@pytest.mark.long
def test_a_cluster_that_comes_and_goes_leaves_no_more_processes_than_there_are_to_be(store: RunStore) -> None:
    jobs = jobs_of(store)
    jobs.open()
    try:
        run = busy(jobs, store)
        assert isinstance(jobs.executor, LocalExecutor)
        before = jobs.pids()
        for slots in (0, 1, 0, 1):
            jobs.executor.allow(TRAINING, slots)
        assert jobs.pids() == before
        jobs.stop(run.id)
        until(lambda: state(store, run) == "stopped" and not jobs.is_known(run.id))
        assert [*jobs.pids()] == [*before]
    finally:
        jobs.close()


def test_a_line_of_ones_own_is_given_up_once_that_of_all_servers_answers(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, actor, found = Mock(return_value=1000.0), Mock(), Mock()
    monkeypatch.setattr(shared_line.time, "monotonic", now)
    get = Mock(side_effect=ray.exceptions.ActorDiedError)
    monkeypatch.setattr(ray, "get", get)
    line = SharedLine()
    line._find = found  # type: ignore[method-assign]
    found.return_value = actor
    assert line.report([], 4) is None
    now.return_value += PATIENCE + 1
    assert line.report([], 4) == Turns(seats=4), "its own"
    assert isinstance(line._own, Line)
    get.side_effect, get.return_value = None, Turns(servers=3)
    assert line.report([], 4) == Turns(seats=4), "it has just looked"
    now.return_value += shared_line.AGAIN_SECONDS + 1
    assert line.report([], 4) == Turns(servers=3)
    assert line.report([], 4) == Turns(servers=3)
    assert line._own is None
    get.side_effect = ray.exceptions.ActorDiedError
    assert line.report([], 4) is None, "it is patient again"


def test_a_line_that_takes_long_to_begin_is_not_let_go(fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch) -> None:
    get = Mock(side_effect=ray.exceptions.GetTimeoutError)
    monkeypatch.setattr(ray, "get", get)
    line = SharedLine()
    line._find = Mock()  # type: ignore[method-assign]
    assert [line.report([], 4) for _ in range(3)] == [None] * 3
    assert line._find.call_count == 1, "its handle is kept, without which it would end"
    get.side_effect = ray.exceptions.ActorDiedError
    assert [line.report([], 4) for _ in range(2)] == [None] * 2
    assert line._find.call_count == 2
