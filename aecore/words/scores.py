"""Scores: which texts are tested by a network that has not seen them, confusion, precision and recall,
and what guessing would reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEW = 20
"""Up to so many texts each is left out by itself; more are cut into FOLDS."""

FOLDS = 5


@dataclass(frozen=True)
class Line:
    """A class in the classification report.

    precision: of what was taken for it, the share that is; recall: of it, the share that was found.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


def folds(labels: np.ndarray, seed: int) -> np.ndarray:
    """(N,) the fold of each text: one text each if there are few (leave-one-out),
    else FOLDS of nearly equal size and mix of classes.
    """
    count = len(labels)
    if count <= FEW:
        return np.arange(count)
    order = np.random.default_rng(seed).permutation(count)
    order = order[np.argsort(labels[order], kind="stable")]
    assigned = np.empty(count, np.int64)
    assigned[order] = np.arange(count) % FOLDS
    return assigned


def guessing(labels: np.ndarray) -> float:
    """The share that is right if every text is taken for the most frequent class."""
    return float(np.bincount(labels).max() / len(labels))


def report(confusion: np.ndarray, classes: tuple[str, ...]) -> list[Line]:
    """Confusion (C, C), rows the truth -> a line per class; what has no count is 0."""
    right, found, there = np.diag(confusion), confusion.sum(0), confusion.sum(1)
    return [
        Line(
            name,
            _share(right[i], found[i]),
            _share(right[i], there[i]),
            _share(2 * right[i], found[i] + there[i]),
            int(there[i]),
        )
        for i, name in enumerate(classes)
    ]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
