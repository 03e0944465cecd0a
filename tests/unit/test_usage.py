"""What runs take on the disk, the sentences of the quotas, and what is removed for good."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from aecore.limits import GB, Limits
from aecore.runs import usage
from aecore.runs.store import DISCARDING, Run, RunError, RunStore
from aecore.runs.usage import QuotaError, RunSizes, Usage, check_home, check_host, check_person, folder_bytes, usage_of

INF = float("inf")
LIMITS = Limits(INF, INF, 300, 2 * GB, 50 * GB)


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


def finished(store: RunStore, name: str = "a", owner: str = "", size: int = 1000) -> Run:
    run = store.create({}, name, owner=owner)
    (run.folder / "weights.safetensors").write_bytes(b"x" * size)
    return store.update(run.id, state="done")


def test_files_of_all_folders_are_counted_and_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    (folder / "film" / "deep").mkdir(parents=True)
    (folder / "a").write_bytes(b"x" * 10)
    (folder / "film" / "deep" / "b").write_bytes(b"x" * 5)
    (tmp_path / "large").write_bytes(b"x" * 1000)
    (folder / "link").symlink_to(tmp_path / "large")
    (folder / "film" / "up").symlink_to(tmp_path)
    assert folder_bytes(folder) == 15
    assert folder_bytes(tmp_path / "gone") == 0


def test_runs_that_wait_are_not_measured_each_time(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, training, sizes = (
        store.create({}, "a"),
        store.update(store.create({}, "b").id, state="training"),
        RunSizes(),
    )
    sizes.total([waiting, training])
    measured: list[str] = []
    monkeypatch.setattr(usage, "folder_bytes", lambda folder: measured.append(Path(folder).name) or 7)
    sizes.total([waiting, training])
    assert measured == [training.id]


def test_a_run_is_measured_again_when_its_folder_has_changed(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    run, other, sizes = finished(store), finished(store, size=70), RunSizes()
    whole = sizes.total([run, other])
    assert whole == folder_bytes(run.folder) + folder_bytes(other.folder)
    measured: list[str] = []
    real = usage.folder_bytes
    monkeypatch.setattr(usage, "folder_bytes", lambda folder: measured.append(Path(folder).name) or real(folder))
    sizes.measure(store.list())
    assert sizes.total(store.list()) == whole
    assert not measured
    time.sleep(0.02)
    (run.folder / "latents.npz").write_bytes(b"x" * 500)
    sizes.measure(store.list())
    assert sizes.total(store.list()) == whole + 500  # type: ignore[operator]
    assert set(measured) == {run.id, "film"}
    store.delete(run.id)  # keeps its size in the trash
    assert sizes.total(store.deleted()) == folder_bytes(store.trash / run.id)


def test_what_trains_is_measured_each_time(store: RunStore) -> None:
    run, sizes = store.update(finished(store).id, state="training"), RunSizes()
    before = sizes.total([run])
    with (run.folder / "weights.safetensors").open("ab") as file:
        file.write(b"x" * 300)
    assert sizes.total([run]) == before + 300  # type: ignore[operator]


def test_nobody_waits_until_thousands_are_measured(store: RunStore) -> None:
    runs, sizes = [finished(store) for _ in range(5)], RunSizes()
    assert sizes.total(runs, most_new=4) is None
    sizes.measure(runs)
    assert sizes.total(runs, most_new=4)


def test_one_persons_runs_are_counted_with_the_trash(store: RunStore) -> None:
    mine, gone = finished(store, owner="ann"), finished(store, owner="ann", size=20)
    finished(store, owner="bob")
    store.delete(gone.id)
    found = usage_of(store, RunSizes(), lambda run: run.status.owner == "ann")
    assert (found.runs, found.deleted) == (1, 1)
    assert found.run_bytes == folder_bytes(mine.folder)
    assert found.deleted_bytes == folder_bytes(store.trash / gone.id)


def test_too_many_runs_are_refused_with_the_numbers() -> None:
    check_person(Usage(299, 0, 50, 0), LIMITS)
    with pytest.raises(QuotaError, match="You have 300 runs, and another would be too many: one person may keep 300"):
        check_person(Usage(300, 0, 0, 0), LIMITS)
    with pytest.raises(QuotaError, match="You have 297 runs, and 6 more would be too many"):
        check_person(Usage(297, 0, 0, 0), LIMITS, new_runs=6)


def test_too_many_bytes_of_one_person_are_refused_with_the_numbers() -> None:
    check_person(Usage(10, int(1.2 * GB), 2, int(0.7 * GB)), LIMITS)
    with pytest.raises(
        QuotaError, match=r"Your 12 runs take 2\.1 GB on this server's disk, 0\.9 GB of them in the trash; one person"
    ):
        check_person(Usage(10, int(1.2 * GB), 2, int(0.9 * GB)), LIMITS)
    with pytest.raises(QuotaError, match=r"disk; one person may use 2\.0 GB\. Delete some on the Runs page"):
        check_person(Usage(10, 2 * GB, 0, 0), LIMITS)


def test_what_a_person_has_brought_counts_too() -> None:
    taken = Usage(10, int(1.2 * GB), 0, 0, brought_bytes=int(0.4 * GB), brought_trash_bytes=int(0.2 * GB))
    check_person(taken, LIMITS, new_runs=0, new_bytes=int(0.1 * GB))
    with pytest.raises(
        QuotaError,
        match=r"and what you have brought takes 0\.6 GB, 0\.2 GB of it in its trash; this would take 0\.3 GB; "
        r"one person may use 2\.0 GB\. Delete some on the Runs page, and empty the trash there, or delete data that "
        r"you have brought, for good\.",
    ):
        check_person(taken, LIMITS, new_runs=0, new_bytes=int(0.3 * GB))


@pytest.mark.parametrize("unknown", [Usage(400, None, 0, 0), Usage(4, 0, 500, None)])
def test_what_is_not_measured_yet_is_not_taken_for_nothing(unknown: Usage) -> None:
    unbounded = replace(LIMITS, runs=INF)
    with pytest.raises(QuotaError, match="is being measured. Try again in a minute"):
        check_person(unknown, unbounded, new_runs=0, new_bytes=1)
    check_person(unknown, replace(unbounded, person_bytes=INF), new_runs=0, new_bytes=1)


def test_what_is_brought_is_refused_for_its_bytes_not_for_the_number_of_runs() -> None:
    check_person(Usage(300, 0, 0, 0), LIMITS, new_runs=0, new_bytes=GB)


def test_a_full_home_and_a_full_disk_are_refused_with_the_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "disk_bytes", lambda folder: (500 * GB, 40 * GB))
    check_home(tmp_path, None, LIMITS, 10 * GB)
    check_home(tmp_path, 49 * GB, LIMITS, GB)
    with pytest.raises(QuotaError, match=r"All that is kept on this server takes 49\.0 GB, and 50\.0 GB is the most"):
        check_home(tmp_path, 49 * GB, LIMITS, 2 * GB)
    with pytest.raises(QuotaError, match=r"The disk has 40\.0 GB free, and this would take 39\.5 GB; 1\.0 GB have to"):
        check_home(tmp_path, 0, replace(LIMITS, home_bytes=INF), int(39.5 * GB))
    monkeypatch.setattr(usage, "disk_bytes", lambda folder: (500 * GB, GB // 2))
    with pytest.raises(QuotaError, match=r"The disk has 0\.5 GB free; 1\.0 GB have to stay free"):
        check_home(tmp_path, None, LIMITS)


def test_the_command_line_is_bound_by_what_the_host_has_set(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(store)
    finished(store, owner="ann")
    check_host(store)
    monkeypatch.setenv("AECORE_MOST_RUNS", "1")
    with pytest.raises(QuotaError, match="You have 1 run, and another would"):
        check_host(store)
    monkeypatch.setenv("AECORE_MOST_RUNS", "2")
    check_host(store)
    monkeypatch.setenv("AECORE_HOME_GB", "0.000001")
    with pytest.raises(QuotaError, match="All that is kept"):
        check_host(store)


def test_what_is_discarded_is_gone_for_good_and_nothing_else_is(store: RunStore) -> None:
    kept, gone = finished(store), finished(store)
    with pytest.raises(RunError, match="is not in the trash"):
        store.discard(kept.id)
    store.delete(gone.id)
    store.discard(gone.id)
    assert store.deleted() == []
    assert not list(store.trash.iterdir())
    with pytest.raises(RunError, match="is not in the trash"):
        store.restore(gone.id)
    assert [run.id for run in store.list()] == [kept.id]


def test_a_run_is_in_the_trash_as_a_whole_or_not_at_all(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = finished(store)
    store.delete(gone.id)
    monkeypatch.setattr("aecore.runs.store.shutil.rmtree", lambda *_, **__: None)  # the process is killed
    store.discard(gone.id)
    assert store.deleted() == []
    assert [each.name for each in store.trash.iterdir()] == [f"{DISCARDING}{gone.id}"]


def test_the_last_deleted_comes_first_in_the_trash(store: RunStore) -> None:
    runs = [finished(store, name) for name in "abcd"]
    order = [runs[index] for index in (2, 0, 3, 1)]
    for run in order:
        store.delete(run.id)
        time.sleep(0.015)
    assert [run.name for run in store.deleted()] == [run.name for run in reversed(order)]
