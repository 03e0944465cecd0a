"""The SQLite file of the rooms: shared by threads and by all servers of a home."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock

from aecore.rooms.words import room_word
from aecore.stores.sqlite import PATIENCE_SECONDS, Readers, connect, transaction

FORMAT = 2

_SCHEMA = """
create table rooms (
    code text primary key, title text not null, host text not null, opened real not null, ends real not null,
    ended real, is_locked integer not null default 0, path text not null default '', query text not null default '',
    moves integer not null default 0, leader text not null default '', goal text not null default '{}',
    version integer not null default 1
);
create table members (
    code text not null references rooms (code), person text not null, name text not null, joined real not null,
    is_muted integer not null default 0, is_away integer not null default 0, removed real, primary key (code, person)
);
create index members_by_person on members (person);
create table runs (
    code text not null references rooms (code), run text not null, person text not null, primary key (code, run)
);
create table polls (
    id integer primary key, code text not null references rooms (code), question text not null, choices text not null,
    asked real not null, is_open integer not null default 1, form text not null default '', prediction text not null
    default '', truth text not null default ''
);
create table votes (
    poll integer not null references polls (id), person text not null, choice integer not null,
    guess text not null default '', primary key (poll, person)
);
create table questions (
    id integer primary key, code text not null references rooms (code), person text not null, text text not null,
    asked real not null, answered real, hidden real
);
create table upvotes (
    question integer not null references questions (id), person text not null, primary key (question, person)
);
"""

_FROM_1 = """
alter table polls add column form text not null default '';
alter table polls add column prediction text not null default '';
alter table polls add column truth text not null default '';
alter table votes add column guess text not null default '';
"""
"""What makes a file of format 1, whose polls had choices only, one of format 2."""


class RoomError(ValueError):
    """An operation on rooms that is not possible; the message says what and why."""


class NoRoomError(RoomError):
    """There is no room of this code."""


class RoomFile:
    """One file; what is done in one `writing` block is done as a whole. notice: what was done about a damaged file.

    tables: SQL that makes further tables where they are missing.
    """

    def __init__(self, home: Path, tables: str = "") -> None:
        self.path, self.notice, self._tables = home / "rooms.sqlite", "", tables
        self._keeper: sqlite3.Connection | None = None
        self._readers = Readers(self.path, self._connect)
        self._lock = threading.Lock()

    @property
    def is_there(self) -> bool:
        """Whether anybody has ever opened a room."""
        return self._keeper is not None or self.path.exists()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading. RoomError if the file cannot be read."""
        with self._guarded(), self._readers.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a write transaction; rolled back if the block raises."""
        with self._guarded(), closing(self._connect()) as connection, transaction(connection):
            yield connection

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._readers.close()
        with self._lock:
            if self._keeper is not None:
                self._keeper.close()
                self._keeper = None

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            self._open()
            yield
        except sqlite3.Error as error:
            if "locked" in str(error) or "busy" in str(error):
                raise RoomError(
                    f"The file of {room_word()}s has been busy for a long time; nothing was changed. Try again."
                ) from None
            raise RoomError(
                f"{self.path.name} cannot be used ({error}). Check that the home folder can be written."
            ) from None
        except TimeoutError:
            raise RoomError(
                f"Another program holds the file of {room_word()}s; nothing was changed. Try again."
            ) from None
        except OSError as error:
            raise RoomError(f"The disk refused: {error.strerror or error}. Free some space and try again.") from None

    def _open(self) -> None:
        """Makes the file on first use, and holds an idle connection, without which each call would end in a
        checkpoint.
        """
        with self._lock:
            if self._keeper is not None:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(".rooms.lock"), timeout=PATIENCE_SECONDS):
                if not self._is_sound():
                    self._set_aside()
                with closing(self._connect()) as connection:
                    connection.execute("pragma journal_mode = wal")
                    version = connection.execute("pragma user_version").fetchone()[0]
                    if version < FORMAT:
                        change = _FROM_1 if version else _SCHEMA
                        connection.executescript(f"begin immediate; {change} pragma user_version = {FORMAT}; commit;")
                    connection.executescript(self._tables)
            self._keeper = self._connect()
            self._keeper.execute("select count(*) from rooms").fetchone()

    def _is_sound(self) -> bool:
        if not self.path.exists():
            return True
        try:
            with closing(self._connect()) as connection:
                version = connection.execute("pragma user_version").fetchone()[0]
                checked = connection.execute("pragma quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return False
        if version > FORMAT:
            raise RoomError(f"{self.path.name} was written by a later version of this app; update the app to open it.")
        return bool(checked == "ok")

    def _set_aside(self) -> None:
        aside = self.path.with_name(f"rooms-broken-{time.strftime('%Y-%m-%d-%H%M%S')}.sqlite")
        for ending in ("-wal", "-shm", ""):
            if (beside := self.path.with_name(self.path.name + ending)).exists():
                os.replace(beside, aside.with_name(aside.name + ending))
        self.notice = (
            f"The file of {room_word()}s could not be read. It was set aside as {aside.name}, and a new one was begun."
        )

    def _connect(self) -> sqlite3.Connection:
        return connect(self.path, "normal")
