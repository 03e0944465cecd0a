"""The lease of a seat: it ends what it does when nobody waits for it, and until then the run begins nowhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from filelock import FileLock

from aecore.jobs import lease, node, places
from aecore.jobs.node import Seat
from aecore.jobs.parcels import pack
from aecore.jobs.places import Place
from aecore.runs.store import RunStore
from tests.fake_ray import FakeRay, fake_ray
from tests.small_runs import make

__all__ = ["fake_ray"]


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setenv("AECORE_HOME", str(home))  # a seat changes it
    return RunStore()


@pytest.fixture
def port() -> Iterator[int]:
    """Somebody listens there, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def begun(store: RunStore, *, epochs: int, behind: float = 0.0) -> Seat:
    """A seat that trains a run, as begun by a bridge whose clock is so far behind."""
    run, seat = make(store, epochs=epochs), Seat()
    now = time.monotonic() - behind
    seat.greet(now)
    seat.begin("autoencoder", [run.id], pack(store.folder.parent, [f"runs/{run.id}"]), now)
    return seat


def last_status(seat: Seat, each_time: Any = lambda: None) -> str:
    """What the status of the run says in the end."""
    found, is_over = b"", False
    while not is_over:
        events, is_over = seat.events()
        each_time()
        found = (
            next((c.data for e in events[::-1] for c in e.changes[::-1] if c.path.endswith("status.json")), None)
            or found
        )
    return found.decode()


def test_a_seat_that_hears_nothing_ends_its_job(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "LEASE_SECONDS", 0.5)
    assert '"interrupted"' in last_status(begun(store, epochs=2000))


def test_a_seat_that_is_told_to_goes_on_whatever_the_clocks_say(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "LEASE_SECONDS", 5.0)
    seat = begun(store, epochs=20, behind=1e6)
    assert '"done"' in last_status(seat, lambda: seat.beat(time.monotonic() - 1e6))


def test_what_was_under_way_for_long_does_not_prolong_the_lease(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "LEASE_SECONDS", 0.5)
    seat = begun(store, epochs=2000, behind=1e6)
    sent = time.monotonic() - 1e6
    assert '"interrupted"' in last_status(seat, lambda: seat.beat(sent))


def test_a_job_that_was_under_way_for_longer_than_the_lease_ends_at_once(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, seat = make(store, epochs=2000), Seat()
    seat.greet(time.monotonic())
    seat.begin("autoencoder", [run.id], pack(store.folder.parent, [f"runs/{run.id}"]), time.monotonic() - 61)
    assert '"interrupted"' in last_status(seat)


def test_a_seat_that_cannot_be_reached_is_waited_for_until_its_lease_ends(
    fake_ray: FakeRay, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(lease, "MARGIN_SECONDS", 0.2)
    fake_ray.table[1] |= {"Alive": False, "NodeManagerPort": port}
    place = Place(Mock(), "node two", False, "two", renewed=time.monotonic())
    lease.let_go(place)
    assert time.monotonic() >= place.renewed + 1.2
    assert fake_ray.killed == [place.actor]


def test_a_seat_whose_node_has_ended_is_not_waited_for(fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "MARGIN_SECONDS", 0.2)
    fake_ray.table[1]["Alive"] = False
    place = Place(Mock(), "node two", False, "two", renewed=time.monotonic())
    lease.let_go(place)
    assert time.monotonic() < place.renewed + lease.LEASE_SECONDS


def test_a_living_node_is_asked_whether_the_process_has_ended(
    fake_ray: FakeRay, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ray.table[1] |= {"NodeManagerPort": port}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        place = Place(Mock(), "node two", False, "two", process.pid, renewed=time.monotonic())
        assert not lease._has_ended(place)
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert lease._has_ended(place), "one that has ended, though nobody has noticed"
    lease.let_go(place)
    assert time.monotonic() < place.renewed + lease.LEASE_SECONDS


def test_a_seat_where_nothing_has_begun_is_not_waited_for(fake_ray: FakeRay, port: int) -> None:
    fake_ray.table[1] |= {"Alive": False, "NodeManagerPort": port}
    made = places.Places(at_work=1)
    made.give_up(Place(Mock(), "node two", False, "two"))
    assert made.at_work == 0


def test_a_lost_seat_counts_as_leaving_until_nothing_works_there(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, seen = places.Places(at_work=1), []
    monkeypatch.setattr(places, "let_go", lambda _: seen.append(made.leaving))
    made.give_up(Place(Mock(), "node two", False, "two"))
    assert (seen, made.leaving) == ([1], 0)


def test_homes_of_killed_seats_are_removed_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, alive, other = (tmp_path / name for name in ("aecore-seat-dead", "aecore-seat-alive", "something"))
    for each in (dead, alive, other):
        each.mkdir()
        (each / node.LOCK).touch()
    with FileLock(alive / node.LOCK):
        node.remove_abandoned(tmp_path)
        assert dead.is_dir(), "its process may be about to lock it"
        monkeypatch.setattr(node, "YOUNG_SECONDS", -1.0)
        node.remove_abandoned(tmp_path)
        assert sorted(each.name for each in tmp_path.iterdir()) == ["aecore-seat-alive", "something"]
