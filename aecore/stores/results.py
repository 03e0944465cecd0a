"""ResultCache: computed results, each under the fingerprint of everything it depends on.
It may be emptied at any time.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from filelock import FileLock

from aecore.files import BrokenFileError, read_npz, write_npz
from aecore.limits import cache_bytes
from aecore.stores.fingerprint import fingerprint

FORMAT = 1
"""Version of the file format. Files of another format count as absent."""

LONGEST_UNUSED_DAYS = 180.0
SAFE_SECONDS = 3600.0
"""Results used more recently than this are never cleaned up, as they may be in use."""

BETWEEN_CLEANINGS = 3600.0
_ABOUT = "about.json"
_KEY = re.compile(r"[0-9a-f]{20}")
_cleaned: dict[Path, float] = {}
T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """A kind of result.

    version: raised when the computation changes, so that older results are recomputed.
    """

    name: str
    version: int = 1


@dataclass(frozen=True)
class Result:
    """A result. values: a JSON object; arrays by their names."""

    values: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Slot:
    """The place of one result, stored or not. key: 20 hexadecimal digits."""

    path: Path
    kind: str
    key: str

    def read(self) -> Result | None:
        """The result; None if it is missing, cannot be read or has another format."""
        try:
            kept = read_npz(self.path)
            about = json.loads(kept.pop(_ABOUT).tobytes())
            if (about["format"], about["kind"]) != (FORMAT, self.kind):
                return None
            result = Result(dict(about["values"]), kept)
        except (OSError, BrokenFileError, ValueError, KeyError, TypeError, RecursionError):
            return None
        self._note_use()
        return result

    def read_as(self, build: Callable[[Result], T]) -> T | None:
        """`build` applied to the result; None if there is none, or it lacks something that `build` needs."""
        result = self.read()
        try:
            return None if result is None else build(result)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, values: Mapping[str, Any] | None = None, /, **arrays: Any) -> None:
        """Writes the result so that a reader never sees half of it. OSError if the disk refuses."""
        about = json.dumps({"format": FORMAT, "kind": self.kind, "values": dict(values or {})}, separators=(",", ":"))
        write_npz(self.path, **{_ABOUT: np.frombuffer(about.encode(), np.uint8)}, **arrays)
        _clean_now_and_then(self.path.parent.parent)

    def stamp(self) -> int:
        """A number that changes with each writing, for caches in memory; 0 while there is no result."""
        with suppress(OSError):
            stat = self.path.stat()
            return stat.st_mtime_ns ^ stat.st_size
        return 0

    def beside(self, ending: str) -> Path:
        """Path of a file that belongs to the result and is served unchanged, such as a picture.

        The folder is made if necessary.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.with_suffix(ending)

    def _note_use(self) -> None:
        """Sets the time of last access of the file now and then,
        which not every system does by itself.
        """
        if os.utime not in os.supports_fd:
            return
        with suppress(OSError), self.path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if time.time() - _last_use(stat) > SAFE_SECONDS / 2:
                os.utime(file.fileno(), ns=(time.time_ns(), stat.st_mtime_ns))


class ResultCache:
    """Results in a home, a file each. Several processes may use it at once."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "cache" / "results"

    def slot(self, kind: Kind, settings: object, inputs: Sequence[str] = ()) -> Slot:
        """The slot of these settings and inputs.

        settings: anything JSON; inputs: fingerprints of the inputs.
        """
        return self._slot(kind.name, fingerprint([FORMAT, kind.name, kind.version, settings, list(inputs)]))

    def at(self, kind: Kind, key: str) -> Slot:
        """The slot of a key from an address. KeyError if it is no key."""
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        return self._slot(kind.name, key)

    def writing(self) -> FileLock:
        """The lock for reading a result and writing it back with additions."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / ".lock")

    def clean(self, most_bytes: float | None = None, longest_unused_days: float = LONGEST_UNUSED_DAYS) -> int:
        """Removes results unused for long, then the longest unused until the rest fits;
        returns the number of removed files. most_bytes: as in `aecore.limits.cache_bytes` unless given.
        """
        most_bytes = cache_bytes() if most_bytes is None else most_bytes
        now, kept_bytes, gone = time.time(), 0, 0
        for last, size, path in sorted(_files(self.folder), reverse=True):
            age = now - last
            kept_bytes += size
            if age > SAFE_SECONDS and (kept_bytes > most_bytes or age > longest_unused_days * 86_400):
                with suppress(OSError):
                    path.unlink()
                    kept_bytes, gone = kept_bytes - size, gone + 1
        return gone

    def _slot(self, kind: str, key: str) -> Slot:
        return Slot(self.folder / kind / f"{key}.npz", kind, key)


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """Last use, size and path of every file of the cache."""
    found = []
    for path in folder.glob("*/*"):
        with suppress(OSError):
            stat = path.stat()
            found.append((_last_use(stat), stat.st_size, path))
    return found


def _last_use(stat: os.stat_result) -> float:
    return max(stat.st_atime, stat.st_mtime)


def _clean_now_and_then(folder: Path) -> None:
    now = time.monotonic()
    if now - _cleaned.get(folder, now - 2 * BETWEEN_CLEANINGS) > BETWEEN_CLEANINGS:
        _cleaned[folder] = now
        ResultCache(folder.parent.parent).clean()
