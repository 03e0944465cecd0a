"""Parcels: what a job needs away from home, and what it writes there, brought home whole, in order, nowhere else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from aecore.files import write_json
from aecore.jobs.parcels import Change, Mirror, bring_home, data_of, inside, pack, roots_of, unpack
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.snapshots import ProgressLog, append_progress
from aecore.runs.store import RunStore
from tests.small_runs import finish, has_same_weights, make


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """The home of a seat."""
    (tmp_path / "away").mkdir()
    return tmp_path / "away"


def test_a_run_that_trains_away_from_home_ends_as_one_that_trains_at_home(store: RunStore, away: Path) -> None:
    here, there = make(store), make(store, "Away")
    finish(store, here)
    unpack(pack(store.folder.parent, roots_of(store, "autoencoder", [there.id])), away)
    mirror, far = Mirror(away), RunStore(away / "runs")
    from aecore.experiment import runner

    for _ in runner.run(far, there.id):
        bring_home(store, mirror.changes(), there.id, "node one")
    store.rename(there.id, "Called so meanwhile")
    bring_home(store, mirror.changes(), there.id, "node one")
    back = store.get(there.id)
    assert (back.status.state, back.name, back.status.device) == ("done", "Called so meanwhile", "CPU of node one")
    assert has_same_weights(store.get(here.id), back)
    assert back.status.test == store.get(here.id).status.test
    records = [ProgressLog(run.folder / "progress.jsonl").read() for run in (here, there)]
    whole = [{each["epoch"]: each["train"] for each in rows if each["validation"]} for rows in records]
    assert whole[0].keys() == whole[1].keys()
    assert {path.name for path in there.folder.iterdir()} | {".lock"} == {path.name for path in here.folder.iterdir()}
    assert not (there.folder / "resume.safetensors").exists()


def test_lines_that_are_added_travel_alone_and_must_follow_those_at_home(store: RunStore, away: Path) -> None:
    run = make(store)
    append_progress(run.folder, {"step": 1})
    unpack(pack(store.folder.parent, [f"runs/{run.id}"]), away)
    mirror, path = Mirror(away), f"runs/{run.id}/progress.jsonl"
    assert mirror.changes() == []
    append_progress(away / "runs" / run.id, {"step": 2})
    (added,) = mirror.changes()
    assert (added.path, added.data, added.begin) == (path, b'{"step": 2}\n', 12)
    bring_home(store, [added])
    assert (run.folder / "progress.jsonl").read_bytes() == b'{"step": 1}\n{"step": 2}\n'
    with pytest.raises(ValueError, match="24 bytes here, and 12 there"):
        bring_home(store, [added])


def test_what_is_replaced_deleted_or_new_is_brought_home_and_the_status_last(store: RunStore, away: Path) -> None:
    run = make(store)
    write_json(run.folder / "old.json", {})
    unpack(pack(store.folder.parent, [f"runs/{run.id}"]), away)
    mirror, folder = Mirror(away), away / "runs" / run.id
    (folder / "old.json").unlink()
    write_json(folder / "status.json", {"state": "training", "name": "Elsewhere", "owner": "else"})
    write_json(folder / "zebra.json", {"a": 1})
    (folder / ".lock").touch()
    write_json(folder / REQUEST, {"action": "pause"})
    changes = mirror.changes()
    assert [Path(each.path).name for each in changes] == ["old.json", "zebra.json", "status.json"]
    bring_home(store, changes, run.id)
    assert not (run.folder / "old.json").exists()
    assert (run.folder / "zebra.json").is_file()
    assert not (run.folder / REQUEST).exists()
    status = store.get(run.id).status
    assert (status.state, status.name, status.owner) == ("training", "Test", "")
    time.sleep(0.01)
    os.utime(folder / "zebra.json")
    assert [Path(each.path).name for each in mirror.changes()] == ["zebra.json"]


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "runs/../../evil", "runs/.lock", "", "."])
def test_no_path_leads_out_of_the_home(store: RunStore, home: Path, path: str) -> None:
    for write in (lambda: unpack({path: b"x"}, home), lambda: bring_home(store, [Change(path, b"x")]),
                  lambda: bring_home(store, [Change(path, None)]), lambda: inside(home, path)):  # fmt: skip
        with pytest.raises(ValueError, match="no path of a parcel"):
            write()


def test_a_job_takes_along_the_runs_and_uploads_that_it_reads_and_no_others(store: RunStore, home: Path) -> None:
    run, other = make(store), make(store, "Other")
    for shelf, name in (("uploads", "upload-1"), ("uploads", "upload-2"), ("ratings", "own-1"), ("trash", "upload-1")):
        (home / shelf / name).mkdir(parents=True, exist_ok=True)
        (home / shelf / name / "card.json").write_text("{}")
    write_json(run.folder / "settings.json", {**run.settings, "data": "upload-1"})
    assert roots_of(store, "autoencoder", [run.id]) == [f"runs/{run.id}", "uploads/upload-1"]
    assert roots_of(store, "sweep", [[run.id, other.id], "own-1", 0.5]) == sorted(
        [f"runs/{run.id}", f"runs/{other.id}", "ratings/own-1", "uploads/upload-1"]
    )
    assert roots_of(store, "map", ["digits", "../runs", ".", ""]) == []
    write_json(home / "films-recommender.json", {"source": other.id})
    assert f"runs/{other.id}" in roots_of(store, "newer films", [run.id])
    assert f"runs/{other.id}" not in roots_of(store, "autoencoder", [run.id])


def test_downloaded_data_are_named_with_their_bytes_and_checksums(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    from aecore.datasets.idx import files

    path = tmp_path / files("mnist")[0].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert data_of(store, "map", [], ["mnist"]) == {files("mnist")[0].path: (3, sha)}
    assert data_of(store, "map", [], ["digits", "../mnist"]) == {}
    (tmp_path / "movielens" / "ml-1m").mkdir(parents=True)
    for name in ("ratings.dat", "movies.dat"):
        (tmp_path / "movielens" / "ml-1m" / name).write_text("1")
    assert sorted(data_of(store, "recommender", [], ["ml-1m"])) == [
        "movielens/ml-1m/movies.dat", "movielens/ml-1m/ratings.dat"
    ]  # fmt: skip
