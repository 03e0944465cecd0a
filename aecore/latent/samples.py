"""Generated pictures beside the training pictures nearest to them, and what a reference
classifier predicts for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets import Dataset
from aecore.latent.copies import nearest
from aecore.latent.translation import predictions

REAL = 100
"""Real test pictures whose nearest training picture is looked for."""


@dataclass(frozen=True)
class Samples:
    """x: (K, C, H, W) pictures; like: their nearest training pictures; distances: (K,) to them.

    odds: head -> (K, answers) of the reference classifier, empty where there is none.
    """

    x: np.ndarray
    like: np.ndarray
    distances: np.ndarray
    odds: dict[str, np.ndarray]


def compared(x: np.ndarray, data: Dataset) -> Samples:
    """Pictures (K, C, H, W) beside their nearest training pictures."""
    found, distances = nearest(x, data.train.x)
    return Samples(x, data.train.x[found], distances, predictions(data.name, x))


def real_samples(data: Dataset, count: int, seed: int) -> Samples:
    """`count` test pictures, drawn by `seed`."""
    return compared(data.test.x[np.random.default_rng(seed).permutation(len(data.test))[:count]], data)


def real_distances(data: Dataset) -> np.ndarray:
    """How far test pictures are from their nearest training pictures, sorted: (N,)."""
    return np.sort(nearest(data.test.x[:REAL], data.train.x)[1])
