"""What a run leaves while it trains: a log that is read as it grows, and a bounded number of snapshots."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.runs import snapshots
from aecore.runs.snapshots import (
    MOST_SNAPSHOTS,
    ProgressLog,
    Snapshot,
    append_progress,
    last_record,
    mean_speed,
    read_snapshot,
    snapshot_steps,
    write_snapshot,
)
from aecore.training.loop import Progress


def record(step: int, loss: float = 0.5) -> dict[str, Any]:
    return Progress(
        step, step / 4, step / 10, 100.0, 0.01, {"reconstruction": loss}, {"reconstruction": loss}, loss
    ).to_dict()


@pytest.fixture
def log(tmp_path: Path) -> ProgressLog:
    return ProgressLog(tmp_path / "progress.jsonl")


def steps(log: ProgressLog) -> list[int]:
    return [each["step"] for each in log.read()]


def test_a_log_that_is_not_there_yet_is_empty(log: ProgressLog) -> None:
    assert steps(log) == []


def test_what_is_appended_is_read_back_as_it_grows(log: ProgressLog) -> None:
    for step in range(1, 6):
        append_progress(log.path.parent, record(step, 1 / step))
        assert steps(log) == list(range(1, step + 1))
    assert log.read() == [record(step, 1 / step) for step in range(1, 6)]
    assert log.broken == 0


def test_only_what_is_new_is_parsed(log: ProgressLog, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(1, 100):
        append_progress(log.path.parent, record(step))
    log.read()
    append_progress(log.path.parent, record(100))
    parsed: list[bytes] = []
    loads = json.loads
    monkeypatch.setattr("aecore.runs.snapshots.json.loads", lambda line: (parsed.append(line), loads(line))[1])
    assert len(log.read()) == 100
    assert len(parsed) == 1


def test_a_half_written_last_line_waits_until_it_is_whole(log: ProgressLog) -> None:
    append_progress(log.path.parent, record(1))
    line = json.dumps(record(2)) + "\n"
    for cut in (1, 20, len(line) - 1):
        log.path.write_text(json.dumps(record(1)) + "\n" + line[:cut])
        assert steps(log) == [1]
    log.path.write_text(json.dumps(record(1)) + "\n" + line)
    assert steps(log) == [1, 2]
    assert log.broken == 0


def test_a_line_cut_short_by_a_crash_does_not_swallow_the_next_record(log: ProgressLog) -> None:
    """The process died in the middle of line 2; the run is continued and goes on writing."""
    log.path.write_text(json.dumps(record(1)) + "\n" + json.dumps(record(2))[:30])
    append_progress(log.path.parent, record(2))
    append_progress(log.path.parent, record(3))
    assert steps(log) == [1, 2, 3]


BROKEN = [
    "", "not json", "{", "[]", "5", "null", "{}", '{"step": 2}', json.dumps({**record(2), "step": "2"}),
    json.dumps({**record(2), "step": 2.5}), json.dumps({**record(2), "epoch": None}),
    json.dumps({**record(2), "epoch": -1}), json.dumps({**record(2), "train": []}),
    json.dumps({**record(2), "train": {"reconstruction": None}}),
    json.dumps({**record(2), "train": {"reconstruction": "low"}}),
    json.dumps({**record(2), "train": {"reconstruction": "0.5"}}), json.dumps({**record(2), "validation": 3}),
    json.dumps({**record(2), "step": True}), "[" * 100_000, "\udcff",
]  # fmt: skip


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_line_that_is_no_record_is_counted_and_not_shown(log: ProgressLog, line: str) -> None:
    text = f"{json.dumps(record(1))}\n{line}\n{json.dumps(record(3))}\n"
    log.path.write_bytes(text.encode(errors="surrogateescape"))
    assert steps(log) == [1, 3]
    assert log.broken == 1


def test_a_run_that_went_back_to_a_checkpoint_drops_what_it_undid(log: ProgressLog) -> None:
    for step in (1, 2, 3, 4, 5):
        append_progress(log.path.parent, record(step, 0.9))
    assert steps(log) == [1, 2, 3, 4, 5]
    append_progress(log.path.parent, record(3, 0.1))
    assert steps(log) == [1, 2, 3]
    assert log.read()[-1] == record(3, 0.1)
    append_progress(log.path.parent, record(4, 0.1))
    assert steps(log) == steps(ProgressLog(log.path)) == [1, 2, 3, 4]


@pytest.mark.parametrize("count", [1, 3, 8])
def test_a_file_that_was_replaced_is_read_anew(log: ProgressLog, count: int) -> None:
    for step in (1, 2, 3):
        append_progress(log.path.parent, record(step, 0.9))
    assert len(log.read()) == 3
    other = log.path.with_name("other")
    other.write_text("".join(json.dumps(record(step, 0.1)) + "\n" for step in range(11, 11 + count)))
    os.replace(other, log.path)
    assert steps(log) == list(range(11, 11 + count))


def test_a_file_that_was_cut_short_is_read_anew(log: ProgressLog) -> None:
    for step in (1, 2, 3):
        append_progress(log.path.parent, record(step))
    log.read()
    log.path.write_text(json.dumps(record(7)) + "\n")
    assert steps(log) == [7]


def snapshot(step: int) -> Snapshot:
    """A frame whose pictures tell which it is."""
    pictures = np.full((2, 1, 3, 3), step % 256, np.uint8)
    return Snapshot(
        step, step / 4, pictures, pictures + 1, pictures + 2, pictures + 3, np.full((4, 1, 3, 3), step, np.float32)
    )


def test_a_frame_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(5))
    write_snapshot(tmp_path, snapshot(12))
    for step, asked in ((5, 5), (12, 12), (12, None)):
        found = read_snapshot(tmp_path, asked)
        assert found is not None
        for name, value in asdict(snapshot(step)).items():
            np.testing.assert_array_equal(getattr(found, name), value)
            assert np.asarray(getattr(found, name)).dtype == np.asarray(value).dtype


def test_a_frame_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_snapshot(tmp_path) is None
    assert snapshot_steps(tmp_path) == []
    write_snapshot(tmp_path, snapshot(5))
    assert read_snapshot(tmp_path, 6) is None


def test_many_snapshots_are_thinned_evenly_and_the_first_and_the_newest_stay(tmp_path: Path) -> None:
    for step in range(0, 3000, 10):
        write_snapshot(tmp_path, snapshot(step))
        kept = snapshot_steps(tmp_path)
        assert len(kept) <= MOST_SNAPSHOTS
        assert (kept[0], kept[-1]) == (0, step)
    gaps = np.diff(kept)
    assert len(kept) > MOST_SNAPSHOTS // 3
    assert gaps.max() < 3000 / 4  # no large hole
    assert sorted(tmp_path.rglob("*.npz")) == [
        tmp_path / "film" / f"{step:09d}.npz" for step in kept
    ]  # nothing else is left


@pytest.mark.parametrize("damage", ["empty", "junk", "cut", "other", "changed"])
def test_a_broken_frame_is_none_and_the_others_are_still_shown(tmp_path: Path, damage: str) -> None:
    for step in (1, 2):
        write_snapshot(tmp_path, snapshot(step))
    path = tmp_path / "film" / "000000002.npz"
    whole = path.read_bytes()
    changed = whole.replace(b"\x03" * 9, b"\x09" * 9, 1)  # a picture, so that its checksum is wrong
    assert changed != whole
    path.write_bytes(
        {"empty": b"", "junk": b"junk", "cut": whole[: len(whole) // 2], "other": b"", "changed": changed}[damage]
    )
    if damage == "other":
        with path.open("wb") as file:
            np.savez(file, unrelated=np.zeros(3))
    assert read_snapshot(tmp_path, 2) is None
    good = read_snapshot(tmp_path, 1)
    assert good is not None
    assert good.step == 1


def test_a_pickle_among_the_snapshots_is_never_loaded(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(1))
    with (tmp_path / "film" / "000000001.npz").open("wb") as file:
        np.savez(file, **{**snapshot(1).__dict__, "pca": np.array([{"an": "object"}], dtype=object)})
    assert read_snapshot(tmp_path, 1) is None


def test_files_that_are_no_frames_are_left_out(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(1))
    for name in (".000000009.npz.123", "notes.npz", "7b.npz", "readme.txt"):
        (tmp_path / "film" / name).write_text("")
    assert snapshot_steps(tmp_path) == [1]


def test_the_mean_speed_counts_each_stretch_by_its_length() -> None:
    records = [{"seconds": 1.0, "samples_per_second": 100.0}, {"seconds": 4.0, "samples_per_second": 20.0}]
    assert mean_speed(records) == pytest.approx((100 + 60) / 4)
    assert mean_speed([]) == mean_speed([{"seconds": 0.0, "samples_per_second": 9.0}]) == 0.0


def test_all_who_watch_see_the_same_records_for_as_long_as_they_allow(tmp_path: Path) -> None:
    log = ProgressLog(tmp_path / "progress.jsonl")
    append_progress(tmp_path, record(1))
    assert len(log.read(60)) == 1
    append_progress(tmp_path, record(2))
    assert len(log.read(60)) == 1
    assert len(log.read()) == 2


def test_a_snapshot_is_read_once_until_it_is_written_anew(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(5))
    first = read_snapshot(tmp_path)
    assert first is not None
    assert read_snapshot(tmp_path) is first
    with pytest.raises(ValueError, match="read-only"):
        first.originals[:] = 0
    os.utime(tmp_path / "film" / "000000005.npz", ns=(1, 1))
    assert read_snapshot(tmp_path) is not first


LINES = [
    json.dumps(record(step, 0.5 / step)).encode() + b"\n" for step in (1, 2, 3, 7)
] + [b"\n", b"{\n", b"[]\n", b'{"step": 1}\n', b"\xff\n", b'{"step": 5', b" " * 300 + b"\n"]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12), st.integers(1, 400))
def test_the_last_record_is_that_of_the_whole_log(lines: list[bytes], tail: int) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "TAIL_BYTES", tail)
        folder = Path(place)
        assert last_record(folder) is None
        (folder / "progress.jsonl").write_bytes(b"".join(lines))
        known = ProgressLog(folder / "progress.jsonl").read()
        assert last_record(folder) == (known[-1] if known else None)
