"""Explanations: what a user's ratings add to one film's score, in groups of films that go together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from aecore.recommender.models.base import Recommender
from aecore.recommender.ratings.table import Ratings, columns_of

MOST_GROUPS = 8
CLOSE = 1.4
"""Distance of unit vectors below which films form a group."""


@dataclass(frozen=True)
class Part:
    """A group of the user's ratings. films: movie ids, those first that count most towards the change (the best rated
    first where that is not known); stars: their stars.

    change: what the group adds to the film's score; without: the film's score if the group had not been rated.
    """

    films: tuple[int, ...]
    stars: tuple[float, ...]
    change: float
    without: float


@dataclass(frozen=True)
class Explanation:
    """One film's score, taken apart: value = baseline + the changes of the parts, up to `error`.

    baseline: the score for a user without ratings. parts: the largest change first, down to the lowest. in_stars:
    whether the score is predicted stars, unbounded, or else the ranking score minus its mean over all films.
    """

    baseline: float
    value: float
    parts: tuple[Part, ...]
    error: float
    in_stars: bool


def explain(
    model: Recommender, taste: Mapping[int, float], film: int, vectors: Callable[[np.ndarray], np.ndarray]
) -> Explanation:
    """Explains the score of the film of this movie id. KeyError if the model does not know it.

    taste: stars by movie id; a rating of the film itself, and of unknown films, is left out. vectors: columns of
    n films -> (n, D), descriptions; films whose vectors point the same way go together.
    """
    column = int(columns_of(np.array([film]), model.movie_ids)[0])
    if column < 0:
        raise KeyError(film)
    given = Ratings.of_tastes([{each: stars for each, stars in taste.items() if each != film}], model.movie_ids)
    groups = groups_of(vectors(given.films))
    found = model.attribution(given, column, groups)
    parts = []
    for group, (change, without) in enumerate(zip(found.parts, _without(model, given, column, groups), strict=True)):
        own = np.flatnonzero(groups == group)
        weight = given.stars if found.each is None else found.each
        own = own[np.argsort((1 if change < 0 else -1) * weight[own], kind="stable")]
        films = tuple(model.movie_ids[given.films[own]].tolist())
        parts.append(Part(films, tuple(given.stars[own].tolist()), float(change), float(without)))
    parts.sort(key=lambda each: -each.change)
    return Explanation(found.baseline, found.value, tuple(parts), found.error, found.in_stars)


def groups_of(vectors: np.ndarray, most: int = MOST_GROUPS) -> np.ndarray:
    """(N, D) -> (N,) int, from 0: clusters of the directions of the vectors by Ward's method (Ward 1963, JASA 58); at
    most `most`.
    """
    count = len(vectors)
    if count < 2:
        return np.zeros(count, np.int64)
    directions = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    tree = linkage(directions, "ward")
    found = fcluster(tree, CLOSE, "distance")
    if found.max() > most:
        found = fcluster(tree, most, "maxclust")
    return (found - 1).astype(np.int64)


def _without(model: Recommender, given: Ratings, column: int, groups: np.ndarray) -> np.ndarray:
    """(G,): the score of the film without each group in turn."""
    count = int(groups.max()) + 1 if len(groups) else 0
    copies = given.take_users(np.zeros(count, np.int64))
    scores = model.predict(copies.only((groups[None] != np.arange(count)[:, None]).ravel()))
    return scores.order[:, column] - scores.order.mean(1) if scores.stars is None else scores.stars[:, column]
