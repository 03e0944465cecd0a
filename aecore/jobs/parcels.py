"""Parcels: the files that a job needs where the home is not, and those that it has written there, brought back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from aecore.files import read_json, replacing
from aecore.jobs.kinds import JOINED, KINDS, TRAINING, cached, downloaded, join
from aecore.paths import data_folder
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.status import Status
from aecore.runs.store import RunStore

GROWING = frozenset({"progress.jsonl"})
"""Files to which lines are added: only these lines travel."""

STATUS = "status.json"
KEPT_HERE = frozenset({"name", "owner", "created"})
"""Fields of a status that belong to the home; a training changes the others."""

CACHE = ("cache", "results")
"""Folders of the home, one below the other, with a folder for each kind of result."""

NOT_ENTRIES = frozenset({"runs", "trash", "cache"})
"""Folders of the home that hold nothing that people have brought."""

MOST_CACHED_BYTES = 2**28
"""Of results that a job takes along to go on from; what is beyond that it computes again."""

Files = dict[str, bytes]


@dataclass(frozen=True)
class Change:
    """A file that a job has written, or deleted, or added to. path: relative to the home.

    data: from `begin` on; None if the file is gone.
    """

    path: str
    data: bytes | None
    begin: int = 0


class Mirror:
    """Notices what a job changes in a folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._known = self._seen()

    def changes(self) -> list[Change]:
        """What has changed since the last call, in order of the paths; the status of a run comes last."""
        seen, found = self._seen(), []
        for path in sorted(seen.keys() | self._known.keys(), key=lambda path: (path.endswith(STATUS), path)):
            before, now = self._known.get(path), seen.get(path)
            if before == now:
                continue
            if now is None:
                found.append(Change(path, None))
                continue
            begin = before[1] if before and PurePosixPath(path).name in GROWING and now[1] >= before[1] else 0
            data = (self.home / path).read_bytes()
            found.append(Change(path, data[begin:], begin))
            seen[path] = (now[0], len(data))
        self._known = seen
        return found

    def _seen(self) -> dict[str, tuple[int, int]]:
        seen = {}
        for path in files_below(self.home):
            with suppress(FileNotFoundError):  # it was replaced meanwhile: the next look sees it
                stat = path.stat()
                seen[path.relative_to(self.home).as_posix()] = (stat.st_mtime_ns, stat.st_size)
        return seen


def pack(home: Path, roots: Iterable[str]) -> Files:
    """Relative path -> content of all files below these paths of the home. OSError if one cannot be read."""
    found: Files = {}
    for root in roots:
        top = home / root
        for path in [top] if top.is_file() else files_below(top):
            found[path.relative_to(home).as_posix()] = path.read_bytes()
    return found


def unpack(files: Mapping[str, bytes], home: Path) -> None:
    """Writes the files of a parcel. ValueError if a path leads out of the home."""
    for path, data in files.items():
        target = inside(home, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as temporary:
            temporary.write_bytes(data)


def bring_home(store: RunStore, changes: Iterable[Change], run_id: str = "", place: str = "") -> None:
    """Writes what a job has changed. OSError if the disk refuses; ValueError for a path out of the home, or for lines
    that do not follow those that are here.

    run_id: of the run in training, whose name and owner stay as they are here. place: where it trains.
    """
    home = store.folder.parent
    for change in changes:
        target = inside(home, change.path)
        if run_id and change.path == f"runs/{run_id}/{STATUS}":
            if change.data is not None:
                _take_status(store, run_id, change.data, place)
        elif change.data is None:
            target.unlink(missing_ok=True)
        elif (parts := PurePosixPath(change.path).parts)[:2] == CACHE and parts[2] in JOINED:
            join(home, parts[2], target.stem, change.data)
        elif change.begin:
            with target.open("r+b") as file:
                if file.seek(0, 2) != change.begin:
                    raise ValueError(f"'{change.path}' has {file.tell():,} bytes here, and {change.begin:,} there.")
                file.write(change.data)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as temporary:
                temporary.write_bytes(change.data)


def _take_status(store: RunStore, run_id: str, data: bytes, place: str) -> None:
    written = json.loads(data)
    own = {each.name: written[each.name] for each in fields(Status) if each.name in written}
    taken = {name: value for name, value in own.items() if name not in KEPT_HERE}
    if place and taken.get("device"):
        taken["device"] = f"{taken['device']} of {place}"
    store.update(run_id, **taken)


def roots_of(store: RunStore, kind: str, arguments: Iterable[Any]) -> list[str]:
    """The files and folders of the home, relative to it, that a job reads: runs, and what people have brought."""
    home = store.folder.parent
    names = set(_texts(arguments))
    roots = {f"runs/{name}" for name in names if _is_folder(store.folder, name)}
    for path in KINDS[kind].reads:
        with suppress(OSError, ValueError, AttributeError):
            named = _texts(read_json(home / path).values())
            roots |= {path, *(f"runs/{each}" for each in named if _is_folder(store.folder, each))}
    for root in sorted(roots):
        with suppress(OSError, ValueError):
            names |= {*_texts(read_json(home / root / "settings.json").values())}
    for shelf in home.iterdir() if home.is_dir() else ():
        if shelf.is_dir() and shelf.name not in NOT_ENTRIES and not shelf.name.startswith("."):
            roots |= {f"{shelf.name}/{name}" for name in names if _is_folder(shelf, name)}
    return sorted(roots | {each.relative_to(home).as_posix() for each in _results(store, kind, list(arguments))})


def _results(store: RunStore, kind: str, arguments: list[Any]) -> Iterator[Path]:
    """The results that a job goes on from, as far as they are there, and no more than fit into a parcel."""
    left = MOST_CACHED_BYTES
    with suppress(OSError, ValueError, LookupError, TypeError):  # where they cannot be named, the job says why
        for path in cached(store, kind, arguments):
            size = path.stat().st_size if path.is_file() else left + 1
            if size <= left:
                left -= size
                yield path


def data_of(store: RunStore, kind: str, roots: Iterable[str], arguments: Iterable[Any]) -> dict[str, tuple[int, str]]:
    """The downloaded files that a job reads: path relative to the data folder -> bytes and SHA-256."""
    names = set(_texts(arguments))
    for root in roots:
        with suppress(OSError, ValueError):
            names |= {*_texts(read_json(store.folder.parent / root / "settings.json").values())}
    folder, found = data_folder(), {}
    for path in sorted({each for name in names for each in downloaded(kind, name, folder)}):
        if path.is_file():
            stat = path.stat()
            found[path.relative_to(folder).as_posix()] = (stat.st_size, digest(path, stat.st_mtime_ns))
    return found


@lru_cache(maxsize=256)
def digest(path: Path, changed: int) -> str:
    """SHA-256 of a file that was last changed then, in nanoseconds since 1970."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_training(kind: str) -> bool:
    """Whether a job of this kind trains a run."""
    return KINDS[kind].policy is TRAINING


def inside(home: Path, path: str) -> Path:
    """The path in the home. ValueError if it leads out of it, or to a hidden file."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or any(part.startswith(".") for part in parts):
        raise ValueError(f"'{path}' is no path of a parcel.")
    return home.joinpath(*parts)


def files_below(top: Path) -> Iterator[Path]:
    """The files below a folder, without hidden ones, links, requests and drawn data."""
    if not top.is_dir() or top.is_symlink():
        return
    for path in sorted(top.iterdir()):
        if path.name.startswith(".") or path.name == REQUEST or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path


def _is_folder(parent: Path, name: str) -> bool:
    return 0 < len(name) < 100 and "/" not in name and not name.startswith(".") and (parent / name).is_dir()


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """All texts among values and in their lists."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)
