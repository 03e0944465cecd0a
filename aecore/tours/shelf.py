"""All tours: the lessons of the app, and those of the home, which a lecturer has written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from aecore.tours.faults import TourError
from aecore.tours.reader import ID, read_file
from aecore.tours.schema import Tour

LESSONS = ("what", "copying", "denoising", "latent", "generating", "films")
"""The lessons of the app, in their order: names of the files in `lessons`."""

OWN = "tours"
"""Folder of the home."""

MOST_OWN = 100
ENDINGS = (".yaml", ".yml")
_LESSONS = Path(__file__).with_name("lessons")


class Shelf:
    """The tours that a home offers. A file of its own is read again when it has changed."""

    def __init__(self, home: Path) -> None:
        self._own = home / OWN

    @property
    def folder(self) -> Path:
        """Where one's own tours lie."""
        return self._own

    def get(self, id: str) -> Tour:
        """The tour of this id. TourError if there is none, or its file has faults."""
        for path in self._paths() if ID.fullmatch(id) else ():
            if path.stem == id:
                return _read(path)
        raise TourError("", message="there is no such tour")

    def lessons(self) -> list[Tour]:
        """The lessons of the app."""
        return [_read(_LESSONS / f"{name}.yaml") for name in LESSONS]

    def own(self) -> tuple[list[Tour], list[TourError]]:
        """The tours of the home, by name, and what is wrong with those that cannot be shown."""
        tours, faults = [], []
        for path in self._own_paths():
            try:
                if path.stem in LESSONS:
                    raise TourError(path.name, message=f"{path.name} has the name of a lesson of the app; rename it.")
                tours.append(_read(path))
            except TourError as error:
                faults.append(error)
        return tours, faults

    def _paths(self) -> Iterator[Path]:
        yield from (_LESSONS / f"{name}.yaml" for name in LESSONS)
        yield from self._own_paths()

    def _own_paths(self) -> list[Path]:
        try:
            return sorted(path for path in self._own.iterdir() if path.suffix in ENDINGS and path.is_file())[:MOST_OWN]
        except OSError:
            return []


def _read(path: Path) -> Tour:
    try:
        known = path.stat()
    except OSError:
        return read_file(path)
    return _read_once(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=2 * MOST_OWN)
def _read_once(path: Path, moment: int, size: int) -> Tour:
    return read_file(path)
