"""An entry of a content store as a folder: its card, its owners, and the files of its payload."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aecore.files import ZIP_ERRORS
from aecore.stores.owners import Owners, read_owners, write_owners

CARD = "card.json"

Payload = Mapping[str, Mapping[str, Any]]
"""File name -> what it holds: arrays by their names for an .npz, an object for a .json."""


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


def read_card(folder: Path) -> dict[str, Any] | None:
    """The card in this folder; None if it cannot be read."""
    try:
        values = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def write_entry(folder: Path, card: Mapping[str, Any], payload: Payload) -> None:
    """Writes an entry into an empty folder. OSError if the disk refuses."""
    for name, values in {**payload, CARD: card}.items():
        path = folder / name
        if path.suffix == ".npz":
            np.savez(path, **values)
        else:
            path.write_text(json.dumps(values, indent=1 if name == CARD else None), encoding="utf-8")


def settle(temporary: Path, target: Path, owner: str) -> None:
    """Moves a written folder to its place, as this owner's; see `ContentStore.put` if there is one already."""
    if not target.is_dir():
        write_owners(temporary, Owners(frozenset({owner})))
        os.replace(temporary, target)
        return
    owners = read_owners(target)
    for file in sorted(temporary.iterdir(), key=lambda path: path.name == CARD):
        if owners.are_only(owner) or _is_broken(target / file.name):
            os.replace(file, target / file.name)
    write_owners(target, owners.kept_by(owner))


def _is_broken(path: Path) -> bool:
    """Whether a file of an entry is missing or cannot be read as what its name says."""
    try:
        if path.suffix == ".npz":
            with zipfile.ZipFile(path) as file:
                return file.testzip() is not None
        return not isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (*ZIP_ERRORS, RecursionError):
        return True
