"""The SQLite file of the profiles: shared by threads and processes,
set aside if it is damaged, backed up daily.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from aecore.files import replacing
from aecore.stores.sqlite import PATIENCE_SECONDS, Readers, connect, transaction

VERSION = 1
BACKUPS, BACKUP_SECONDS = 7, 3600.0

GENRES = "genres text not null default ''"
"""A column that files of earlier versions lack; it has a default, so that these versions can write on to the file."""

_SCHEMA = f"""
create table profiles (
    id text primary key, owner text not null, name text not null, created real not null, deleted real
);
create table entries (
    profile text not null references profiles (id), key text not null, name text not null,
    title text not null, year integer not null, imdb integer not null, tmdb integer not null, movie_id integer not null,
    {GENRES}, stars real, marks text not null, moment real not null, place integer not null, primary key (profile, key)
);
create index entries_by_name on entries (profile, name);
create index entries_by_imdb on entries (profile, imdb);
create index entries_by_tmdb on entries (profile, tmdb);
create table actions (
    id integer primary key autoincrement, profile text not null, moment real not null, about text not null, undone real
);
create index actions_by_profile on actions (profile, id);
create table changes (
    action integer not null references actions (id), key_before text, before text,
    key_after text not null, after text not null
);
create index changes_by_action on changes (action);
create table codes (
    code text primary key, profile text not null references profiles (id), created real not null, withdrawn real
);
create index codes_by_profile on codes (profile);
"""
_TABLES = {"profiles", "entries", "actions", "changes", "codes"}


class ProfileError(ValueError):
    """An operation on profiles that is not possible; the message says what and why."""


class ProfileFile:
    """One SQLite file in a folder of its own. notice: a sentence if the file was damaged, "" otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path, self.notice = folder, folder / "people.sqlite", ""
        self._keeper: sqlite3.Connection | None = None
        self._readers = Readers(self.path, self._connect)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / ".opening", timeout=PATIENCE_SECONDS):
                self._make_sound()
        except (OSError, sqlite3.OperationalError) as error:
            raise self._trouble(error) from None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading. ProfileError if the file cannot be read."""
        with self._guarded(), self._readers.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in an exclusive write transaction; committed to disk when the block ends,
        rolled back if it raises.
        """
        with self._guarded(), closing(self._connect()) as connection, transaction(connection):
            yield connection
        with suppress(OSError, sqlite3.Error):  # the data is on disk; the backup can wait
            self._back_up()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_lost(error):
                raise self._trouble(error) from None
            with FileLock(self.folder / ".opening", timeout=PATIENCE_SECONDS):
                self._make_sound()
            raise ProfileError(
                f"{self.notice or 'The file of profiles could not be read.'} Please do the last step again."
            ) from None

    def close(self) -> None:
        """Closes the file; the next call reopens it."""
        self._readers.close()
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _connect(self) -> sqlite3.Connection:
        return connect(self.path, "full")

    def _make_sound(self) -> None:
        """Ensures a valid file with our tables: the present one,
        the newest backup of a damaged one, or a new one.
        """
        if self.path.exists() and (problem := self._problem()):
            aside = self._set_aside()
            back = self._restore()
            came = (
                f"the copy of {back} took its place, and codes for sharing were withdrawn"
                if back
                else "a new one was begun"
            )
            self.notice = (
                f"The file of profiles could not be read ({problem}). It was set aside as {aside.name}, and {came}."
            )
        with closing(self._connect()) as connection:
            connection.execute("pragma journal_mode = wal")
            if not connection.execute("pragma user_version").fetchone()[0]:
                connection.executescript(f"begin immediate; {_SCHEMA} pragma user_version = {VERSION}; commit;")
            if "genres" not in {row["name"] for row in connection.execute("pragma table_info(entries)")}:
                connection.execute(f"alter table entries add column {GENRES}")
        self._back_up()
        self._keep_open()

    def _keep_open(self) -> None:
        """Holds an idle connection: without it each call would close the last connection and
        checkpoint the whole write-ahead log.
        """
        if self._keeper is None:
            self._keeper = self._connect()
            self._keeper.execute("select count(*) from profiles").fetchone()

    def _problem(self) -> str:
        """What is wrong with the file, "" if it is valid.

        ProfileError if a later version of the app wrote it.
        """
        try:
            with closing(self._connect()) as connection:
                version = connection.execute("pragma user_version").fetchone()[0]
                tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
                checked = connection.execute("pragma quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_lost(error):
                raise
            return str(error)
        if version > VERSION and tables >= _TABLES:
            raise ProfileError(
                f"{self.path.name} was written by a later version of this app (form {version}); "
                "update the app to open it."
            )
        if checked != "ok":
            return str(checked).splitlines()[-1][:120]
        if not tables and not version:
            return "it is empty" if self._backups() else ""
        return "" if tables >= _TABLES and version == VERSION else "it is another app's file"

    def _set_aside(self) -> Path:
        """Renames the damaged file and its SQLite companions; nothing is deleted."""
        self.close()
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        aside = self.folder / f"people-broken-{stamp}-{time.time_ns() % 1_000_000:06d}.sqlite"
        for ending in ("-wal", "-shm", ""):
            beside = self.path.with_name(self.path.name + ending)
            if beside.exists():
                os.replace(beside, aside.with_name(aside.name + ending))
        return aside

    def _restore(self) -> str:
        """Restores the newest valid backup, with all its sharing codes withdrawn:
        one may have been withdrawn since. Returns its date.
        """
        for backup in self._backups():
            with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(backup)) as source:
                if source.execute("pragma quick_check(1)").fetchone()[0] != "ok":
                    continue
                with replacing(self.path) as temporary, closing(sqlite3.connect(temporary)) as target:
                    source.backup(target)
                    target.execute("update codes set withdrawn = created where withdrawn is null")
                    target.commit()
                return backup.stem.removeprefix("backup-")
        return ""

    def _back_up(self) -> None:
        """Writes the backup of the day, again once it is older than `BACKUP_SECONDS`;
        keeps the newest `BACKUPS` backups.
        """
        today = self.folder / f"backup-{time.strftime('%Y-%m-%d')}.sqlite"
        if today.exists() and 0 <= time.time() - today.stat().st_mtime < BACKUP_SECONDS:
            return
        with closing(self._connect()) as source:
            if not source.execute("select count(*) from profiles").fetchone()[0]:
                return
            with replacing(today) as temporary, closing(sqlite3.connect(temporary)) as target:
                source.backup(target)
        for old in self._backups()[BACKUPS:]:
            old.unlink(missing_ok=True)

    def _backups(self) -> list[Path]:
        return sorted(self.folder.glob("backup-*.sqlite"), reverse=True)

    def _trouble(self, error: Exception) -> ProfileError:
        if "locked" in str(error) or "busy" in str(error):
            return ProfileError(
                "Another program has been writing to the file of profiles for a long time; "
                "nothing was changed. Try again."
            )
        return ProfileError(
            f"{self.path} cannot be used ({error}). Check that the folder can be written, "
            "or set AECORE_HOME to another one."
        )


def _is_lost(error: sqlite3.OperationalError) -> bool:
    """Whether an operation failed because the file is damaged, not because it is busy or forbidden."""
    return any(sign in str(error) for sign in ("no such table", "no such column", "malformed"))
