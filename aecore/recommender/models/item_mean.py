"""Item mean: every film's mean stars, shrunk towards the mean of all films if it has few ratings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.models.base import Recommender, Scores, solved
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress


@dataclass(frozen=True)
class ItemMeanSettings(Settings):
    """The setting of the item mean."""

    shrinkage: float = knob(
        5.0,
        "A film's mean counts as if this many more users had given it the mean of all films.",
        low=0.0,
        high=1000.0,
    )


class ItemMean(Recommender):
    """Predicts each film's shrunk mean. means: (F,) float32."""

    name = "item-mean"
    settings_class = ItemMeanSettings
    kept = ("means",)
    means: np.ndarray

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        started = time.perf_counter()
        mean = float(ratings.stars.mean(dtype=np.float64))
        self.means = (
            mean + shrunk(ratings.stars - mean, ratings.films, ratings.films_count, self.settings.shrinkage)
        ).astype(np.float32)
        yield solved(started, len(ratings))

    def predict(self, given: Ratings) -> Scores:
        stars = np.tile(self.means, (given.users, 1))
        return Scores(stars, stars)

    def affinity(self, film: int) -> np.ndarray:
        """Similarity of the means."""
        return -np.abs(self.means - self.means[film])


def shrunk(values: np.ndarray, groups: np.ndarray, count: int, weight: float) -> np.ndarray:
    """(count,) float64: the mean of the values (N,) of each group (N,),
    with `weight` zeros added; 0 for an empty group.
    """
    totals = np.bincount(groups, weights=values, minlength=count)
    sizes = np.bincount(groups, minlength=count) + weight
    return np.divide(totals, sizes, out=np.zeros(count), where=sizes > 0)
