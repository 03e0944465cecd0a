"""Housekeeping empties the trash by age, trims the cache of results, and touches nothing that somebody still has."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from aecore.jobs import housekeeping
from aecore.jobs.housekeeping import CLEANING_SECONDS, SEEN_SECONDS, Housekeeping
from aecore.runs.store import DISCARDING, Run, RunStore
from aecore.runs.usage import folder_bytes
from aecore.stores.content import DAY, ContentStore, NotKeptError
from aecore.stores.owners import HOST
from aecore.stores.results import Kind, ResultCache


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


@pytest.fixture
def keeper(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Housekeeping:
    """On a disk with room, unless a test says otherwise."""
    monkeypatch.setattr(housekeeping, "free_bytes", lambda home: 10**12)
    return Housekeeping(store)


def deleted(store: RunStore, owner: str = "", name: str = "a") -> Run:
    run = store.create({}, name, owner=owner)
    store.delete(run.id)
    return run


def after(days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many days have passed, in which the server ran."""
    real, steady = time.time, time.monotonic
    monkeypatch.setattr(housekeeping.time, "time", lambda: real() + days * DAY)
    monkeypatch.setattr(housekeeping.time, "monotonic", lambda: steady() + days * DAY)
    exact = time.time_ns
    monkeypatch.setattr(housekeeping.time, "time_ns", lambda: exact() + int(days * DAY * 1e9))


def test_what_visitors_deleted_goes_after_thirty_days_and_what_the_host_deleted_stays(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors, hosts, kept = deleted(store, "ann"), deleted(store), store.create({}, "kept", owner="ann")
    keeper.clean()
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


def test_a_clock_that_is_put_right_removes_nothing(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted(store, "ann")
    keeper.clean()
    real = time.time
    monkeypatch.setattr(housekeeping.time, "time", lambda: real() + 9000 * DAY)
    keeper.clean()
    assert store.deleted()
    steady = time.monotonic
    monkeypatch.setattr(housekeeping.time, "monotonic", lambda: steady() + SEEN_SECONDS)
    keeper.clean()
    assert not store.deleted()


def test_where_everybody_is_host_nothing_goes_by_itself(
    store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_SHARED", "0")
    deleted(store, "ann")
    keeper.clean()
    after(5000, monkeypatch)
    keeper.clean()
    assert store.deleted()


def shared(home: Path, *owners: str) -> ContentStore:
    """A shelf with one thing, which all these keep."""
    shelf = ContentStore(home, "things", "[a-z]+")
    for owner in owners:
        shelf.put("thing", {"title": "t"}, {"about.json": {}}, owner)
    return shelf


def test_who_deleted_what_others_keep_is_forgotten_after_as_long_as_a_run_stays_in_the_trash(
    home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shared(home, "ann", "bob", HOST, "eve")
    for owner in ("ann", "bob", HOST):
        shelf.delete("thing", owner)
    shelf.restore("thing", "bob")
    keeper.clean()
    after(29.9, monkeypatch)
    keeper.clean()
    assert set(shelf.owners("thing").deleted) == {"ann", HOST}
    assert [each.id for each in shelf.deleted("ann")] == ["thing"]
    after(0.2, monkeypatch)  # on top of the others
    keeper.clean()
    assert shelf.owners("thing").keeping == {"bob", "eve"}
    assert set(shelf.owners("thing").deleted) == {HOST}, "what the host deletes stays until the host says otherwise"
    assert shelf.deleted("ann") == []
    with pytest.raises(NotKeptError, match="in the trash"):
        shelf.restore("thing", "ann")
    shelf.keep("thing", "ann")
    assert shelf.owners("thing").keeping == {"ann", "bob", "eve"}, "who has the address may keep it anew"


def test_what_only_visitors_brought_goes_for_good_after_as_long_unless_a_run_learned_from_it(
    home: Path, store: RunStore, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    anns, hosts = shared(home, "ann"), ContentStore(home, "others", "[a-z]+", "other-")
    hosts.put("thing", {"title": "t"}, {"about.json": {}}, HOST)
    anns.delete("thing", "ann")
    hosts.delete("thing", HOST)
    run = store.create({"data": "thing"}, "Learned from it", owner="ann")
    keeper.clean()
    after(31, monkeypatch)
    keeper.clean()
    assert [each.id for each in anns.deleted("ann")] == ["thing"], "a run learned from it"
    store.delete(run.id)
    store.discard(run.id)
    keeper.clean()
    assert anns.deleted("ann") == []
    assert [each.id for each in hosts.deleted()] == ["thing"], "the host empties the trash"


def test_a_clock_that_is_put_right_takes_nothing_that_visitors_brought(
    home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shared(home, "ann")
    shelf.delete("thing", "ann")
    real = time.time
    monkeypatch.setattr("aecore.stores.trash.time.time", lambda: real() + 400 * DAY)
    keeper.clean()
    assert [each.id for each in shelf.deleted("ann")] == ["thing"]


def test_who_deletes_again_may_restore_for_as_long_again(
    home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shared(home, "ann", "bob")
    shelf.delete("thing", "ann")
    keeper.clean()
    after(29, monkeypatch)
    shelf.keep("thing", "ann")
    shelf.delete("thing", "ann")
    keeper.clean()
    after(2, monkeypatch)
    keeper.clean()
    assert set(shelf.owners("thing").deleted) == {"ann"}
    after(29, monkeypatch)
    keeper.clean()
    assert not shelf.owners("thing").deleted


@pytest.mark.parametrize("is_deleted", [False, True])
def test_who_has_a_run_that_learned_from_it_may_restore_it_as_long_as_the_run_is_there(
    store: RunStore, home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch, is_deleted: bool
) -> None:
    monkeypatch.setenv("AECORE_TRASH_DAYS", "inf")
    shelf = shared(home, "ann", "bob", "eve")
    for owner in ("ann", "bob"):
        shelf.delete("thing", owner)
    run = store.create({"data": "thing"}, "of ann", owner="ann")
    if is_deleted:
        store.delete(run.id)
    keeper.clean()
    monkeypatch.setenv("AECORE_TRASH_DAYS", "3")
    monkeypatch.setattr(housekeeping, "age_days", lambda run: 0.0)
    after(4, monkeypatch)
    keeper.clean()
    assert set(shelf.owners("thing").deleted) == {"ann"}
    if not is_deleted:
        store.delete(run.id)
    store.discard(run.id)
    keeper.clean()
    assert not shelf.owners("thing").deleted


def test_a_clock_that_is_put_right_forgets_no_deleter_and_neither_does_a_server_where_everybody_is_host(
    home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shared(home, "ann", "bob")
    shelf.delete("thing", "ann")
    keeper.clean()
    real, steady = time.time, time.monotonic
    monkeypatch.setattr(housekeeping.time, "time", lambda: real() + 9000 * DAY)
    keeper.clean()
    assert shelf.owners("thing").deleted
    monkeypatch.setattr(housekeeping.time, "monotonic", lambda: steady() + SEEN_SECONDS)
    with monkeypatch.context() as patch:
        patch.setenv("AECORE_SHARED", "0")
        keeper.clean()
    assert shelf.owners("thing").deleted
    keeper.clean()
    assert not shelf.owners("thing").deleted


def test_marks_of_deleters_do_not_grow_without_end(
    home: Path, keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shared(home, "host")
    for month in range(6):
        for person in range(5):
            shelf.put("thing", {"title": "t"}, {"about.json": {}}, f"{month}-{person}")
            shelf.delete("thing", f"{month}-{person}")
        keeper.clean()
        after(31, monkeypatch)
        keeper.clean()
        assert not shelf.owners("thing").deleted
    assert len(keeper._marks) <= 5, "nor does what the housekeeping knows of them"


def test_on_a_disk_that_is_nearly_full_computed_results_go_and_no_trash(
    store: RunStore, keeper: Housekeeping, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted(store)
    shelf = ContentStore(home, "things", "[a-z]+")
    shelf.put("gone", {"title": "t"}, {})
    shelf.delete("gone")
    monkeypatch.setenv("AECORE_CACHE_GB", "0.001")
    slot = ResultCache(home).slot(Kind("kind"), 1)
    slot.write({}, array=np.zeros(250_000, np.uint8))
    keeper.clean()
    assert slot.path.exists()
    monkeypatch.setattr(housekeeping, "free_bytes", lambda home: 10**6)
    after(5000, monkeypatch)
    keeper.clean()
    keeper.clean()
    assert not slot.path.exists()
    assert store.deleted()
    assert shelf.deleted()


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
    assert done == ["measure", "measure"]
    keeper._cleaned_at -= CLEANING_SECONDS
    keeper.tidy()
    assert done[2:] == ["clean", "measure"]
