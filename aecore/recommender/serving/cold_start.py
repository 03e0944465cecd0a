"""Cold-start items: films for a new user to rate, popular, with high disagreement, and dissimilar."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.catalogue import Catalogue

WELL_KNOWN = 10
PRIOR = 20
"""Pseudo-ratings with the common variance that are added to every film,
so that a few ratings are not taken for disagreement.
"""


def disagreement_of(ratings: Ratings) -> np.ndarray:
    """(F,) float32: standard deviation of each film's stars about the mean stars of the users who gave them,
    shrunk towards that of all films.
    """
    if not len(ratings):
        return np.zeros(ratings.films_count, np.float32)
    counts = np.maximum(1, ratings.counts)
    usual = np.add.reduceat(np.append(ratings.stars, 0), np.minimum(ratings.indptr[:-1], len(ratings))) / counts
    off = ratings.stars - usual[ratings.rows]
    number = np.bincount(ratings.films, minlength=ratings.films_count)
    mean = np.bincount(ratings.films, off, ratings.films_count) / np.maximum(1, number)
    squares = np.bincount(ratings.films, (off - mean[ratings.films]) ** 2, ratings.films_count)
    return np.sqrt((squares + PRIOR * squares.sum() / number.sum()) / (number + PRIOR)).astype(np.float32)


def cold_start_films(
    catalogue: Catalogue, affinity: Callable[[int], np.ndarray], disagreement: np.ndarray | None = None,
    count: int = 24, skip: Collection[int] = ()
) -> list[int]:  # fmt: skip
    """Columns of `count` films, chosen greedily by popularity * disagreement * (1 - similarity to the chosen
    films).

    Candidates are the `WELL_KNOWN` * count most popular films. affinity: column -> (F,) similarities of every film,
    as `Recommender.affinity`; only their order counts. disagreement: (F,), see `disagreement_of`. skip: movie ids of
    films already rated or marked. The choice is deterministic.
    """
    films = catalogue.films
    new = np.flatnonzero(~np.isin(films.movie_ids, np.fromiter(skip, np.int64, len(skip))))
    asked = new[np.argsort(-catalogue.popularity[new], kind="stable")][: WELL_KNOWN * count]
    worth = catalogue.popularity[asked].astype(np.float64)
    worth = (worth if worth.any() else np.ones(len(asked))) * (
        1 if disagreement is None else np.asarray(disagreement, np.float64)[asked]
    )
    chosen: list[int] = []
    unlike, left = np.ones(len(asked)), np.ones(len(asked), bool)
    while left.any() and len(chosen) < count:
        place = int(np.argmax(np.where(left, worth * unlike, -1)))
        chosen.append(int(asked[place]))
        left[place] = False
        unlike = np.minimum(unlike, 1 - _similarity(np.asarray(affinity(chosen[-1]))[asked]))
    return chosen


def _similarity(affinity: np.ndarray) -> np.ndarray:
    """(N,) in [0, 1]: similarity from the rank of the affinity, as the cube of the relative rank,
    so that only the nearest films count as similar.
    """
    places = np.argsort(np.argsort(affinity, kind="stable"), kind="stable")
    return (places / max(1, len(places) - 1)) ** 3
