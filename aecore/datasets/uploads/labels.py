"""Labels that come with an array of examples: one for each, or a row of zeros with a single one (one-hot)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import as_labels

_MOST_COLUMNS = 16
"""Labels with more about each example, as QMNIST's of 8 columns, have the class in the first one."""


@dataclass(frozen=True)
class Labels:
    """index: (N,) int64 into the classes, None if the labels cannot be used. note: what was done, or why not."""

    index: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    note: str = ""


def read_labels(labels: np.ndarray, count: int) -> Labels:
    """The labels of so many examples; those that name no classes are left out, as the examples are good without."""
    told = ""
    if labels.ndim == 2 and len(labels) == count and labels.shape[1] > 1:
        if not _is_binary(labels):
            if labels.shape[1] > _MOST_COLUMNS:
                return _left_out(f"have {labels.shape[1]:,} columns, of which none is known to be the class")
            told, labels = f", the first of their {labels.shape[1]} columns", labels[:, 0]
        elif (labels.sum(1, dtype=np.int64) == 1).all():
            told, labels = f", the place of the 1 in their rows of {labels.shape[1]}", labels.argmax(1)
        else:
            return _left_out("hold no 1, or several, in a row of 0s")
    if labels.size != count or count not in labels.shape:
        return _left_out(f"have the shape {labels.shape}, which is not one for each of {count:,} examples")
    labels = labels.reshape(count)
    if labels.dtype.kind == "f" and not (np.isfinite(labels).all() and (labels == np.round(labels)).all()):
        return _left_out("are not whole numbers")
    try:
        index, classes = as_labels(_names(labels))
    except DataError as error:
        return Labels(note=f"Its labels were left out. {error}")
    except (ValueError, SystemError):  # invalid characters
        return _left_out("are not readable text")
    return Labels(index, classes, f"{len(classes):,} classes from its labels{told}.")


def _names(labels: np.ndarray) -> list[str]:
    if labels.dtype.kind == "S":
        return [each.decode("latin-1") for each in labels.tolist()]
    return [f"{each:.0f}" if isinstance(each, float) else str(each) for each in labels.tolist()]


def _is_binary(labels: np.ndarray) -> bool:
    return labels.dtype.kind in "biuf" and bool(((labels == 0) | (labels == 1)).all())


def _left_out(why: str) -> Labels:
    return Labels(note=f"Its labels {why}, so they were left out.")
