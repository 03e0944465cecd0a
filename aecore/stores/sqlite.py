"""SQLite as every file of this app uses it: several processes at once, and changes made as a whole."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

PATIENCE_SECONDS = 20.0
"""How long to wait for another process."""

MOST_IDLE = 4
"""Connections of a file that wait to be used again: reads are short, so that few suffice."""

Stamp = tuple[int, int, int, int]
"""Device, inode, time of change and size: what tells a file from another one put in its place."""


class Readers:
    """Connections of a file for reading, kept open between calls, as opening one takes longer than most reads.

    One that was opened before the file was replaced, or written by anything but the log, is closed and not used again.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path, self._connect = path, connect
        self._lock = threading.Lock()
        self._idle: list[tuple[Stamp, sqlite3.Connection]] = []
        self._round = 0

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of this call's own; closed if the block raises."""
        stamp, began = self._stamp(), self._round
        connection = self._take(stamp) or self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if stamp and began == self._round and len(self._idle) < MOST_IDLE:
                self._idle.append((stamp, connection))
                return
        connection.close()

    def close(self) -> None:
        """Closes the idle connections, and those in use as soon as their calls end."""
        with self._lock:
            idle, self._idle, self._round = self._idle, [], self._round + 1
        for _, connection in idle:
            connection.close()

    def _take(self, stamp: Stamp | None) -> sqlite3.Connection | None:
        """An idle connection to the file as it is now."""
        with self._lock:
            old = [each for kept, each in self._idle if kept != stamp]
            self._idle = [(kept, each) for kept, each in self._idle if kept == stamp]
            found = self._idle.pop()[1] if self._idle else None
        for each in old:
            each.close()
        return found

    def _stamp(self) -> Stamp | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size


def connect(path: Path, synchronous: Literal["full", "normal"]) -> sqlite3.Connection:
    """A connection with named columns and foreign keys.

    synchronous: full, so that a change is on the disk when its call returns, or normal, which may lose the last ones
    to a power cut.
    """
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma foreign_keys = on")
        connection.execute(f"pragma synchronous = {synchronous}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """An exclusive write transaction: committed when the block ends, rolled back if it raises."""
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
