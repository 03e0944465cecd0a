"""ROC curves and the area under them, in numpy: importing scikit-learn's metrics takes over a second,
and a page's first view needs these.

tests/unit/test_anomaly.py compares them with scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Roc:
    """The ROC curve of a score.

    false_alarms, caught: (K,) false and true positive rates at each threshold; area under it.
    spread: the area's standard error (Hanley & McNeil 1982, Radiology 143).
    """

    false_alarms: np.ndarray
    caught: np.ndarray
    area: float
    spread: float


def roc(normal: np.ndarray, odd: np.ndarray) -> Roc:
    """The ROC curve of scores: normal (N,), odd (M,).

    Its area is the probability that an anomalous example scores higher than a normal one.

    ValueError if either is empty.
    """
    if not len(normal) or not len(odd):
        raise ValueError("A ROC curve needs normal and odd examples.")
    thresholds = np.unique(np.concatenate([normal, odd]))[::-1]
    alarms, caught = (np.append(0, len(each) - np.searchsorted(np.sort(each), thresholds)) for each in (normal, odd))
    is_corner = np.concatenate([[True], (np.diff(alarms, 2) != 0) | (np.diff(caught, 2) != 0), [True]])
    false_alarms, caught = alarms[is_corner] / len(normal), caught[is_corner] / len(odd)
    area = float(np.trapezoid(caught, false_alarms))
    return Roc(false_alarms, caught, area, _standard_error(area, len(normal), len(odd)))


def _standard_error(area: float, normal: int, odd: int) -> float:
    """Hanley & McNeil 1982, eq. 1 and 2."""
    twice_odd, twice_normal = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (odd - 1) * (twice_odd - area**2) + (normal - 1) * (twice_normal - area**2)
    return float(np.sqrt(max(variance, 0) / (normal * odd)))


def area(low: np.ndarray, high: np.ndarray) -> float:
    """Share of all pairs in which the value of `high` (M,) is above that of `low` (N,), ties counted half:
    the area under the ROC curve.
    """
    ordered = np.sort(low)
    below, level = np.searchsorted(ordered, high, "left"), np.searchsorted(ordered, high, "right")
    return float((below + level).mean() / (2 * len(low)))
