"""RunStore: runs are folders, ids are not paths, broken folders are told of, and nobody deletes what is training."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from aecore.files import write_json
from aecore.runs.run import clean_name
from aecore.runs.status import Status
from aecore.runs.store import INTERRUPTED, Run, RunError, RunStore
from tests.small_runs import held


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def run(store: RunStore) -> Run:
    return store.create({"data": "digits", "epochs": 3}, "First")


def test_the_store_lies_in_the_home(store: RunStore, home: Path) -> None:
    assert store.folder == home / "runs"
    assert store.list() == []
    assert not store.folder.exists()  # looking makes nothing


def test_a_new_run_waits_and_is_found_again(store: RunStore, run: Run) -> None:
    found = store.get(run.id)
    assert found == run
    assert (found.name, found.settings, found.status.state, found.problem) == (
        "First",
        {"data": "digits", "epochs": 3},
        "queued",
        "",
    )
    assert found.status.is_active
    assert not found.status.is_resumable
    assert not found.has_weights


def test_runs_are_listed_with_the_newest_first(store: RunStore) -> None:
    ids = [store.create({}, f"run {index}").id for index in range(3)]
    for index, run_id in enumerate(ids):
        store.update(run_id, created=100.0 + index)
    assert [run.id for run in store.list()] == ids[::-1]


def test_renaming_cleans_the_name_and_refuses_none(store: RunStore, run: Run) -> None:
    assert store.rename(run.id, "  two\nwords\x00\u202e ").name == "two words"
    assert len(store.rename(run.id, "x" * 500).name) == 120
    with pytest.raises(RunError, match="A run needs a name"):
        store.rename(run.id, " \n\x07")
    assert store.get(run.id).name == "x" * 120
    assert clean_name("Ziffern · 64-10-64 ✓") == "Ziffern · 64-10-64 ✓"


def test_a_deleted_run_comes_back_whole(store: RunStore, run: Run) -> None:
    save_file({"w": np.arange(3.0)}, run.folder / "weights.safetensors")
    store.delete(run.id)
    assert store.list() == []
    with pytest.raises(RunError, match=f"There is no run '{run.id}' here"):
        store.get(run.id)
    back = store.restore(run.id)
    assert (back.name, back.settings, back.has_weights) == ("First", run.settings, True)
    np.testing.assert_array_equal(back.weights()["w"], [0, 1, 2])
    store.delete(run.id)  # and once more
    assert store.restore(run.id).id == run.id


def test_restoring_what_is_not_in_the_trash_is_refused(store: RunStore, run: Run) -> None:
    with pytest.raises(RunError, match=f"Run '{run.id}' is not in the trash"):
        store.restore(run.id)
    assert store.get(run.id) == run


def test_a_run_does_not_vanish_into_what_stands_in_its_place(store: RunStore, run: Run) -> None:
    store.delete(run.id)
    (store.path(run.id)).mkdir()
    (store.path(run.id) / "left").write_text("something")
    with pytest.raises(RunError, match=f"there is something at .*{run.id} already"):
        store.restore(run.id)
    assert store.get_deleted(run.id).name == "First"
    shutil.rmtree(store.path(run.id))
    shutil.copytree(store.restore(run.id).folder, store.trash / run.id)
    with pytest.raises(RunError, match=f"there is something at trash/{run.id} already"):
        store.delete(run.id)
    assert store.get(run.id).name == "First"


BAD_IDS = [
    "",
    "..",
    "../../etc/x",
    "/etc/passwd00",
    "abc",
    "trash",
    "a" * 11,
    "a" * 13,
    "ABCDEFABCDEF",
    "abcdef/bcdef",
    "abcdef\\bcdef",
    "abcdefabcde\n",
    "ａbcdefabcdef",
]


@pytest.mark.parametrize("bad", BAD_IDS)
@pytest.mark.parametrize("method", ["get", "path", "delete", "restore", "lock", "is_held", "update"])
def test_what_is_no_id_is_refused_and_never_a_path(
    store: RunStore, run: Run, method: str, bad: str, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RunError, match="is not the id of a run"):
        getattr(store, method)(bad)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("method", ["get", "delete", "update", "change_settings", "is_held"])
def test_asking_for_a_run_that_is_not_there_makes_none(store: RunStore, run: Run, method: str) -> None:
    with suppress(RunError) if method == "is_held" else pytest.raises(RunError, match="no run '0123456789ab' here"):
        getattr(store, method)("0123456789ab")
    assert [each.id for each in store.list()] == [run.id]


@pytest.mark.parametrize("file", ["settings.json", "status.json"])
@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", "\x00\xff", '{"epochs": 3'])
def test_a_broken_file_is_told_in_a_sentence_and_the_others_are_still_listed(
    store: RunStore, run: Run, file: str, text: str
) -> None:
    other = store.create({}, "Other")
    (run.folder / file).write_bytes(text.encode("latin-1"))
    runs = {each.id: each for each in store.list()}
    assert runs[other.id].problem == ""
    broken = runs[run.id]
    assert broken.problem.startswith(f"{file} of run {run.id} ")
    assert broken.problem.endswith(".")
    assert (broken.status.state, broken.status.message) == ("failed", broken.problem)


@pytest.mark.parametrize("file", ["settings.json", "status.json"])
def test_a_missing_file_is_told_in_a_sentence(store: RunStore, run: Run, file: str) -> None:
    (run.folder / file).unlink()
    assert store.get(run.id).problem.startswith(f"{file} of run {run.id} cannot be read")


@pytest.mark.parametrize(
    "junk",
    [
        {"state": 5}, {"state": "banana"}, {"name": None}, {"name": ["x"]}, {"message": 1}, {"created": "today"},
        {"seconds": None}, {"finished": [1]}, {"parameters": "many"}, {"restarted_from": 7}, {"unknown": 1},
        {"test": {"mse": "small"}}, {"test": 5}, {"test": [["mse", 0.5]]}, {"baselines": "x"},
        {"baselines": [["mean_test", 1]]}, {"created": float("nan")}, {"created": 1e300}, {"created": -1e300},
    ],
    ids=str,
)  # fmt: skip
def test_a_status_with_values_it_cannot_have_is_told_in_a_sentence(
    store: RunStore, run: Run, junk: dict[str, Any]
) -> None:
    write_json(run.folder / "status.json", {**run.status.__dict__, **junk})
    found = store.list()[0]
    assert "changed by hand" in found.problem
    assert found.status.state == "failed"


def test_stray_files_and_folders_are_no_runs(store: RunStore, run: Run) -> None:
    (store.folder / "notes").mkdir()
    (store.folder / "0123456789ab").write_text("a file with the name of a run")
    assert [each.id for each in store.list()] == [run.id]


def test_updating_keeps_what_was_not_changed(store: RunStore, run: Run) -> None:
    updated = store.update(run.id, state="done", test={"mse": 0.5})
    assert (updated.status.state, updated.status.test, updated.name, updated.status.created) == (
        "done",
        {"mse": 0.5},
        "First",
        run.status.created,
    )
    assert json.loads((run.folder / "status.json").read_text()) == updated.status.__dict__


def test_two_threads_that_change_different_facts_of_a_run_both_keep_theirs(store: RunStore, run: Run) -> None:
    """A visitor renames a run while its trainer reports: neither may undo the other,
    or trip over its temporary file.
    """
    failures: list[BaseException] = []

    def hammer(change: Callable[[int], dict[str, Any]]) -> None:
        try:
            for index in range(150):
                store.update(run.id, **change(index))
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=hammer, args=(change,))
        for change in (lambda i: {"name": f"name {i}"}, lambda i: {"seconds": float(i)})
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    status = store.get(run.id).status
    assert (status.name, status.seconds) == ("name 149", 149.0)


def test_a_run_that_another_process_trains_cannot_be_deleted_or_changed(store: RunStore, run: Run) -> None:
    with held(store, run.id) as child:
        assert store.is_held(run.id)
        with pytest.raises(RunError, match="'First' is training; stop it first"):
            store.delete(run.id)
        with pytest.raises(RunError, match="'First' is training; stop it first"):
            store.change_settings(run.id, epochs=9)
        child.kill()  # the system lets go of the lock
        child.wait()
        assert not store.is_held(run.id)
    assert store.change_settings(run.id, epochs=9).settings["epochs"] == 9
    store.delete(run.id)


def test_mending_marks_what_a_dead_process_left_and_returns_what_waits(store: RunStore) -> None:
    states = ("training", "preparing", "queued", "queued", "done", "paused", "training")
    runs = [store.create({}, f"{index} {state}") for index, state in enumerate(states)]
    for index, (run, state) in enumerate(zip(runs, states, strict=True)):
        store.update(run.id, state=state, created=float(index))
    with held(store, runs[6].id):  # this one is alive
        assert [run.name for run in store.mend()] == ["2 queued", "3 queued"]
    assert [store.get(run.id).status.state for run in runs] == [
        "interrupted",
        "interrupted",
        "queued",
        "queued",
        "done",
        "paused",
        "training",
    ]
    assert store.get(runs[0].id).status.message == INTERRUPTED
    assert [run.name for run in store.mend(frozenset({runs[2].id}))] == ["3 queued"]


def test_mending_leaves_a_broken_folder_as_it_is(store: RunStore, run: Run) -> None:
    (run.folder / "status.json").write_text("{")
    assert store.mend() == []
    assert (run.folder / "status.json").read_text() == "{"


def test_weights_that_cannot_be_read_are_told_in_a_sentence(store: RunStore, run: Run) -> None:
    for content in (None, b"", b"junk", b"\xff" * 100):
        if content is not None:
            (run.folder / "weights.safetensors").write_bytes(content)
        with pytest.raises(RunError, match=r"The weights of run 'First' cannot be read .*; train it again\."):
            run.weights()


@pytest.mark.parametrize(
    "state", ["queued", "preparing", "training", "paused", "interrupted", "diverged", "failed", "stopped", "done"]
)
def test_a_state_is_active_resumable_or_over(state: str) -> None:
    status = Status(state=state)
    assert status.is_active == (state in ("queued", "preparing", "training"))
    assert status.is_resumable == (state in ("paused", "interrupted", "diverged", "failed"))
