"""A folder that cannot be read, was half made, is a link or was left by a dead trainer troubles that run alone."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aecore import experiment
from aecore.files import BrokenFileError, read_json
from aecore.runs.leftovers import HALF_MADE_SECONDS
from aecore.runs.requests import FILE, Requests, ask
from aecore.runs.run import Run, RunError
from aecore.runs.snapshots import ProgressLog, append_progress
from aecore.runs.status import STATES
from aecore.runs.store import RunStore
from aecore.runs.tracking import note
from tests.small_runs import held, jobs_of, make

DEEP = "[" * 100_000
RECORD = {"step": 1, "epoch": 0.5, "train": {"loss": 1.0}, "validation": {}, "seconds": 1.0}


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


@pytest.mark.parametrize("name", ["status.json", "settings.json"])
@pytest.mark.parametrize(
    "content",
    [DEEP, '{"a":' * 50_000, "", "null", "[]", "\xff\xfe", '{"seconds": NaN}', '{"created": Infinity}', "9" * 5000,
     '{"data": ["digits"]}', '{"variant": {"a": 1}}', '{"kind": 7}', '{"name": []}'],
)  # fmt: skip
def test_an_unreadable_file_makes_one_run_unreadable(store: RunStore, name: str, content: str) -> None:
    good, bad = make(store, "Good"), make(store, "Bad")
    (bad.folder / name).write_bytes(content.encode("latin-1"))
    assert {run.id for run in store.list()} == {good.id, bad.id}
    found = store.get(bad.id)
    is_only_unusual = name == "settings.json" and ("seconds" in content or "name" in content) and "NaN" not in content
    assert is_only_unusual or (found.problem and found.status.state == "failed")
    assert str(store.folder) not in found.problem
    assert not store.get(good.id).problem


def test_deep_json_is_a_broken_file_wherever_it_is_read(tmp_path: Path, store: RunStore) -> None:
    file = tmp_path / "deep.json"
    file.write_text(DEEP)
    with pytest.raises(BrokenFileError, match="deep.json cannot be read"):
        read_json(file)
    run = make(store)
    (run.folder / FILE).write_text(DEEP)
    assert Requests(run.folder, run.status, run.status).poll() is None


@pytest.mark.parametrize("change", [{"seconds": "x"}, {"validation_mse": []}, {"epoch": float("nan")}, {"time": {}}])
def test_a_record_of_the_wrong_kind_is_no_record(tmp_path: Path, change: dict[str, object]) -> None:
    append_progress(tmp_path, RECORD | change)
    append_progress(tmp_path, RECORD | {"step": 2})
    log = ProgressLog(tmp_path / "progress.jsonl")
    assert [record["step"] for record in log.read()] == [2]
    assert log.broken == 1


def test_watchers_in_many_threads_see_whole_records_while_a_run_goes_back(tmp_path: Path) -> None:
    log, failures, is_over = ProgressLog(tmp_path / "progress.jsonl"), [], threading.Event()
    append_progress(tmp_path, RECORD)
    kept = log.read()

    def watch() -> None:
        while not is_over.is_set():
            records = log.read()
            steps = [records[index]["step"] for index in range(len(records))]
            if steps != sorted(set(steps)):
                failures.append(steps)

    watchers = [threading.Thread(target=watch, daemon=True) for _ in range(4)]
    for each in watchers:
        each.start()
    for step in [*range(2, 60), *range(3, 50)] * 3:
        append_progress(tmp_path, RECORD | {"step": step})
    is_over.set()
    for each in watchers:
        each.join(30)
        assert not each.is_alive()
    assert not failures
    assert [record["step"] for record in kept] == [1]
    assert [record["step"] for record in log.read()] == list(range(1, 50))


def linked(store: RunStore, target: Path, state: str) -> Run:
    """A run in this state whose folder lies elsewhere, behind a link."""
    run = make(store)
    run.folder.rename(target)
    run.folder.symlink_to(target)
    status = json.loads((target / "status.json").read_text())
    (target / "status.json").write_text(json.dumps(status | {"state": state}))
    return store.get(run.id)


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_written_behind_a_link(store: RunStore, tmp_path: Path, state: str) -> None:
    target = tmp_path / "elsewhere"
    run = linked(store, target, state)
    before = content(target)
    assert [each.id for each in store.list()] == [run.id]
    assert not store.is_held(run.id)
    assert store.mend() == [], "it is not queued anew"
    jobs = jobs_of(store)
    attempts: dict[str, Callable[[], object]] = {
        "update": lambda: store.update(run.id, state="done"),
        "rename": lambda: store.rename(run.id, "Another"),
        "change settings": lambda: store.change_settings(run.id, epochs=2),
        "lock": lambda: store.lock(run.id),
        "train": lambda: list(experiment.run(store, run.id)),
        "queue": lambda: jobs.train(run.id, "ann"),
    }
    for name, attempt in attempts.items():
        with pytest.raises(RunError, match="lies in another folder"):
            pytest.fail(f"{name}: {attempt()}")
    for action in ("pause", "stop"):
        with pytest.raises(RunError, match=r"lies in another folder|is not being trained"):
            ask(store, run.id, action)
    note(run.folder, "waiting")
    jobs.repair()
    jobs.close()
    assert content(target) == before


def test_a_link_is_deleted_brought_back_and_removed_without_its_target(store: RunStore, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    run = linked(store, target, "done")
    before = content(target)
    store.delete(run.id)
    assert [each.id for each in store.deleted()] == [run.id]
    assert store.restore(run.id).id == run.id
    store.delete(run.id)
    store.discard(run.id)
    assert store.list() == store.deleted() == []
    assert not list(store.trash.iterdir())
    assert content(target) == before


def test_a_dead_training_is_mended_and_one_that_goes_on_is_not(store: RunStore) -> None:
    dead, alive = make(store), make(store)
    for run in (dead, alive):
        store.update(run.id, state="training")
    with held(store, alive.id):
        store.mend()
        assert store.get(alive.id).status.state == "training"
    assert store.get(dead.id).status.state == "interrupted"


def test_a_full_disk_keeps_nobody_from_the_other_runs(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [make(store), make(store)]
    for run in runs:
        store.update(run.id, state="training")
    write = RunStore.update

    def full(self: RunStore, run_id: str, **changes: object) -> object:
        if run_id == runs[0].id:
            raise OSError(28, "No space left on device")
        return write(self, run_id, **changes)

    monkeypatch.setattr(RunStore, "update", full)
    store.mend()
    assert [store.get(run.id).status.state for run in runs] == ["training", "interrupted"]
    monkeypatch.setattr(RunStore, "update", write)
    store.mend()
    assert store.get(runs[0].id).status.state == "interrupted"


def test_half_made_folders_go_once_they_are_old_and_nothing_else_does(store: RunStore) -> None:
    old = time.time() - HALF_MADE_SECONDS - 60
    bare, new, full, whole = (store.folder / name for name in ("a" * 12, "b" * 12, "c" * 12, ".making-" + "d" * 12))
    for folder in (bare, new, full, whole):
        (folder / "film").mkdir(parents=True)
        (folder / "settings.json").write_text("{}")
    (full / "weights.safetensors").write_bytes(b"something that somebody made")
    for folder in (bare, full, whole):
        os.utime(folder, (old, old))
    kept = make(store)
    os.utime(kept.folder, (old, old))
    store.mend()
    assert {path.name for path in store.folder.iterdir() if path.is_dir()} >= {new.name, full.name, kept.id}
    assert not bare.exists()
    assert not whole.exists()


def test_a_run_that_cannot_be_made_leaves_no_folder(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aecore.runs.store.write_json", full)
    with pytest.raises(OSError, match="No space"):
        make(store)
    assert not list(store.folder.iterdir())
