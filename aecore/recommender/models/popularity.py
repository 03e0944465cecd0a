"""Popularity: recommends the films that most users like to every user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.models.base import Recommender, Scores, solved
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.settings import Settings

if TYPE_CHECKING:
    from aecore.progress import Progress


@dataclass(frozen=True)
class PopularitySettings(Settings):
    """No settings."""


class Popularity(Recommender):
    """order = the share of users who gave 4 stars or more; the same for every user."""

    name = "popularity"
    settings_class = PopularitySettings

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        yield solved(time.perf_counter(), len(ratings))

    def predict(self, given: Ratings) -> Scores:
        return Scores(np.tile(self.popularity, (given.users, 1)))

    def affinity(self, film: int) -> np.ndarray:
        """Similarity of the popularity."""
        return -np.abs(self.popularity - self.popularity[film])
