"""Details of films: how many users rated each, and the tags that users gave it, for the cards of a recommender.

`make assets ARGS=recommender-details` writes those of the built-in films; it trains nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from aecore.recommender.ratings import movielens
from aecore.recommender.ratings.films import Films, plain
from aecore.recommender.ratings.movielens_tags import has_tags, read_tags
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.details import DETAILS, Details, write_details
from aecore.recommender.serving.loaded import ASSETS, FILMS, read_films

EDITION = "ml-latest-small"
MOST_TAGS, LONGEST = 4, 24
FEW_FILMS, FEW_USERS = 3, 2
"""A tag counts if it was given to so many films, or by so many users: others are one user's notes."""
NO_FACTS = frozenset(
    ["in netflix queue", "seen more than once", "imdb top 250", "movies", "bad", "boring", "overrated", "awesome",
     "masterpiece", "interesting", "fun", "bad acting", "bad plot", "bad script", "plot holes", "predictable",
     "too long", "ridiculous", "original", "characters", "made me cry", "class", "drama", "children", "race",
     "mindfuck", "nudity (full frontal)", "twist ending", "twist", "twists & turns", "surprise ending", "great ending",
     "powerful ending"]
)  # fmt: skip
"""Notes and marks of users, which say nothing about a film that helps another; words that are genres; what would not be
said to a class, and what gives an ending away.
"""


def make_details(folder: Path = ASSETS) -> Details:
    """Writes the details of the films in a folder of the built-in recommender; DataError if latest-small is missing."""
    films = read_films(folder / FILMS)
    ratings, _ = movielens.read(EDITION)
    found = details_of(EDITION, films, raters(ratings.on(films.movie_ids)), ratings.users)
    write_details(found, folder / DETAILS)
    return found


def details_of(data: str, films: Films, raters: np.ndarray, users: int) -> Details:
    """The details of films that so many of so many users of a data set rated; tags where it has any.

    Tags that cannot be read are left out: a training does not fail for them.
    """
    try:
        found = tags(read_tags(data), films) if has_tags(data) else {}
    except RatingsError:
        found = {}
    return Details(raters.astype(np.int32), users, found)


def raters(ratings: Ratings) -> np.ndarray:
    """(F,) int32: how many users rated each film."""
    return np.bincount(ratings.films, minlength=ratings.films_count).astype(np.int32)


def tags(given: Iterable[tuple[int, int, str]], films: Films) -> dict[int, tuple[str, ...]]:
    """Column -> the tags of the film that most users gave it; of equals, those given to more films first.

    given: (user, movie id, tag).
    """
    users, where = defaultdict(set), defaultdict(set)
    by_film: dict[int, Counter[str]] = defaultdict(Counter)
    for user, movie, text in given:
        tag = " ".join(text.casefold().split())
        column = films.column.get(movie, -1)
        if column >= 0 and tag and tag not in NO_FACTS and len(tag) <= LONGEST and not tag[0].isdigit():
            users[tag].add(user)
            where[tag].add(movie)
            by_film[column][tag] += 1
    known = {tag for tag in where if len(where[tag]) >= FEW_FILMS or len(users[tag]) >= FEW_USERS}
    out = {}
    for column, counts in by_film.items():
        genres = {plain(each) for each in films.genres_of(column)}
        best = sorted(
            (tag for tag in counts if tag in known and plain(tag) not in genres),
            key=lambda tag: (-counts[tag], -len(where[tag]), tag),
        )
        if best:
            out[column] = tuple(best[:MOST_TAGS])
    return out
