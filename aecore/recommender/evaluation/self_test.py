"""Evaluates a model on one user: hides some ratings, predicts them, and compares with the true stars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import RatingsError, columns_of

SHARE, DRAWS, FEWEST = 0.2, 20, 10


@dataclass(frozen=True)
class SelfTest:
    """The result of a self test.

    model, mean: (D,) root mean squared error of each draw, of the model and of the films' means;
    hidden: number of ratings hidden in each draw.
    """

    model: np.ndarray
    mean: np.ndarray
    hidden: int

    @property
    def wins(self) -> int:
        """Number of draws in which the model has the smaller error."""
        return int((self.model < self.mean).sum())


def hide_and_predict(
    stars: Mapping[int, float], score: Callable[[Sequence[Mapping[int, float]]], Scores], movie_ids: np.ndarray,
    means: np.ndarray, *, draws: int = DRAWS, seed: int = 0,
) -> SelfTest:  # fmt: skip
    """Hides a random fifth of a user's ratings and predicts it, `draws` times.

    stars: by movie id. score: scores several users at once, with predicted stars. means: (F,) mean stars of each
    film. RatingsError for fewer than `FEWEST` known films, or a model that predicts no stars.
    """
    known = [(movie, value) for movie, value in stars.items() if columns_of(np.array([movie]), movie_ids)[0] >= 0]
    if len(known) < FEWEST:
        raise RatingsError(f"A test needs {FEWEST} ratings of films that the model knows; here are {len(known)}.")
    rng = np.random.default_rng(seed)
    movies, values = np.array([movie for movie, _ in known]), np.array([value for _, value in known], np.float64)
    columns, size = columns_of(movies, movie_ids), round(SHARE * len(known))
    drawn = [rng.permutation(len(known))[:size] for _ in range(draws)]
    given = [
        {movie: value for place, (movie, value) in enumerate(known) if place not in set(hidden.tolist())}
        for hidden in drawn
    ]
    predicted = score(given).stars
    if predicted is None:
        raise RatingsError("This model orders films but predicts no stars, so there is nothing to compare.")
    model = np.array([_error(predicted[row, columns[hidden]], values[hidden]) for row, hidden in enumerate(drawn)])
    mean = np.array([_error(means[columns[hidden]], values[hidden]) for hidden in drawn])
    return SelfTest(model, mean, size)


def _error(predicted: np.ndarray, given: np.ndarray) -> float:
    return float(np.sqrt(((predicted.astype(np.float64) - given) ** 2).mean()))
