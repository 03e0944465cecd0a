"""Sweeps on disk: one folder each in `sweeps` of the home, beside the runs, with what it trains and how far it is.

The ids of a sweep's runs are chosen with the sweep: whether a run has been begun is known from the folders alone, so
that none is trained twice, whatever process ends when.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from aecore.files import BrokenFileError, read_json, write_json
from aecore.runs.listing import Listing
from aecore.runs.run import RUN_ID, RunError, clean_name
from aecore.runs.status import ENDED
from aecore.runs.store import new_id

FORMAT = 1
OVER = (*ENDED, "diverged", "failed")
"""States of a run of which its sweep expects nothing more."""

STATES = ("running", "paused", "stopped", "done")
SETTINGS, STATUS = "settings.json", "status.json"


@dataclass(frozen=True)
class PlannedRun:
    """A run of a sweep. point: the searched settings; settings: all of them, as in the folder of a run."""

    name: str
    point: dict[str, Any]
    settings: dict[str, Any]
    id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class SweepStatus:
    """How far a sweep is; `status.json`.

    begun: ids of the runs that have been made. resume: of those that are to go on. resumed: how often each was resumed
    after it was cut off. rungs: epochs -> id -> validation error there; halted: ids that early stopping has stopped.
    deleted: when, in seconds since 1970; 0 if it is not. deleted_runs: the runs that went to the trash with it.
    """

    state: str = "running"
    name: str = ""
    message: str = ""
    begun: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    resumed: dict[str, int] = field(default_factory=dict)
    rungs: dict[str, dict[str, float]] = field(default_factory=dict)
    halted: tuple[str, ...] = ()
    deleted: float = 0.0
    deleted_runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class SweepRecord:
    """One sweep as found on disk. text: as in a link. visitor: whose turn its runs take in the queue. halving: one run
    in how many goes on, and the epochs of the first rung; () where no run is stopped early. problem: what is wrong with
    the folder, if anything.
    """

    id: str
    folder: Path
    text: str = ""
    data: str = ""
    owner: str = ""
    visitor: str = ""
    created: float = 0.0
    halving: tuple[int, ...] = ()
    runs: tuple[PlannedRun, ...] = ()
    status: SweepStatus = SweepStatus()
    problem: str = ""

    @property
    def is_running(self) -> bool:
        """Whether runs of it are still to be begun, or watched."""
        return self.status.state == "running" and not self.status.deleted and not self.problem

    @property
    def name(self) -> str:
        """Its name."""
        return clean_name(self.status.name) or self.id


class SweepStore:
    """The sweeps of a home. Every file is written under another name first and then moved into place."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "sweeps"
        self._listing: Listing[SweepRecord] = Listing(self.folder, RUN_ID.fullmatch, _read)

    def create(
        self, text: str, name: str, runs: Sequence[PlannedRun], *, halving: tuple[int, ...] = (), owner: str = "",
        visitor: str = "",
    ) -> SweepRecord:  # fmt: skip
        """A new sweep, whose runs are still to be begun."""
        sweep_id = new_id()
        making = self.folder / f".making-{sweep_id}"
        making.mkdir(parents=True)
        try:
            values = {
                "format": FORMAT, "text": text, "data": runs[0].settings["data"], "owner": owner, "visitor": visitor,
                "created": time.time(), "halving": halving, "runs": [asdict(run) for run in runs],
            }  # fmt: skip
            write_json(making / SETTINGS, values)
            write_json(making / STATUS, asdict(SweepStatus(name=clean_name(name))))
            making.rename(self.folder / sweep_id)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        self._listing.note_change()
        return self.get(sweep_id)

    def get(self, sweep_id: str) -> SweepRecord:
        """The sweep of that id, also a deleted one. RunError if there is none."""
        if not RUN_ID.fullmatch(sweep_id) or not (self.folder / sweep_id).is_dir():
            raise RunError(
                f"There is no sweep '{sweep_id[:40]}' here. It may have been deleted, or the link is from another "
                "machine."
            )
        return _read(self.folder / sweep_id)

    def list(self) -> list[SweepRecord]:
        """All sweeps, newest first, deleted ones included."""
        return sorted(self._listing.all(), key=lambda sweep: (-sweep.created, sweep.id))

    @contextmanager
    def changing(self, sweep_id: str) -> Iterator[SweepRecord]:
        """The sweep as it is now; nobody else changes it within the block."""
        folder = self.get(sweep_id).folder
        with FileLock(folder / ".writing", thread_local=False):
            yield self.get(sweep_id)

    def write(self, sweep: SweepRecord, **changes: Any) -> SweepRecord:
        """Changes fields of the status; within `changing`."""
        status = replace(sweep.status, **changes)
        write_json(sweep.folder / STATUS, asdict(status))
        self._listing.note_change()
        return replace(sweep, status=status)

    def update(self, sweep_id: str, **changes: Any) -> SweepRecord:
        """Changes fields of the status, under a lock."""
        with self.changing(sweep_id) as sweep:
            return self.write(sweep, **changes)

    def lock(self, sweep_id: str) -> FileLock:
        """The lock of the process that begins and watches its runs."""
        return FileLock(self.get(sweep_id).folder / ".lock", thread_local=False)

    def discard(self, sweep_id: str) -> None:
        """Removes a deleted sweep for good; its runs stay in their trash. RunError if it is not deleted."""
        sweep = self.get(sweep_id)
        if not sweep.status.deleted:
            raise RunError(f"Sweep '{sweep.name}' is not in the trash.")
        leaving = self.folder / f".discarding-{sweep_id}-{secrets.token_hex(2)}"
        sweep.folder.rename(leaving)
        self._listing.note_change()
        shutil.rmtree(leaving, ignore_errors=True)


def _read(folder: Path) -> SweepRecord:
    """The sweep of a folder; one that was edited by hand names its problem."""
    try:
        values = read_json(folder / SETTINGS, is_finite=True)
        if values.pop("format") != FORMAT:
            return SweepRecord(folder.name, folder, problem="It was kept by another version of this app.")
        runs = tuple(PlannedRun(**run) for run in values.pop("runs"))
        halving = tuple(map(int, values.pop("halving")))
        status = _status(read_json(folder / STATUS, is_finite=True))
        if not all(RUN_ID.fullmatch(run.id) for run in runs):
            raise ValueError("id")
        return SweepRecord(folder.name, folder, runs=runs, halving=halving, status=status, **values)
    except (OSError, BrokenFileError, ValueError, TypeError, KeyError, AttributeError):
        return SweepRecord(
            folder.name, folder, problem=f"The files of sweep {folder.name} cannot be read; it seems to have been "
            "changed by hand.",
        )  # fmt: skip


def _status(values: dict[str, Any]) -> SweepStatus:
    lists = {name: tuple(map(str, values.pop(name))) for name in ("begun", "resume", "halted", "deleted_runs")}
    status = SweepStatus(**values, **lists)
    if status.state not in STATES:
        raise ValueError("state")
    return status
