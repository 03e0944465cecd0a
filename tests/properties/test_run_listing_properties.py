"""What a store lists is what lies on disk, whichever process has changed it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.files import write_json
from aecore.runs import listing, store
from aecore.runs.store import Run, RunError, RunStore

TICK_SECONDS = 0.012
"""Longer than a tick of the clock by which the file system tells times."""


def fresh(folder: Path) -> tuple[list[Run], list[Run]]:
    found = RunStore(folder)
    return found.list(), found.deleted()


def hours_pass(*stores: RunStore) -> None:
    """The stores look at files that are so old that their times can be trusted."""
    time.sleep(TICK_SECONDS)
    with pytest.MonkeyPatch.context() as patch:
        real = time.time_ns
        patch.setattr(listing.time, "time_ns", lambda: real() + 2 * listing.SETTLED_NS)
        for each in stores:
            each.list()
            each.deleted()


def by_hand(store: RunStore, run: Run) -> None:
    """A file is rewritten in its place, with as many letters as before."""
    text = (run.folder / "status.json").read_text()
    (run.folder / "status.json").write_text(text.replace('"seconds": 0.0', '"seconds": 7.5'))


CHANGES: dict[str, Callable[[RunStore, Run], object]] = {
    "rename": lambda store, run: store.rename(run.id, "b" if run.name == "a" else "a"),
    "update": lambda store, run: store.update(run.id, created=run.status.created + 1),
    "settings": lambda store, run: store.change_settings(run.id, epochs=len(run.name)),
    "delete": lambda store, run: store.delete(run.id),
    "restore": lambda store, run: store.restore(run.id),
    "by hand": by_hand,
    "break": lambda store, run: (run.folder / "settings.json").write_text("{"),
    "mend": lambda store, run: write_json(run.folder / "settings.json", {"epochs": 1}),
    "take away": lambda store, run: shutil.rmtree(run.folder),
    "copy in": lambda store, run: shutil.copytree(run.folder, run.folder.with_name(f"{run.id[:-3]}abc")),
}
STEP = st.tuples(st.sampled_from(["create", "hours pass", "hours pass", *CHANGES]), st.integers(0, 5), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=4, max_size=24))
def test_two_stores_of_one_folder_list_what_a_fresh_reading_finds(steps: list[tuple[str, int, bool]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "runs"
        stores = RunStore(folder), RunStore(folder)
        for name, which, is_second in [("create", 0, False), ("create", 0, True), *steps]:
            changing = stores[is_second]
            if name == "create":
                changing.create({"epochs": 3}, "a")
            elif name == "hours pass":
                hours_pass(*stores)
            else:
                _try(CHANGES[name], changing, which)
            for each in stores:
                assert (each.list(), each.deleted()) == fresh(folder)


def _try(change: Callable[[RunStore, Run], object], changing: RunStore, which: int) -> None:
    known = sorted([*changing.list(), *changing.deleted()], key=lambda run: run.id)
    try:
        if known:
            change(changing, known[which % len(known)])
    except (RunError, OSError):
        pass  # of a run in the trash, or a broken one: what matters is that the lists stay right


def test_within_a_rerun_the_runs_are_looked_through_once_and_ones_own_changes_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = RunStore(tmp_path / "runs"), RunStore(tmp_path / "runs")
    run, gone = mine.create({}, "a"), mine.create({}, "b")
    with listing.steady():
        before = mine.list()
        other.rename(run.id, "c")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listing.os, "scandir", lambda folder: pytest.fail("looked through again"))
            assert mine.list() == before
        mine.list().clear()
        mine.delete(gone.id)
        assert [each.name for each in mine.list()] == ["c"]
        assert [each.id for each in mine.deleted()] == [gone.id]
        mine.restore(gone.id)
        assert mine.deleted() == []
        other.rename(run.id, "d")
    assert {each.name for each in mine.list()} == {"d", "b"}


def test_only_what_has_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = RunStore(tmp_path / "runs")
    ids = [runs.create({}, str(number)).id for number in range(5)]
    read: list[str] = []
    real = store.read_run
    monkeypatch.setattr(store, "read_run", lambda folder: read.append(folder.name) or real(folder))
    watching = RunStore(tmp_path / "runs")
    hours_pass(watching)
    assert sorted(read) == sorted(ids)
    read.clear()
    assert {run.id for run in watching.list()} == set(ids)
    assert read == []
    runs.rename(ids[2], "Another name")
    read.clear()
    assert "Another name" in [run.name for run in watching.list()]
    assert read == [ids[2]]


def test_two_changes_within_a_tick_of_a_coarse_clock_are_both_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, tick = RunStore(tmp_path / "runs"), time.time_ns()
    monkeypatch.setattr(listing, "_stamp", lambda folder: (1, 300, tick, tick) * 2)
    run = runs.create({}, "a")
    for name in "bca":
        assert runs.list() == [run]
        run = RunStore(tmp_path / "runs").rename(run.id, name)
    assert [each.name for each in runs.list()] == ["a"]


def test_a_visitors_runs_are_read_with_those_of_everybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.app.identity import Person
    from ui.app.ownership import VisitorsRuns

    runs, ann = RunStore(tmp_path / "runs"), Person("ann")
    mine, other = runs.create({}, "Mine", owner=ann.tag), runs.create({}, "Another's", owner="x")
    hours_pass(runs)
    for place, name in ((store, "read_run"), (runs.listings[0], "_read")):
        monkeypatch.setattr(place, name, lambda folder: pytest.fail("read again"))
    assert [run.id for run in VisitorsRuns(runs, ann).list()] == [mine.id]
    assert {run.id for run in VisitorsRuns(runs, ann, lambda: [other.id]).list()} == {mine.id, other.id}
