"""Progress records and snapshots of a run in training. Read without torch."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from aecore.files import BrokenFileError, read_npz, write_npz

MOST_SNAPSHOTS = 48
"""Beyond this number, the snapshot closest to its neighbours is deleted;
early ones count for more.
"""


CODES = 1024
"""Units of the code that are stored for each picture of a snapshot."""

CROWD, CROWD_NUMBERS = 1000, 128_000
"""Test examples whose codes a snapshot stores, and most numbers of all these codes:
long codes are stored of fewer examples.
"""

ADDED = ("generated", "codes", "plane", "crowd", "pca", "pca_size")
"""Parts of a snapshot that earlier versions did not store."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot of training.

    originals, noisy, reconstructions, pca: (K, *shape) uint8, the last by PCA with `pca_size` components, or (0,)
    where that is the identity; filters: (F, *shape) float32, or kernels (F, channels, height, width);
    generated: (K, *shape) uint8, generated examples; both empty where there are none. codes: (K, Z)
    float32, at most CODES units of them; plane: (2, N, 2) `aecore.diagnostics.planar_fields.places` and where the
    network maps them, for data of two numbers; (0,) for others. crowd: (N, Z) float16, the codes of the test
    examples `crowd_rows`, by which a map follows the epochs.
    """

    step: int
    epoch: float
    originals: np.ndarray
    noisy: np.ndarray
    reconstructions: np.ndarray
    filters: np.ndarray
    pca: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    generated: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    codes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    plane: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    crowd: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    pca_size: np.ndarray = field(default_factory=lambda: np.zeros((), int))


def crowd_rows(tests: int, latent_size: int) -> np.ndarray:
    """Rows of the test set whose codes snapshots store, evenly drawn from `tests` of them."""
    count = min(tests, CROWD, max(16, CROWD_NUMBERS // latent_size))
    return np.linspace(0, tests - 1, count).round().astype(np.int64)


def append_progress(folder: Path, record: dict[str, Any]) -> None:
    """Adds one line to progress.jsonl: a Progress record and the `time` it was made, in seconds since 1970."""
    with (folder / "progress.jsonl").open("a+b") as file:
        if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n":
            file.write(b"\n")  # a process died while writing the last line
        file.write(json.dumps(record).encode() + b"\n")


TAIL_BYTES = 4096
"""How much of the end of progress.jsonl is read first for the last record."""

MEASURED = ("seconds", "samples_per_second", "learning_rate", "validation_mse", "time")
"""Numbers of a record that not every kind of run has."""


@dataclass
class ProgressLog:
    """Reads progress.jsonl as it grows: `read` parses only what is new.

    Lines that are not records are counted, not shown.
    """

    path: Path
    records: list[dict[str, Any]] = field(default_factory=list)
    broken: int = 0
    _offset: int = 0
    _inode: int = 0
    _read_at: float = -math.inf
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def read(self, at_most_old: float = 0.0) -> list[dict[str, Any]]:
        """All records so far, in order of time; a run that returned to a
        checkpoint drops the later ones.

        at_most_old: seconds for which what was read before will do, so that all who watch see the same. Several threads
        may read at once. A list that was given to one is never changed afterwards.
        """
        with self._reading:
            moment = time.monotonic()
            if moment - self._read_at >= at_most_old:
                self._read_at = moment
                self._read()
            return self.records

    def _read(self) -> None:
        try:
            stat = self.path.stat()
        except OSError:
            return
        if stat.st_ino != self._inode or stat.st_size < self._offset:
            self.records, self.broken, self._offset, self._inode = [], 0, 0, stat.st_ino
        with self.path.open("rb") as file:
            file.seek(self._offset)
            fresh = file.read()
        whole = fresh.rfind(b"\n") + 1
        self._offset += whole
        self.records = list(self.records) if whole else self.records
        for line in fresh[:whole].splitlines():
            self._add(line)

    def _add(self, line: bytes) -> None:
        record = _record(line)
        if record is None:
            self.broken += 1
            return
        while self.records and self.records[-1]["step"] >= record["step"]:
            self.records.pop()
        self.records.append(record)


def last_record(folder: Path) -> dict[str, Any] | None:
    """The record that a run has reached, as the last of `ProgressLog`; None if there is none.

    Only the end of the file is read, so that a list of many runs need not parse the records of each.
    """
    try:
        with (folder / "progress.jsonl").open("rb") as file:
            size, reach = file.seek(0, os.SEEK_END), TAIL_BYTES
            while True:
                file.seek(max(0, size - reach))
                lines = file.read(reach).split(b"\n")[(reach < size) : -1]
                if found := next((each for line in reversed(lines) if (each := _record(line))), None):
                    return found
                if reach >= size:
                    return None
                reach *= 8
    except OSError:
        return None


def _record(line: bytes) -> dict[str, Any] | None:
    """The record of a line; None if it is none."""
    try:
        record = json.loads(line)
        if "act" in record:  # what runs of version 0.1 call their phase
            record["phase"] = record.pop("act")
        numbers = [record["epoch"], *record["train"].values(), *record["validation"].values()]
        is_record = (
            type(record["step"]) is int
            and 0 <= record["epoch"] < math.inf
            and all(type(number) in (int, float) for number in numbers)
            and all(type(record.get(name, 0)) in (int, float, NoneType) for name in MEASURED)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return record if is_record else None


def mean_speed(records: Sequence[dict[str, Any]]) -> float:
    """Training examples per second over all records, pauses left out: each record has its own speed and end."""
    examples = end = 0.0
    for record in records:
        examples += record["samples_per_second"] * max(0.0, record["seconds"] - end)
        end = max(end, record["seconds"])
    return examples / end if end else 0.0


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Writes a snapshot, and thins the snapshots if there are too many."""
    snapshots = folder / "film"
    write_npz(snapshots / f"{snapshot.step:09d}.npz", **snapshot.__dict__)
    steps = snapshot_steps(folder)
    if len(steps) > MOST_SNAPSHOTS:
        crowded = min(range(1, len(steps) - 1), key=lambda i: math.sqrt(steps[i + 1]) - math.sqrt(steps[i - 1]))
        (snapshots / f"{steps[crowded]:09d}.npz").unlink(missing_ok=True)


def snapshot_steps(folder: Path) -> list[int]:
    """The steps with a snapshot, in order."""
    paths = (folder / "film").glob("[0-9]*.npz")
    return sorted(int(path.stem) for path in paths if path.stem.isdigit())


def cut_snapshots(folder: Path, step: int) -> None:
    """Deletes the snapshots after `step`, for a run that returns to a checkpoint."""
    for later in snapshot_steps(folder):
        if later > step:
            (folder / "film" / f"{later:09d}.npz").unlink(missing_ok=True)


def read_snapshot(folder: Path, step: int | None = None) -> Snapshot | None:
    """The snapshot of `step`, or the newest; None if there is none or it cannot be read."""
    steps = snapshot_steps(folder)
    if not steps or (step is not None and step not in steps):
        return None
    path = folder / "film" / f"{steps[-1] if step is None else step:09d}.npz"
    try:
        return _snapshot(path, path.stat().st_mtime_ns)
    except (OSError, BrokenFileError, KeyError):
        return None


@lru_cache(maxsize=16)
def _snapshot(path: Path, _written: int) -> Snapshot:
    values = read_npz(path)
    values = {name: values[name] for name in Snapshot.__dataclass_fields__ if name not in ADDED or name in values}
    for value in values.values():
        value.flags.writeable = False  # everybody who looks gets the same
    return Snapshot(int(values.pop("step")), float(values.pop("epoch")), **values)
