"""A small look at a data set, kept on disk, so that a page need not load the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets import load
from aecore.files import BrokenFileError, read_npz, write_npz
from aecore.paths import home_folder

SHOWN = 30


@dataclass(frozen=True)
class Preview:
    """counts: examples in train, validation and test. x: (K, *shape) training examples, by class in turn; names: of their classes."""

    counts: tuple[int, int, int]
    x: np.ndarray
    names: tuple[str, ...]
    factors: tuple[str, ...]


def preview(name: str, home: Path | None = None) -> Preview:
    """The preview of `name`, made once and then read from the home's cache. DataError if the data are not there."""
    path = (home or home_folder()) / "cache" / f"preview-{name}.npz"
    try:
        kept = read_npz(path)
        counts = tuple(int(count) for count in kept["counts"])
        return Preview(counts, kept["x"], tuple(kept["names"].tolist()), tuple(kept["factors"].tolist()))  # type: ignore[arg-type]
    except (OSError, BrokenFileError, KeyError):
        return _make(name, path)


def _make(name: str, path: Path) -> Preview:
    data = load(name, home=path.parent.parent)
    labels, count = data.train.labels, min(SHOWN, len(data.train))
    chosen = np.arange(count)
    if labels is not None and data.classes:
        kinds = min(10, len(data.classes))
        each = [np.flatnonzero(labels == kind)[: -(-count // kinds)] for kind in range(kinds)]
        chosen = np.array([members[turn] for turn in range(-(-count // kinds)) for members in each if turn < len(members)])[:count]
    names = () if labels is None or not data.classes else tuple(data.classes[label] for label in labels[chosen])
    counts = (len(data.train), len(data.validation), len(data.test))
    result = Preview(counts, data.train.x[chosen], names, tuple(data.train.factors))
    write_npz(path, counts=counts, x=result.x, names=np.array(names, "U"), factors=np.array(result.factors, "U"))
    return result
