"""A preview of a data set, cached on disk, so that a page need not load all of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.datasets import load
from aecore.datasets.selection import without_class
from aecore.paths import home_folder
from aecore.stores.results import Kind, Result, ResultCache, Slot

SHOWN = 40
"""Pictures shown: they fill rows of 10, of 8 and of 5."""

PLANE, POINTS = (2,), 3_000
"""Examples of this shape are points of a plane, of which this many are shown."""

PREVIEW = Kind("preview")
IN_MEMORY = 16
"""Previews that are kept in memory: at most two megabytes each."""


@dataclass(frozen=True)
class Preview:
    """counts: examples in train, validation and test. x: (K, *shape) training examples,
    by class in turn, read only, as all who look share them; names: of their classes.
    """

    counts: tuple[int, int, int]
    x: np.ndarray
    names: tuple[str, ...]
    factors: tuple[str, ...]


def preview(name: str, home: Path | None = None, *, without: str = "") -> Preview:
    """The preview of `name`, computed once and then read from the home's cache, the latest ones from memory.

    without: a class that is left out, as a run can leave it out. DataError if the data are missing or have no
    such class.
    """
    home = home or home_folder()
    slot = ResultCache(home).slot(PREVIEW, [name, SHOWN, POINTS, *([without] if without else [])])
    stamp = slot.stamp()
    return (_kept(slot, stamp) if stamp else None) or _make(name, home, slot, without)


@lru_cache(maxsize=IN_MEMORY)
def _kept(slot: Slot, stamp: int) -> Preview | None:
    """What lies in the slot under this stamp: Train and Data ask for it whenever they run."""
    return slot.read_as(_read)


def _read(found: Result) -> Preview:
    values = found.values
    train, validation, test = values["counts"]
    return Preview(
        (train, validation, test), _shared(found.arrays["x"]), tuple(values["names"]), tuple(values["factors"])
    )


def _shared(x: np.ndarray) -> np.ndarray:
    x.flags.writeable = False
    return x


def _make(name: str, home: Path, slot: Slot, without: str) -> Preview:
    data = without_class(load(name, home=home), without)
    is_plane = tuple(data.shape) == PLANE
    labels, count = data.train.labels, min(POINTS if is_plane else SHOWN, len(data.train))
    chosen = np.arange(count)
    if labels is not None and data.classes and not is_plane:
        kinds = min(10, len(data.classes))
        each = [np.flatnonzero(labels == kind)[: -(-count // kinds)] for kind in range(kinds)]
        chosen = np.array(
            [members[turn] for turn in range(-(-count // kinds)) for members in each if turn < len(members)]
        )[:count]
    names = () if labels is None or not data.classes else tuple(data.classes[label] for label in labels[chosen])
    counts = (len(data.train), len(data.validation), len(data.test))
    result = Preview(counts, _shared(data.train.x[chosen]), names, tuple(data.train.factors))
    slot.write({"counts": counts, "names": names, "factors": result.factors}, x=result.x)
    return result
