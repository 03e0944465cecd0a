"""Scores: folds of cross-validation, classification report,
and the accuracy of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEW = 20
"""Most texts for leave-one-out; more are cut into FOLDS."""

FOLDS = 5


@dataclass(frozen=True)
class Line:
    """A class in the classification report.

    precision: share of its predictions that are right; recall: share of its texts that are found.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


def folds(labels: np.ndarray, seed: int) -> np.ndarray:
    """(N,) the fold of each text: one text each if there are few (leave-one-out),
    else FOLDS of nearly equal size, stratified by class.
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
    """Accuracy of always predicting the most frequent class."""
    return float(np.bincount(labels).max() / len(labels))


def report(confusion: np.ndarray, classes: tuple[str, ...]) -> list[Line]:
    """Confusion (C, C), rows the true class -> a line per class; undefined figures are 0."""
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
