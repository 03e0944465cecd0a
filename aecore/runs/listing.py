"""Listing: what lies in the folders of one folder, each read again only when its files have changed.

The folders are the only truth: an index beside them would have to be kept right by every process that changes a run,
and by everybody who copies one in. Instead each listing looks at the inode, size and times of a run's two files, which
takes about ten microseconds a run, and reads what has changed. Nothing is written; a new process reads everything once.
For the same reason a run's last record is in no index: `last_record` reads the end of progress.jsonl.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Generic, Protocol, TypeVar

FILES = ("settings.json", "status.json")

SETTLED_NS = 2_000_000_000
"""Age in nanoseconds from which the times of a file are trusted: file systems tell times in ticks of up to two seconds,
within which a file may change twice and look the same. Younger files are read each time.
"""


class Listed(Protocol):
    """What is read from a folder. problem: why its files cannot be used, or ""."""

    @property
    def problem(self) -> str:
        """A sentence, or ""."""


T = TypeVar("T", bound=Listed)
_steady: ContextVar[dict[object, tuple[int, list]] | None] = ContextVar("listings of this rerun", default=None)


@contextmanager
def steady() -> Iterator[None]:
    """Within the block, in its thread, each folder is looked through once, unless this process changes something in it:
    what a page shows is of one moment. What other processes change meanwhile is seen in the next block. A block within
    another belongs to it.
    """
    if _steady.get() is not None:
        yield
        return
    token = _steady.set({})
    try:
        yield
    finally:
        _steady.reset(token)


_Stamp = tuple[int, ...]


class Listing(Generic[T]):
    """The folders in `folder` whose names pass `is_name`, as `read` gives them. Several threads may ask at once.

    What is given is shared: nobody changes it.
    """

    def __init__(self, folder: Path, is_name: Callable[[str], object], read: Callable[[Path], T]) -> None:
        self.folder = folder
        self._is_name, self._read = is_name, read
        self._known: dict[str, tuple[_Stamp, T]] = {}
        self._changes = 0
        self._lock = threading.Lock()

    def note_change(self) -> None:
        """To be called after this process has changed something in the folder."""
        self._changes += 1

    def all(self) -> list[T]:
        """What the folders hold now, in no order; those that another process has just moved away are left out."""
        listed, changes = _steady.get(), self._changes
        if listed is None:
            return self._look()
        if self not in listed or listed[self][0] != changes:
            listed[self] = changes, self._look()
        return list(listed[self][1])

    def _look(self) -> list[T]:
        with self._lock:
            now = time.time_ns()
            entries = {name: entry for name in self._names() if (entry := self._entry(name, now))}
            self._known = {name: entry for name, entry in entries.items() if entry[0]}
            return [found for _, found in entries.values()]

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.folder) as entries:
                return [each.name for each in entries if self._is_name(each.name) and os.path.isdir(each.path)]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _entry(self, name: str, now: int) -> tuple[_Stamp, T] | None:
        """A stamp, empty for what is to be read each time, and what the folder holds; None if it is gone."""
        stamp = _stamp(f"{self.folder}/{name}")
        known = self._known.get(name)
        if known and known[0] == stamp:
            return known
        folder = self.folder / name
        found = self._read(folder)
        if found.problem:  # perhaps of a disk that refuses for a moment
            return ((), found) if folder.is_dir() else None
        return (stamp if _is_settled(stamp, now) else ()), found


def _stamp(folder: str) -> _Stamp:
    """Inode, size, and times of writing and of change of each file; empty if one is missing."""
    try:
        one, two = os.stat(f"{folder}/{FILES[0]}"), os.stat(f"{folder}/{FILES[1]}")
    except OSError:
        return ()
    return (
        one.st_ino, one.st_size, one.st_mtime_ns, one.st_ctime_ns,
        two.st_ino, two.st_size, two.st_mtime_ns, two.st_ctime_ns,
    )  # fmt: skip


def _is_settled(stamp: _Stamp, now: int) -> bool:
    """Whether a change after `now` shows in the stamp."""
    return bool(stamp) and now - max(stamp[2], stamp[3], stamp[6], stamp[7]) > SETTLED_NS
