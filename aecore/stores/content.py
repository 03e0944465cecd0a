"""ContentStore: uploaded content, each under its fingerprint, with its owners and a trash for deleted entries."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock

from aecore.files import write_json
from aecore.stores.entries import CARD, Deleted, Entry, Payload, read_card, settle, write_entry
from aecore.stores.owners import HOST, Owners, read_owners, write_owners

TRASH, LOCK = "trash", ".content.lock"
LEAVING = ".leaving-"
"""How the name of an entry of the trash begins that is being removed for good."""

WAIT_SECONDS = 60.0
"""Time to wait for another process that is moving an entry."""

DAY = 86_400.0
MOMENT = "[0-9]{19}"
"""Nanoseconds since 1970, when something was moved to the trash; 19 digits until the year 2286."""


class NotKeptError(ValueError):
    """No entry of that id in the store or in its trash, or none of that owner; the message says which."""


class ContentStore:
    """Entries of one kind: a folder each in `home / kind`, with a card and the files of its payload.

    ids: pattern of an id. in_trash: prefix of the id in the trash, which all kinds share.
    Several processes may use one at once. Each owner keeps, deletes and restores as if nobody else had brought the
    same; without an owner, a method acts on the entry itself, for all of them.
    """

    def __init__(self, home: Path, kind: str, ids: str, in_trash: str = "") -> None:
        self.home, self.folder = home, home / kind
        self._ids = re.compile(ids)
        self._in_trash = re.compile(rf"{re.escape(in_trash)}({ids})-({MOMENT})")
        self._prefix = in_trash

    def is_id(self, id: str) -> bool:
        """Whether this could be the id of an entry."""
        return self._ids.fullmatch(id) is not None

    def put(self, id: str, card: Mapping[str, Any], payload: Payload, owner: str = HOST) -> None:
        """Stores an entry atomically, as one of this owner; the same id means the same content.

        The new card and files replace those that are there, if nobody else has it: of what others have too,
        only broken files are replaced, so that nobody renames it for them. OSError if the disk refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear_leftovers()
        temporary = Path(tempfile.mkdtemp(prefix=".saving-", dir=self.folder))
        try:
            write_entry(temporary, card, payload)
            with self._moving():
                settle(temporary, self.folder / id, owner)
                self._forget_in_trash(id, owner)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def ids(self, owner: str | None = None) -> list[str]:
        """The ids of all entries, or of those that this owner keeps."""
        found = [each for each in _folders(self.folder) if self.is_id(each.name)]
        return [each.name for each in found if owner is None or owner in read_owners(each).keeping]

    def entries(self, ids: Collection[str] | None = None) -> list[Entry]:
        """All entries, or those of these ids, newest first, those with unreadable cards last."""
        folders = map(self.folder.joinpath, self.ids() if ids is None else filter(self.is_id, {*ids}))
        found = [Entry(each.name, each, read_card(each)) for each in folders if each.is_dir()]
        return sorted(
            sorted(found, key=lambda entry: entry.created, reverse=True), key=lambda entry: entry.card is None
        )

    def get(self, id: str) -> Entry:
        """One entry. The id is validated before it is used in a path; NotKeptError if there is none."""
        folder = self.folder / id
        if not self.is_id(id) or not folder.is_dir():
            raise NotKeptError(f"There is nothing called '{id[:40]}' here; it may have been deleted.")
        return Entry(id, folder, read_card(folder))

    def rename(self, id: str, title: str) -> None:
        """Gives an entry another title. NotKeptError if there is no such entry; its content and its date stay."""
        with self._moving():
            entry = self.get(id)
            write_json(entry.folder / CARD, {**(entry.card or {}), "title": title})

    def owners(self, id: str) -> Owners:
        """Who keeps an entry. NotKeptError if there is no such entry."""
        return read_owners(self.get(id).folder)

    def keep(self, id: str, owner: str) -> None:
        """Makes an entry this owner's, too. NotKeptError if there is no such entry."""
        with self._moving():
            folder = self.get(id).folder
            write_owners(folder, read_owners(folder).kept_by(owner))
            self._forget_in_trash(id, owner)

    def delete(self, id: str, owner: str | None = None) -> None:
        """Moves an entry to the trash; `restore` undoes this. While others keep it, it stays where it is for them.

        NotKeptError if there is no such entry, or this owner does not keep it.
        """
        self.get(id)
        with self._moving():
            folder, trash, moment = self.get(id).folder, self.home / TRASH, time.time_ns()
            owners = read_owners(folder)
            if owner is not None and owner not in owners.keeping:
                raise NotKeptError(f"There is nothing of yours called '{id[:40]}' here.")
            if owner is not None and len(owners.keeping) > 1:
                write_owners(folder, owners.deleted_by(owner, moment))
                return
            trash.mkdir(exist_ok=True)
            os.replace(folder, trash / f"{self._prefix}{id}-{moment}")

    def deleted(self, owner: str | None = None) -> list[Deleted]:
        """Deleted entries that are not stored again, or that this owner does not keep again, last deleted first;
        of the same content, the last copy.
        """
        found = self._trashed(owner)
        for id in self.ids():
            owners = Owners() if owner is None else read_owners(self.folder / id)
            if owner is None or owner in owners.keeping:
                found.pop(id, None)
            elif owner in owners.deleted:
                found[id] = Deleted(id, self.folder / id, read_card(self.folder / id), owners.deleted[owner] / 1e9)
        return sorted(found.values(), key=lambda each: each.deleted, reverse=True)

    def restore(self, id: str, owner: str | None = None) -> Entry:
        """Restores what was deleted last under this id, for its owners or for this one alone; does nothing if it is
        stored, and theirs, already.

        NotKeptError if it is not in the trash.
        """
        with self._moving():
            if not (self.is_id(id) and (self.folder / id).is_dir()):
                self._take_from_trash(id, owner)
            elif owner is not None:
                self._give_back(id, owner)
            if owner is not None:
                self._forget_in_trash(id, owner)
            return self.get(id)

    def discard(self, id: str, owner: str) -> None:
        """Removes for good what this owner has deleted under this id; who else may restore it still may.

        NotKeptError if it is not in their trash.
        """
        with self._moving():
            live = self.folder / id
            is_live = self.is_id(id) and live.is_dir()
            owners = read_owners(live) if is_live else Owners(frozenset())
            if not self._forget_in_trash(id, owner) and owner not in owners.deleted:
                raise _not_in_trash(id)
            if owner in owners.deleted:
                write_owners(live, owners.without_deleters((owner,)))

    def _forget_in_trash(self, id: str, owner: str) -> int:
        """Takes this owner from every copy in the trash, and removes what nobody else may restore. Returns how many.

        What somebody keeps again, or deletes again, would otherwise lie there several times.
        """
        found = [each for match, each in self._trash_folders() if match[1] == id and read_owners(each).know(owner)]
        for each in found:
            owners = read_owners(each)
            if owners.are_only(owner):
                leaving = each.with_name(f"{LEAVING}{each.name}")
                os.replace(each, leaving)  # as a whole: nobody restores half of it
                shutil.rmtree(leaving, ignore_errors=True)
            else:
                write_owners(each, owners.without(owner))
        return len(found)

    def _take_from_trash(self, id: str, owner: str | None) -> None:
        found = self._trashed(owner).get(id)
        if found is None:
            raise _not_in_trash(id)
        if owner is not None:
            write_owners(found.folder, read_owners(found.folder).restored_by(owner, int(found.deleted * 1e9)))
        self.folder.mkdir(parents=True, exist_ok=True)
        os.replace(found.folder, self.folder / id)

    def _give_back(self, id: str, owner: str) -> None:
        """Makes an entry that others keep this owner's again."""
        owners = read_owners(self.folder / id)
        if not owners.know(owner) and id not in self._trashed(owner):
            raise _not_in_trash(id)
        write_owners(self.folder / id, owners.kept_by(owner))

    def _trashed(self, owner: str | None = None) -> dict[str, Deleted]:
        """Id -> its last copy in the trash, of those that this owner has kept, last deleted first."""
        result: dict[str, Deleted] = {}
        for match, each in sorted(self._trash_folders(), key=lambda pair: int(pair[0][2]), reverse=True):
            if match[1] not in result and (owner is None or read_owners(each).know(owner)):
                result[match[1]] = Deleted(match[1], each, read_card(each), int(match[2]) / 1e9)
        return result

    def _trash_folders(self) -> list[tuple[re.Match[str], Path]]:
        """Each entry of this kind in the trash, after the match of its name: its id and when it came there."""
        found = [(self._in_trash.fullmatch(each.name), each) for each in _folders(self.home / TRASH)]
        return [(match, each) for match, each in found if match]

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """The lock for moving folders.

        TimeoutError, an OSError, if another process does not release it.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with FileLock(self.home / LOCK, timeout=WAIT_SECONDS):
            yield

    def _clear_leftovers(self) -> None:
        """Removes half-written folders of processes that were killed."""
        for each in self.folder.glob(".saving-*"):
            with suppress(FileNotFoundError):
                if time.time() - each.stat().st_mtime > DAY:
                    shutil.rmtree(each, ignore_errors=True)


def folders_of(home: Path, kinds: Collection[str], owner: str) -> list[Path]:
    """The folders of all entries of these kinds that an owner keeps."""
    found = [each for kind in kinds for each in _folders(home / kind) if not each.name.startswith(".")]
    return [each for each in found if (each / CARD).exists() and owner in read_owners(each).keeping]


def trashed_of(home: Path, owner: str) -> list[Path]:
    """The folders in the trash of all stores that an owner may restore: what they have deleted of their own."""
    return [each for each in _folders(home / TRASH) if not each.name.startswith(".") and read_owners(each).know(owner)]


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return [Path(each.path) for each in found if each.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _not_in_trash(id: str) -> NotKeptError:
    return NotKeptError(f"There is nothing called '{id[:40]}' in the trash.")
