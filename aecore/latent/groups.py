"""Two groups of examples, chosen by a person on a map, kept under a key that fits into a link."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np

from aecore.datasets import Dataset
from aecore.files import BrokenFileError, read_npz, write_npz
from aecore.latent.code_set import CodeError, cache_folder
from aecore.runs.store import RunStore

KEY = re.compile(r"[0-9a-f]{16}")
FIRST, SECOND = "first group", "second group"


@dataclass(frozen=True)
class Groups:
    """first, second: rows of the data's training, validation and test part, one after the other, as in `CodeSet.rows`. names: what they are called."""

    data: str
    first: np.ndarray
    second: np.ndarray
    names: tuple[str, str]


def keep_groups(store: RunStore, data: str, first: np.ndarray, second: np.ndarray, names: tuple[str, str] = (FIRST, SECOND)) -> str:
    """Keeps two groups of rows of a data set; returns the key that `read_groups` and the link `/translate?groups=` take.

    CodeError if a group is empty or an example is in both.
    """
    first, second = (np.unique(rows).astype(np.int64) for rows in (first, second))
    if not len(first) or not len(second):
        raise CodeError("Each of the two groups needs at least one example.")
    if len(both := np.intersect1d(first, second)):
        raise CodeError(f"{len(both):,} of the examples are in both groups; a direction needs groups that have nothing in common.")
    key = hashlib.sha256(f"{data}/{first.tobytes().hex()}/{second.tobytes().hex()}/{names}".encode()).hexdigest()[:16]
    write_npz(cache_folder(store) / "groups" / f"{key}.npz", first=first, second=second, names=np.array(names), data=np.array(data))
    return key


def read_groups(store: RunStore, key: str) -> Groups:
    """The groups of that key. CodeError if they are not on this machine."""
    path = cache_folder(store) / "groups" / f"{key}.npz"
    try:
        if not KEY.fullmatch(key):
            raise KeyError(key)
        kept = read_npz(path)
        names = tuple(map(str, kept["names"]))
        return Groups(str(kept["data"]), kept["first"].astype(np.int64), kept["second"].astype(np.int64), (names[0], names[1]))
    except (KeyError, IndexError, FileNotFoundError, BrokenFileError):
        raise CodeError("The two groups of this link are not on this machine; choose them again on the map of the latent space.") from None


def pictures_of(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """The examples (N, *shape) in these rows. CodeError if the data set has no such rows."""
    parts = (data.train.x, data.validation.x, data.test.x)
    starts = np.cumsum([0, *map(len, parts)])
    if len(rows) and (rows.min() < 0 or rows.max() >= starts[-1]):
        raise CodeError("The two groups of this link were chosen from other data; choose them again on the map of the latent space.")
    x = np.empty((len(rows), *data.shape), np.float32)
    for part, low, high in zip(parts, starts, starts[1:], strict=False):
        is_in = (rows >= low) & (rows < high)
        x[is_in] = part[rows[is_in] - low]
    return x
