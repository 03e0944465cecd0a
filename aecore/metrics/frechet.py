"""Metrics of generated pictures by a reference classifier: the Fréchet distance of its features, its confidence,
and the distribution of its predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 3


@dataclass(frozen=True)
class Cloud:
    """Mean (F,) and covariance (F, F) of features, in float64, and how many pictures they come from."""

    mean: np.ndarray
    covariance: np.ndarray
    count: int


def cloud(features: np.ndarray) -> Cloud:
    """The statistics of features (N, F). ValueError if there are fewer than three, or if they are not finite."""
    if len(features) < FEWEST:
        raise ValueError(
            f"{len(features)} pictures are too few for statistics of their features; at least {FEWEST} are needed."
        )
    wide = features.astype(np.float64)
    if not np.isfinite(wide).all():
        raise ValueError("Some features are not finite numbers: these pictures hold pixels that are none.")
    return Cloud(wide.mean(0), np.atleast_2d(np.cov(wide, rowvar=False)), len(wide))


def frechet_distance(first: Cloud, second: Cloud) -> float:
    """Squared Fréchet distance of two normal distributions: |m - n|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2).

    Source: Dowson & Landau 1982, eq. 4; as a measure of generated pictures Heusel et al. 2017, arXiv:1706.08500,
    eq. 6. The root of a symmetric product has the same trace as that of AB, and its eigenvalues are never complex.
    Few pictures make it larger: compare only distances between equal numbers of pictures.
    """
    root = _root(first.covariance)
    inner = np.linalg.eigvalsh(root @ second.covariance @ root)
    apart = first.mean - second.mean
    traces = np.trace(first.covariance) + np.trace(second.covariance)
    return float(max(0.0, apart @ apart + traces - 2 * np.sqrt(np.clip(inner, 0, None)).sum()))


def sureness(odds: np.ndarray) -> float:
    """Mean probability of the classifier's predictions, from probabilities (N, K)."""
    return float(odds.max(1).mean())


def entropy(odds: np.ndarray) -> np.ndarray:
    """Entropy in bits of each of the probabilities (..., K): 0 if the classifier is certain, log2 K if it guesses."""
    kept = np.clip(odds.astype(np.float64), 1e-12, 1)
    return -(kept * np.log2(kept)).sum(-1)


def inception_score(odds: np.ndarray) -> float:
    """exp of the mean divergence of p(y|x) from p(y), for probabilities (N, K):
    from 1 to K, high if predictions are confident and varied.

    Source: Salimans et al. 2016, arXiv:1606.03498, section 4, with a reference classifier in place of Inception.
    """
    return float(np.exp2(entropy(odds.astype(np.float64).mean(0)) - entropy(odds).mean()))


def shares(odds: np.ndarray) -> np.ndarray:
    """Share of the pictures predicted as each class, (K,), from probabilities (N, K)."""
    return np.bincount(odds.argmax(1), minlength=odds.shape[1]) / max(1, len(odds))


def _root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
