"""SQLite as every file of this app uses it: several processes at once, and changes made as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

PATIENCE_SECONDS = 20.0
"""How long to wait for another process."""


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
