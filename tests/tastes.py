"""A checkerboard of tastes: two groups of users and two of films, with likes known by construction."""

from __future__ import annotations

import numpy as np

from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings

USERS, FILMS = 80, 24
MOVIE_IDS = np.arange(100, 100 + 3 * FILMS, 3)
GROUPS = np.arange(FILMS) % 2
"""(FILMS,): even columns are of group 0, odd ones of group 1."""


def checkerboard(seed: int = 0) -> tuple[Ratings, Films]:
    """User u is of group u % 2, and has rated most films of the same group with 4 to 5 stars and
    some others with 1 to 2.
    """
    rng = np.random.default_rng(seed)
    users, films = np.divmod(np.arange(USERS * FILMS), FILMS)
    is_own = users % 2 == GROUPS[films]
    stars = np.where(is_own, rng.choice([4.0, 4.5, 5.0], len(users)), rng.choice([1.0, 1.5, 2.0], len(users)))
    is_rated = rng.random(len(users)) < np.where(is_own, 0.7, 0.3)
    ratings = Ratings.of(users[is_rated], films[is_rated], stars[is_rated], None, np.arange(USERS), MOVIE_IDS)
    titles = [f"{'Even' if group == 0 else 'Odd'} {place} ({1960 + place})" for place, group in enumerate(GROUPS)]
    return ratings, Films.of(MOVIE_IDS, titles, [("Comedy",) if group == 0 else ("Horror",) for group in GROUPS])


def tastes(*groups: int, count: int = 4) -> Ratings:
    """One new user for each of these groups, who likes the first films of the group and dislikes one of the other."""
    users = []
    for group in groups:
        own, other = MOVIE_IDS[group == GROUPS], MOVIE_IDS[group != GROUPS]
        users.append({int(movie): 5.0 for movie in own[:count]} | {int(other[0]): 1.0})
    return Ratings.of_tastes(users, MOVIE_IDS)
