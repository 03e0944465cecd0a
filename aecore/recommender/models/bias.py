"""Biases: the mean of all ratings, plus the deviation of the film and that of the user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aecore.recommender.models.base import Recommender, Scores, solved
from aecore.recommender.models.item_mean import shrunk
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress


@dataclass(frozen=True)
class BiasSettings(Settings):
    """The settings of the biases."""

    person_shrinkage: float = knob(
        5.0,
        "A user's bias counts as if they had rated this many more films exactly as expected.",
        label="User shrinkage",
        low=0.0,
        high=1000.0,
    )
    film_shrinkage: float = knob(
        4.0, "A film's bias counts as if this many more users had rated it exactly as expected.", low=0.0, high=1000.0
    )
    rounds: int = knob(
        10,
        "How often items and users are fitted in turn; after ten epochs nothing changes any more.",
        label="Epochs",
        low=1,
        high=100,
        advanced=True,
    )


class Bias(Recommender):
    """stars = mean + film bias + user bias, b_ui = mu + b_u + b_i (Koren 2010, eq. 1).

    mean: (1,) float32. film_biases: (F,) float32. A new user's bias is estimated from the given ratings.
    """

    name = "bias"
    settings_class = BiasSettings
    kept: ClassVar[tuple[str, ...]] = ("mean", "film_biases")
    mean: np.ndarray
    film_biases: np.ndarray

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        started = time.perf_counter()
        self.mean = np.array([ratings.stars.mean(dtype=np.float64)], np.float32)
        self.film_biases = np.zeros(ratings.films_count, np.float32)
        rows = ratings.rows
        for _ in range(self.settings.rounds):
            left = ratings.stars - self.mean - self.user_biases(ratings)[rows]
            self.film_biases = shrunk(left, ratings.films, ratings.films_count, self.settings.film_shrinkage).astype(
                np.float32
            )
        yield solved(started, len(ratings))

    def user_biases(self, given: Ratings) -> np.ndarray:
        """(P,) float32: how far each user's ratings lie above mean and film biases."""
        left = given.stars - self.mean - self.film_biases[given.films]
        return shrunk(left, given.rows, given.users, self.settings.person_shrinkage).astype(np.float32)

    def residuals(self, given: Ratings) -> np.ndarray:
        """(N,) float32: each rating minus mean and biases."""
        return given.stars - self.mean - self.film_biases[given.films] - self.user_biases(given)[given.rows]

    def predict(self, given: Ratings) -> Scores:
        stars = self.mean + self.user_biases(given)[:, None] + self.film_biases
        return Scores(stars, stars)

    def affinity(self, film: int) -> np.ndarray:
        """Similarity of the film biases."""
        return -np.abs(self.film_biases - self.film_biases[film])
