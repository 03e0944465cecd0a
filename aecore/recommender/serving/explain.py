"""Explanations of recommendations: the exact change of a film's score when each rating is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.base import Recommender
from aecore.recommender.ratings.table import Ratings, columns_of


@dataclass(frozen=True)
class Reasons:
    """The effect of each rating on the score of each film.

    given: (N,) movie ids of the ratings, of films the model knows. films: (K,) movie ids to explain. order: (N, K)
    float32, how much lower the film would score without the rating, relative to the average film; negative if the
    rating counts against the film. stars: (N, K) float32, the same in predicted stars, or None if the model predicts
    none.
    """

    given: np.ndarray
    films: np.ndarray
    order: np.ndarray
    stars: np.ndarray | None

    def strongest(self, film: int, count: int = 3) -> list[tuple[int, float]]:
        """(movie id, change of the order) of the ratings with the largest effect on the film of this movie id,
        largest first; only those above 0.
        """
        column = self.order[:, np.flatnonzero(self.films == film)[0]]
        best = np.argsort(-column, kind="stable")[:count]
        return [(int(self.given[row]), float(column[row])) for row in best if column[row] > 0]


def why(model: Recommender, taste: Mapping[int, float], films: Sequence[int] | np.ndarray) -> Reasons:
    """Scores a user with all ratings and without each rating in turn.

    films: movie ids. KeyError if the model does not know one of them.
    A single rating is compared with a user without ratings.
    """
    films = np.asarray(films, np.int64)
    columns = columns_of(films, model.movie_ids)
    if (columns < 0).any():
        raise KeyError(int(films[columns < 0][0]))
    whole = Ratings.of_tastes([taste], model.movie_ids)
    heights, stars = model.without_each(whole, columns)
    return Reasons(
        model.movie_ids[whole.films], films, heights[0] - heights[1:], None if stars is None else stars[0] - stars[1:]
    )
