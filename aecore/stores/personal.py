"""Small notes about each person of a home: one JSON file a person, changed under a lock."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from aecore.files import BrokenFileError, read_json, write_json

FORMAT = 1
PATIENCE_SECONDS = 10.0
T = TypeVar("T")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PersonalError(ValueError):
    """Notes that cannot be read or kept; the message says why."""


class PersonalNotes:
    """The notes of one kind. folder: where they lie; what: how a sentence names them, "your progress"."""

    def __init__(self, folder: Path, what: str) -> None:
        self._folder, self._what = folder, what

    def people(self) -> list[str]:
        """The tags of everybody who has notes."""
        return sorted(path.stem for path in self._folder.glob("*.json") if "-broken-" not in path.stem)

    def read(self, person: str, parse: Callable[[dict[str, Any]], T], none: T) -> T:
        """What `parse` makes of the notes of the person with this tag; `none` if there are none.

        PersonalError if they cannot be read. A file that `parse` cannot understand is set aside and counts as none.
        """
        path = self._path(person)
        try:
            values = read_json(path, is_finite=True)
            if isinstance(values.get("format"), int) and values["format"] > FORMAT:
                raise PersonalError(f"{self._sentence} was kept by a later version of this app; update it to go on.")
            return parse(values)
        except FileNotFoundError:
            return none
        except PersonalError:
            raise
        except (BrokenFileError, ValueError, KeyError, TypeError, AttributeError):
            if path.exists():
                os.replace(path, path.with_name(f"{path.stem}-broken-{time.strftime('%Y-%m-%d-%H%M%S')}.json"))
            return none
        except OSError as error:
            raise PersonalError(f"{self._sentence} cannot be read: {error.strerror or error}.") from None

    @contextmanager
    def changing(self, person: str) -> Iterator[None]:
        """Nobody else changes these notes within the block. PersonalError if that takes long, or the disk refuses."""
        path = self._path(person)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock"), timeout=PATIENCE_SECONDS):
                yield
        except Timeout:
            raise PersonalError(f"The file of {self._what} has been busy for a long time. Try again.") from None
        except OSError as error:
            raise PersonalError(f"{self._sentence} cannot be kept: {error.strerror or error}.") from None

    def write(self, person: str, values: dict[str, Any]) -> None:
        """Replaces the notes; within `changing`."""
        write_json(self._path(person), {"format": FORMAT, **values})

    @property
    def _sentence(self) -> str:
        return self._what[0].upper() + self._what[1:]

    def _path(self, person: str) -> Path:
        if not _TAG.fullmatch(person):
            raise PersonalError("Nobody has this tag.")
        return self._folder / f"{person}.json"
