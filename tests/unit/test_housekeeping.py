"""Housekeeping empties the trash by age, trims the cache of results, and touches nothing that somebody still has."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from aecore.jobs import housekeeping
from aecore.jobs.housekeeping import CLEANING_SECONDS, LOW_BYTES, SAFE_DAYS, Housekeeping
from aecore.runs.store import DISCARDING, Run, RunStore
from aecore.runs.usage import folder_bytes
from aecore.stores.content import DAY, ContentStore
from aecore.stores.results import Kind, ResultCache


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


@pytest.fixture
def keeper(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Housekeeping:
    """On a disk with room, unless a test says otherwise."""
    monkeypatch.setattr(housekeeping, "free_bytes", lambda home: 10 * LOW_BYTES)
    return Housekeeping(store)


def deleted(store: RunStore, owner: str = "", name: str = "a") -> Run:
    run = store.create({}, name, owner=owner)
    store.delete(run.id)
    return run


def after(days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many days have passed."""
    real = time.time
    monkeypatch.setattr(housekeeping.time, "time", lambda: real() + days * DAY)


def test_what_visitors_deleted_goes_after_thirty_days_and_what_the_host_deleted_stays(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors, hosts, kept = deleted(store, "ann"), deleted(store), store.create({}, "kept", owner="ann")
    after(29.9, monkeypatch)
    keeper.clean()
    assert {run.id for run in store.deleted()} == {visitors.id, hosts.id}
    after(0.2, monkeypatch)  # on top of the others
    keeper.clean()
    assert [run.id for run in store.deleted()] == [hosts.id]
    after(5000, monkeypatch)
    keeper.clean()
    assert [run.id for run in store.deleted()] == [hosts.id]
    assert [run.id for run in store.list()] == [kept.id]


def test_the_days_can_be_set_for_everything(
    store: RunStore, keeper: Housekeeping, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_TRASH_DAYS", "3")
    deleted(store)
    deleted(store, "ann")
    shelf = ContentStore(home, "things", "[a-z]+")
    shelf.put("gone", {"title": "t"}, {})
    shelf.put("here", {"title": "t"}, {})
    shelf.delete("gone")
    keeper.clean()
    assert len(store.deleted()) == 2
    assert [each.id for each in shelf.deleted()] == ["gone"]
    after(3.1, monkeypatch)
    keeper.clean()
    assert store.deleted() == []
    assert shelf.deleted() == []
    assert shelf.get("here")


def test_on_a_disk_that_is_nearly_full_the_oldest_trash_goes_until_there_is_room(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = deleted(store, name="oldest")
    time.sleep(0.02)
    newer = deleted(store, name="newer")
    kept = store.create({}, "kept")
    free = [LOW_BYTES - 1]
    monkeypatch.setattr(housekeeping, "free_bytes", lambda home: free[0])
    after(SAFE_DAYS - 0.1, monkeypatch)
    keeper.clean()
    assert len(store.deleted()) == 2, "what was deleted lately stays even now"
    after(0.2, monkeypatch)
    real = store.discard

    def discard(run_id: str) -> None:
        real(run_id)
        free[0] = LOW_BYTES

    monkeypatch.setattr(store, "discard", discard)
    keeper.clean()
    assert [run.id for run in store.deleted()] == [newer.id]
    assert oldest.id not in os.listdir(store.trash)
    assert [run.id for run in store.list()] == [kept.id]


def test_results_beyond_the_size_go_and_the_longest_unused_first(
    keeper: Housekeeping, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ResultCache(home)
    slots = [cache.slot(Kind("kind"), number) for number in range(4)]
    for number, slot in enumerate(slots):
        slot.write({}, array=np.zeros(250_000, np.uint8))
        used = time.time() - (10 - number) * DAY
        os.utime(slot.path, (used, used))
    keeper.clean()
    assert all(slot.read() for slot in slots)
    monkeypatch.setenv("AECORE_CACHE_GB", "0.0006")
    for number, slot in enumerate(slots):
        os.utime(slot.path, (time.time() - (10 - number) * DAY,) * 2)
    keeper.clean()
    assert [slot.path.exists() for slot in slots] == [False, False, True, True]


def test_what_a_killed_process_left_half_removed_goes(store: RunStore, keeper: Housekeeping) -> None:
    leftover = store.trash / f"{DISCARDING}abcdefabcdef"
    leftover.mkdir(parents=True)
    (leftover / "weights.safetensors").write_bytes(b"x")
    keeper.clean()
    assert not leftover.exists()


def test_the_home_is_measured_whole(store: RunStore, keeper: Housekeeping, home: Path) -> None:
    store.create({}, "a")
    deleted(store)
    (home / "cache" / "results").mkdir(parents=True)
    (home / "cache" / "results" / "x").write_bytes(b"x" * 1234)
    (home / "profiles.sqlite").write_bytes(b"x" * 99)
    assert keeper.home_bytes is None
    keeper.tidy()
    assert keeper.home_bytes == folder_bytes(home)


def test_cleaning_is_done_every_hour_and_measuring_every_minute(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(keeper, "clean", lambda: done.append("clean"))
    monkeypatch.setattr(keeper, "measure", lambda: done.append("measure"))
    keeper.tidy()
    keeper.tidy()
    assert done == ["clean", "measure", "measure"]
    keeper._cleaned_at -= CLEANING_SECONDS
    keeper.tidy()
    assert done[3:] == ["clean", "measure"]
