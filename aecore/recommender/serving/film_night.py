"""Group recommendation: films for several users, by average, by least misery, or with a veto."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import Preferences, allowed_films, best_of, with_novelty

Rule = Literal["average", "least misery", "veto"]
RULES: dict[Rule, str] = {
    "average": "The film that suits the group best on the whole.",
    "least misery": "The film that pleases the least pleased of the group most.",
    "veto": "The best on the whole, without films that one of the group is expected to dislike.",
}


@dataclass(frozen=True)
class Guest:
    """A member of the group.

    done_with: movie ids rated, seen or refused; refused: those marked "not for me", which the group is not shown.
    """

    name: str
    done_with: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GroupPick:
    """A film for the group.

    fits: (B,) each member's score, in standard deviations above their mean over films.
    places: (B,) its rank in each member's own list, from 1. stars: (B,) as predicted,
    or None. seen_by: names of those who have seen it.
    """

    column: int
    movie_id: int
    order: float
    fits: tuple[float, ...]
    places: tuple[int, ...]
    stars: tuple[float, ...] | None
    seen_by: tuple[str, ...]


def film_night(
    scores: Scores, guests: Sequence[Guest], catalogue: Catalogue, preferences: Preferences | None = None,
    rule: Rule = "average", *, dislike: float = 2.5, seen_by_some: bool = False, count: int = 20,
) -> list[GroupPick]:  # fmt: skip
    """The best films for all guests, one row of `scores` each (Masthoff 2011: average,
    least misery, average without misery).

    Each guest's ranking scores are standardised over the allowed films, so that a wider spread does not count for
    more. dislike: the veto excludes films with lower predicted stars for any guest; without predicted stars, films in
    the lower half of any guest's list. seen_by_some: allow films that some guests, but not all, have seen.
    RatingsError for an unknown rule or no guests.
    """
    if rule not in RULES:
        raise RatingsError(f"'{rule}' is no rule; choose {', '.join(RULES)}.")
    if not guests or len(guests) != len(scores.order):
        raise RatingsError(
            f"A film night needs guests, and scores for each; here are {len(guests)} guests and "
            f"{len(scores.order)} rows of scores."
        )
    preferences = preferences or Preferences()
    allowed = allowed_films(catalogue, preferences, _never(guests, seen_by_some))
    stars = [None] * len(guests) if scores.stars is None else scores.stars
    fits = np.stack(
        [
            _fit(with_novelty(row, catalogue.popularity, allowed, preferences.novelty, its), allowed)
            for row, its in zip(scores.order, stars, strict=True)
        ]
    )
    if rule == "veto":
        allowed &= ~_disliked(scores, fits, allowed, dislike)
    order = fits.min(0) if rule == "least misery" else fits.mean(0)
    places = [_places(row, allowed) for row in fits]
    return [_pick(column, order, fits, places, scores, guests, catalogue) for column in best_of(order, allowed, count)]


def _never(guests: Sequence[Guest], seen_by_some: bool) -> Collection[int]:
    refused = frozenset().union(*(each.refused for each in guests))
    done = [each.done_with for each in guests]
    return refused | (frozenset.intersection(*done) if seen_by_some else frozenset().union(*done))


def _fit(order: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    part = order[allowed]
    return order if not len(part) else (order - part.mean()) / max(float(part.std()), 1e-12)


def _disliked(scores: Scores, fits: np.ndarray, allowed: np.ndarray, dislike: float) -> np.ndarray:
    if scores.stars is not None:
        return np.any(scores.stars < dislike, axis=0)
    if not allowed.any():
        return ~allowed
    return (fits < np.median(fits[:, allowed], axis=1)[:, None]).any(0)


def _places(fit: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    places = np.zeros(len(fit), np.int64)
    ranked = np.flatnonzero(allowed)
    places[ranked[np.argsort(-fit[ranked], kind="stable")]] = np.arange(1, len(ranked) + 1)
    return places


def _pick(
    column: int, order: np.ndarray, fits: np.ndarray, places: list[np.ndarray], scores: Scores,
    guests: Sequence[Guest], catalogue: Catalogue
) -> GroupPick:  # fmt: skip
    movie = int(catalogue.films.movie_ids[column])
    stars = None if scores.stars is None else tuple(scores.stars[:, column].tolist())
    seen = tuple(each.name for each in guests if movie in each.done_with)
    return GroupPick(
        column,
        movie,
        float(order[column]),
        tuple(fits[:, column].tolist()),
        tuple(int(each[column]) for each in places),
        stars,
        seen,
    )
