"""Generated pictures beside the training pictures nearest to them, and what a reference
classifier predicts for them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets import Dataset
from aecore.latent.memorisation_check import nearest
from aecore.latent.translation import predictions
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import Kind, ResultCache

DISTANCES = Kind("real-distances")

REAL = 100
"""Real test pictures whose nearest training picture is found."""


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


def real_distances(data: Dataset, home: Path) -> np.ndarray:
    """Sorted distances of test pictures to their nearest training pictures, (N,); cached in `home`."""
    few = [fingerprint(part.x[:: max(1, len(part) // 200)]) for part in (data.train, data.test)]
    slot = ResultCache(home).slot(DISTANCES, [data.name, len(data.train), REAL], few)
    kept = slot.read_as(lambda result: result.arrays["distances"])
    if kept is None:
        kept = np.sort(nearest(data.test.x[:REAL], data.train.x)[1])
        with suppress(OSError):  # if the disk is full, it is computed again next time
            slot.write(distances=kept)
    return kept
