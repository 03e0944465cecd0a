"""Anomaly detection: an example with a large reconstruction error is called anomalous.

Scores, thresholds, error maps, baselines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.metrics.baselines import PcaCode

USUAL_SHARE = 0.95
"""Share of the normal validation examples below the suggested threshold."""

Score = Callable[[np.ndarray], np.ndarray]
"""(N, *shape) -> (N,): the larger, the more anomalous."""


@dataclass(frozen=True)
class Counts:
    """Counts at a threshold: `caught` of the `odd` anomalous and `alarms` of the `normal` examples are flagged."""

    caught: int
    odd: int
    alarms: int
    normal: int


def scores(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean squared error per pixel of each example: x, y (N, *shape) -> (N,) float64."""
    return np.square(x - y, dtype=np.float64).reshape(len(x), -1).mean(1)


def error_maps(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where the error lies: pictures x, y (N, C, H, W) -> squared error of each pixel,
    mean over its colours, (N, H, W).
    """
    return np.square(x - y, dtype=np.float64).mean(1)


def suggested_threshold(validation: np.ndarray, share: float = USUAL_SHARE) -> float:
    """The score that `share` of the normal validation scores (N,) stay below. It uses no anomalous example."""
    if not len(validation):
        raise ValueError("There is no validation example to take a threshold from.")
    return float(np.quantile(validation, share))


def counts(normal: np.ndarray, odd: np.ndarray, threshold: float) -> Counts:
    """How many scores reach the threshold: normal (N,), odd (M,)."""
    return Counts(int((odd >= threshold).sum()), len(odd), int((normal >= threshold).sum()), len(normal))


def baseline_scores(mean: np.ndarray, pca: PcaCode | None) -> dict[str, Score]:
    """Baseline scores that need no network. mean (D,) and `pca` are of the network's training data;
    `pca` is None where it would be the identity.

    "PCA": its reconstruction error. "average": squared distance from the mean example,
    per pixel. "brightness": its mean.
    """
    by_pca: dict[str, Score] = {"PCA": lambda x: scores(x, pca.reconstruct(x))} if pca else {}
    return by_pca | {
        "average": lambda x: scores(x, np.broadcast_to(mean.reshape(x.shape[1:]), x.shape)),
        "brightness": lambda x: x.reshape(len(x), -1).mean(1, dtype=np.float64),
    }
