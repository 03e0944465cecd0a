"""Films like a film: those that the same users rate highly, computed from the ratings of the training."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.item_knn import shrunk_cosines
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings

NEAREST = 16
"""Films that are kept for each."""

SHRINKAGE, ASYMMETRY, GENRES = 10.0, 0.75, 0.75
"""The similarity of two films counts half if this many users have rated both well; how much more being rated by many
counts against the film that is found; and how much more, by this share, a film of the very same genres counts. Chosen
among cosines, EASE, likelihood ratios and others by half of `tests/famous_films.py`: of those that do about as well as
the best there, one that names both sequels of The Matrix.
"""

FEWEST = 2
"""Users who must have given both films more than one star."""

ENTRIES = 2**22
"""Pairs of films compared at a time."""

CLOSE_YEARS = 15.0
"""Films this many years apart count 1 / e of those of the same year, where genres decide."""


@dataclass(frozen=True)
class Similar:
    """Films like a film, most similar first.

    columns: of the films. by_likes: how many of them, the first ones, are there because the same users rate them
    highly, the others have its genres; None if the model itself was asked, whose similarity is of its weights.
    """

    columns: tuple[int, ...]
    by_likes: int | None


def nearest_films(ratings: Ratings, films: Films, count: int = NEAREST) -> np.ndarray:
    """All steps of `find_nearest` at once."""
    steps = find_nearest(ratings, films, count)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def find_nearest(ratings: Ratings, films: Films, count: int = NEAREST) -> Generator[float, None, np.ndarray]:
    """(F, K) int32: of each film the columns of the nearest films, most similar first, -1 where there are no more.
    Yields the share that is done.

    Similar is what the same users rate highly, by the asymmetric cosine of their grades, from 0 for one star to 1 for
    five (Aiolli 2013, Efficient Top-N Recommendation, RecSys), shrunk where few have rated both, times 1 + GENRES * the
    overlap of the genres.
    """
    graded = ratings.matrix_of(np.clip((ratings.stars - 1) / 4, 0, 1).astype(np.float32))
    graded.eliminate_zeros()
    kept, nearest = min(count, graded.shape[1]), np.full((graded.shape[1], min(count, graded.shape[1])), -1, np.int32)
    often = np.flatnonzero(np.bincount(graded.indices, minlength=graded.shape[1]) >= FEWEST)
    if not len(often):
        return nearest
    graded = graded[:, often]
    liked = graded.copy()
    liked.data = np.ones_like(graded.data)
    cosines, by_like, total = shrunk_cosines(graded, SHRINKAGE, ASYMMETRY), liked.T.tocsr(), len(often)
    genres, kept = films.on(ratings.movie_ids).genres[often], min(kept, total)
    block = max(1, ENTRIES // total)
    for begin in range(0, total, block):
        part = slice(begin, min(begin + block, total))
        strengths = cosines(part) * (1 + GENRES * overlap(genres[part], genres))
        strengths[(by_like[part] @ liked).toarray() < FEWEST] = 0
        own = np.arange(part.stop - begin)
        strengths[own, begin + own] = 0
        best = np.argpartition(-strengths, kept - 1, axis=1)[:, :kept]
        found = np.take_along_axis(strengths, best, 1)
        order = np.lexsort((best, -found), axis=1)
        best, found = np.take_along_axis(best, order, 1), np.take_along_axis(found, order, 1)
        nearest[often[part], :kept] = np.where(found > 0, often[best], -1)
        yield part.stop / total
    return nearest


def overlap(some: np.ndarray, genres: np.ndarray) -> np.ndarray:
    """(b, G) and (F, G) bool -> (b, F) float32: genres that both have, divided by those that either has."""
    shared = some.astype(np.float32) @ genres.T.astype(np.float32)
    either = some.sum(1, dtype=np.float32)[:, None] + genres.sum(1, dtype=np.float32) - shared
    return shared / np.maximum(either, 1)


def alike(films: Films, popularity: np.ndarray, film: int, count: int, without: np.ndarray) -> np.ndarray:
    """Columns of the films with the genres of this one and of about its time, the best-known first among equals.

    without: columns that are left out.
    """
    years = films.years.astype(np.float64)
    known = (years > 0) & (years[film] > 0)
    closeness = np.where(known, np.exp(-np.abs(years - years[film]) / CLOSE_YEARS), np.exp(-1))
    strengths = (
        overlap(films.genres[[film]], films.genres)[0]
        * closeness
        * (0.5 + popularity / max(float(popularity.max(initial=0)), 1e-12))
    )
    strengths[[film, *without.tolist()]] = 0
    best = np.argsort(-strengths, kind="stable")[:count]
    return best[strengths[best] > 0]
