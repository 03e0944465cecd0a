"""Charges: the runs that wait or train by way of each server of a home. When one ends, another goes on with them.

Each server keeps a file in the folder `servers` of the home, and a lock beside it, which the system drops with it. An
only server leaves nothing to anybody: what it trained is interrupted, and goes on when somebody asks.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from aecore.files import read_json, write_json
from aecore.jobs.queue import Job
from aecore.runs.store import Run, RunError, RunStore

FOLDER = "servers"

MOST_MOVES = 3
"""How often a run goes on at another server by itself: one that ends its server each time would go on for ever."""

GOES_ON = "The server that was in charge of it has ended: it goes on from its last checkpoint."


class Charges:
    """The runs of this server, and what others have left. A disk that refuses leaves nothing to other servers."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self._own = self.folder / f"{secrets.token_hex(6)}.json"
        self._lock = FileLock(_lock_of(self._own), thread_local=False)
        self._moves: dict[str, int] = {}
        self._noted: frozenset[str] | None = None

    def open(self) -> None:
        """Joins the servers of the home; what earlier ones have left is forgotten if no other lives."""
        with suppress(OSError, Timeout):
            self.folder.mkdir(parents=True, exist_ok=True)
            ended = list(self._ended())
            if len(ended) == len(self._others()):
                for path in ended:
                    _forget(path)
            self._lock.acquire(timeout=0)
            self.note(())  # others see that it lives

    def note(self, runs: Iterable[str]) -> None:
        """These are the runs of this server now; written down where that is another set than before."""
        now = frozenset(runs)
        if now != self._noted and self._lock.is_locked:
            self._moves = {run: self._moves.get(run, 0) for run in sorted(now)}
            with suppress(OSError):
                write_json(self._own, {"runs": self._moves})
                self._noted = now

    def left(self) -> list[str]:
        """The runs of servers that have ended, which are this one's from now on; without those that moved too often."""
        found: list[str] = []
        for path in self._ended():
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                moved = {str(run): int(moves) + 1 for run, moves in read_json(path)["runs"].items()}
                self._moves |= moved
                found += [run for run, moves in moved.items() if moves <= MOST_MOVES]
            _forget(path)
        return found

    def close(self) -> None:
        """Leaves the servers of the home: from now on another one may take over."""
        self._lock.release(force=True)
        self._noted = None

    def _others(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.json") if path != self._own)

    def _ended(self) -> Iterator[Path]:
        """The files of servers that live no longer."""
        for path in self._others():
            with suppress(Timeout, OSError), FileLock(_lock_of(path)).acquire(timeout=0):
                yield path


def wait_again(store: RunStore, run_ids: Iterable[str]) -> list[Run]:
    """Those of these runs that wait or were cut off; they wait from now on."""
    found = []
    for run_id in run_ids:
        with suppress(RunError, OSError):
            if store.get(run_id).status.state in ("queued", "interrupted"):
                found.append(store.update(run_id, state="queued", message=GOES_ON))
    return found


def trained_elsewhere(store: RunStore, trainings: Iterable[Job]) -> list[Job]:
    """Those of these jobs that still wait here although another server has trained their runs meanwhile."""
    found = []
    for job in trainings:
        with suppress(RunError):
            if job.state == "waiting" and not store.get(str(job.request[1])).status.is_active:
                found.append(job)
    return found


def has_waited(run: Run, seconds: float) -> bool:
    """Whether the status of a run is so old."""
    try:
        return time.time() - (run.folder / "status.json").stat().st_mtime > seconds
    except OSError:
        return False


def _lock_of(path: Path) -> str:
    return str(path.with_suffix(".lock"))


def _forget(path: Path) -> None:
    for each in (path, path.with_suffix(".lock")):
        each.unlink(missing_ok=True)
