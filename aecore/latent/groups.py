"""Two groups of examples that the user chose on a map, stored under a key that fits into a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from aecore.datasets import Dataset
from aecore.files import BrokenFileError, read_npz
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunStore
from aecore.stores.content import ContentStore
from aecore.stores.fingerprint import fingerprint

FILE = "groups.npz"
FIRST, SECOND = "first group", "second group"


@dataclass(frozen=True)
class Groups:
    """first, second: rows as in `CodeSet.rows`. names: what they are called."""

    data: str
    first: np.ndarray
    second: np.ndarray
    names: tuple[str, str]


def keep_groups(
    store: RunStore, data: str, first: np.ndarray, second: np.ndarray, names: tuple[str, str] = (FIRST, SECOND)
) -> str:
    """Stores two groups of rows of a data set; returns the key that `read_groups` and the link
    `/translate?groups=` take.

    CodeError if a group is empty or an example is in both.
    """
    first, second = (np.unique(rows).astype(np.int64) for rows in (first, second))
    if not len(first) or not len(second):
        raise CodeError("Each of the two groups needs at least one example.")
    if len(both := np.intersect1d(first, second)):
        raise CodeError(
            f"{len(both):,} of the examples are in both groups; a direction needs groups that have nothing in common."
        )
    key = fingerprint(f"{data}/{first.tobytes().hex()}/{second.tobytes().hex()}/{names}".encode(), digits=16)
    card = {"title": " and ".join(names), "created": datetime.now(UTC).isoformat(timespec="seconds")}
    arrays = {"first": first, "second": second, "names": np.array(names), "data": np.array(data)}
    _groups(store.folder.parent).put(key, card, {FILE: arrays})
    return key


def read_groups(store: RunStore, key: str) -> Groups:
    """The groups of that key. CodeError if they are not on this machine."""
    try:
        kept = read_npz(_path(store.folder.parent, key))
        names = tuple(map(str, kept["names"]))
        return Groups(
            str(kept["data"]), kept["first"].astype(np.int64), kept["second"].astype(np.int64), (names[0], names[1])
        )
    except (KeyError, IndexError, FileNotFoundError, BrokenFileError):
        raise CodeError(
            "The two groups of this link are not on this machine; choose them again on the map of the latent space."
        ) from None


def _groups(home: Path) -> ContentStore:
    return ContentStore(home, "groups", "[0-9a-f]{16}", in_trash="groups-")


def _path(home: Path, key: str) -> Path:
    """The file of a key; an earlier version kept it among the caches. KeyError if it is no key."""
    groups = _groups(home)
    if not groups.is_id(key):
        raise KeyError(key)
    path = groups.folder / key / FILE
    return path if path.is_file() else home / "cache" / "latent" / "groups" / f"{key}.npz"


def pictures_of(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """The examples (N, *shape) in these rows. CodeError if the data set has no such rows."""
    parts = (data.train.x, data.validation.x, data.test.x)
    starts = np.cumsum([0, *map(len, parts)])
    if len(rows) and (rows.min() < 0 or rows.max() >= starts[-1]):
        raise CodeError(
            "The two groups of this link were chosen from other data; choose them again on the map of the latent space."
        )
    x = np.empty((len(rows), *data.shape), np.float32)
    for part, low, high in zip(parts, starts, starts[1:], strict=False):
        is_in = (rows >= low) & (rows < high)
        x[is_in] = part[rows[is_in] - low]
    return x
