"""Anomaly detection by reconstruction: what comes back badly is called odd. Scores, ROC curve, thresholds, and simpler rivals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.metrics.baselines import PcaCode

USUAL_SHARE = 0.95
"""Of normal validation examples, that a suggested threshold lets pass."""

Score = Callable[[np.ndarray], np.ndarray]
"""(N, *shape) -> (N,): the larger, the odder."""


@dataclass(frozen=True)
class Roc:
    """The ROC curve of a score. false_alarms, caught: (K,) shares of the normal and of the odd that some threshold flags; area under it.

    spread: the area's standard error (Hanley & McNeil 1982, Radiology 143).
    """

    false_alarms: np.ndarray
    caught: np.ndarray
    area: float
    spread: float


@dataclass(frozen=True)
class Counts:
    """What a threshold does: of `odd` odd examples `caught` are flagged, and of `normal` normal ones `alarms` are."""

    caught: int
    odd: int
    alarms: int
    normal: int


def scores(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean squared error per pixel of each example: x, y (N, *shape) -> (N,) float64."""
    return np.square(x - y, dtype=np.float64).reshape(len(x), -1).mean(1)


def error_maps(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where the error lies: pictures x, y (N, C, H, W) -> squared error of each pixel, mean over its colours, (N, H, W)."""
    return np.square(x - y, dtype=np.float64).mean(1)


def suggested_threshold(validation: np.ndarray, share: float = USUAL_SHARE) -> float:
    """The score that `share` of the normal validation scores (N,) stay below. It looks at no odd example."""
    if not len(validation):
        raise ValueError("There is no validation example to take a threshold from.")
    return float(np.quantile(validation, share))


def counts(normal: np.ndarray, odd: np.ndarray, threshold: float) -> Counts:
    """How many scores reach the threshold: normal (N,), odd (M,)."""
    return Counts(int((odd >= threshold).sum()), len(odd), int((normal >= threshold).sum()), len(normal))


def roc(normal: np.ndarray, odd: np.ndarray) -> Roc:
    """The ROC curve of scores: normal (N,), odd (M,). Its area is the chance that an odd example scores higher than a normal one.

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


def rivals(pca: PcaCode) -> dict[str, Score]:
    """Scores for which no network is needed; `pca` was fitted to what the network learned from.

    "PCA": how badly it brings an example back. "average": how far the example is from the mean one, squared, per pixel. "brightness": its mean.
    """
    return {
        "PCA": lambda x: scores(x, pca.reconstruct(x)),
        "average": lambda x: scores(x, np.broadcast_to(pca.mean.reshape(x.shape[1:]), x.shape)),
        "brightness": lambda x: x.reshape(len(x), -1).mean(1, dtype=np.float64),
    }
