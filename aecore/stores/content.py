"""ContentStore: uploaded content, each under its fingerprint, with a trash for deleted entries."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from aecore.files import write_json

CARD, TRASH = "card.json", "trash"
WAIT_SECONDS = 60.0
"""Time to wait for another process that is moving an entry."""

DAY = 86_400.0
MOMENT = "[0-9]{19}"
"""Nanoseconds since 1970, when something was moved to the trash; 19 digits until the year 2286."""

Payload = Mapping[str, Mapping[str, Any]]
"""File name -> what it holds: arrays by their names for an .npz, an object for a .json."""


class NotKeptError(ValueError):
    """No entry of that id in the store or in its trash; the message says which."""


@dataclass(frozen=True)
class Entry:
    """A stored entry.

    card: title, created (ISO 8601 in UTC) and more by kind; None if it cannot be read.
    """

    id: str
    folder: Path
    card: dict[str, Any] | None

    @property
    def title(self) -> str:
        """Its title; its id if the card cannot be read."""
        title = (self.card or {}).get("title")
        return title if isinstance(title, str) and title else self.id

    @property
    def created(self) -> str:
        """When it was stored; "" if unknown."""
        created = (self.card or {}).get("created")
        return created if isinstance(created, str) else ""


@dataclass(frozen=True)
class Deleted(Entry):
    """An entry in the trash. deleted: seconds since 1970."""

    deleted: float = 0.0


class ContentStore:
    """Entries of one kind: a folder each in `home / kind`, with a card and the files of its payload.

    ids: pattern of an id. in_trash: prefix of the id in the trash, which all kinds share.
    Several processes may use one at once.
    """

    def __init__(self, home: Path, kind: str, ids: str, in_trash: str = "") -> None:
        self.home, self.folder = home, home / kind
        self._ids = re.compile(ids)
        self._in_trash = re.compile(rf"{re.escape(in_trash)}({ids})-({MOMENT})")
        self._prefix = in_trash

    def is_id(self, id: str) -> bool:
        """Whether this could be the id of an entry."""
        return self._ids.fullmatch(id) is not None

    def put(self, id: str, card: Mapping[str, Any], payload: Payload) -> None:
        """Stores an entry atomically; the same id means the same content, and the new card replaces the old.

        OSError if the disk refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear_leftovers()
        temporary = Path(tempfile.mkdtemp(prefix=".saving-", dir=self.folder))
        try:
            for name, values in {**payload, CARD: card}.items():
                _write(temporary / name, values)
            with self._moving():
                _settle(temporary, self.folder / id)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def entries(self) -> list[Entry]:
        """All entries, newest first, those with unreadable cards last."""
        found = [Entry(each.name, each, _card(each)) for each in _folders(self.folder) if self.is_id(each.name)]
        return sorted(
            sorted(found, key=lambda entry: entry.created, reverse=True), key=lambda entry: entry.card is None
        )

    def get(self, id: str) -> Entry:
        """One entry. The id is validated before it is used in a path; NotKeptError if there is none."""
        folder = self.folder / id
        if not self.is_id(id) or not folder.is_dir():
            raise NotKeptError(f"There is nothing called '{id[:40]}' here; it may have been deleted.")
        return Entry(id, folder, _card(folder))

    def rename(self, id: str, title: str) -> None:
        """Gives an entry another title. NotKeptError if there is no such entry; its content and its date stay."""
        with self._moving():
            entry = self.get(id)
            write_json(entry.folder / CARD, {**(entry.card or {}), "title": title})

    def delete(self, id: str) -> None:
        """Moves an entry to the trash; `restore` undoes this. NotKeptError if there is no such entry."""
        self.get(id)
        with self._moving():
            folder, trash = self.get(id).folder, self.home / TRASH
            trash.mkdir(exist_ok=True)
            os.replace(folder, trash / f"{self._prefix}{id}-{time.time_ns()}")

    def deleted(self) -> list[Deleted]:
        """Deleted entries that are not stored again, last deleted first;
        of the same content, the last copy.
        """
        return [each for id, each in self._trashed().items() if not (self.folder / id).exists()]

    def restore(self, id: str) -> Entry:
        """Restores what was deleted last under this id; does nothing if it is stored already.

        NotKeptError if it is not in the trash.
        """
        with self._moving():
            target = self.folder / id
            if not (self.is_id(id) and target.is_dir()):
                found = self._trashed().get(id)
                if found is None:
                    raise NotKeptError(f"There is nothing called '{id[:40]}' in the trash.")
                self.folder.mkdir(parents=True, exist_ok=True)
                os.replace(found.folder, target)
            return self.get(id)

    def _trashed(self) -> dict[str, Deleted]:
        """Id -> its last copy in the trash, last deleted first."""
        found = [
            (match, each) for each in _folders(self.home / TRASH) if (match := self._in_trash.fullmatch(each.name))
        ]
        result: dict[str, Deleted] = {}
        for match, each in sorted(found, key=lambda pair: int(pair[0][2]), reverse=True):
            result.setdefault(match[1], Deleted(match[1], each, _card(each), int(match[2]) / 1e9))
        return result

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """The lock for moving folders.

        TimeoutError, an OSError, if another process does not release it.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with FileLock(self.home / ".content.lock", timeout=WAIT_SECONDS):
            yield

    def _clear_leftovers(self) -> None:
        """Removes half-written folders of processes that were killed."""
        for each in self.folder.glob(".saving-*"):
            with suppress(FileNotFoundError):
                if time.time() - each.stat().st_mtime > DAY:
                    shutil.rmtree(each, ignore_errors=True)


def empty_trash(home: Path, days: float) -> int:
    """Permanently deletes what has been in the trash for longer; returns the number of entries.

    Entries without a date stay.
    """
    gone = 0
    for each in sorted((home / TRASH).glob("*")) if (home / TRASH).is_dir() else ():
        match = re.fullmatch(rf".+-({MOMENT})(\.json)?", each.name)
        if match and time.time() - int(match[1]) / 1e9 > days * DAY:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
            gone += 1
    return gone


def _write(path: Path, values: Mapping[str, Any]) -> None:
    if path.suffix == ".npz":
        np.savez(path, **values)
    else:
        path.write_text(json.dumps(values, indent=1 if path.name == CARD else None), encoding="utf-8")


def _settle(temporary: Path, target: Path) -> None:
    """Moves a written folder to its place; an existing one has the same content, and its files are replaced."""
    if not target.is_dir():
        os.replace(temporary, target)
        return
    for file in sorted(temporary.iterdir(), key=lambda path: path.name == CARD):
        os.replace(file, target / file.name)


def _folders(folder: Path) -> list[Path]:
    try:
        return [each for each in folder.iterdir() if each.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _card(folder: Path) -> dict[str, Any] | None:
    try:
        values = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
