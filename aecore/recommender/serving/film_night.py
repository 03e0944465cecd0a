"""Group recommendation: films for several users, by average, by least misery, or without expected dislikes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import Preferences, allowed_films, best_of, with_novelty

Rule = Literal["average", "least misery", "no dislikes"]
DISLIKED = 2.5
"""Stars below which a member of the group is expected to dislike a film."""

AMONG = 200
"""Films that suit the group best on the whole, among which "least misery" chooses: beyond them, the highest stars
belong to films that hardly anybody has rated.
"""

RULES: dict[Rule, str] = {
    "average": "The films that suit the group best on the whole come first.",
    "least misery": f"The {AMONG} films that suit the group best on the whole, sorted by the lowest stars on each "
    "card: first the one whose least pleased viewer would still give it the most; of equals, the one with the "
    "higher average.",
    "no dislikes": f"The best on the whole, without films to which one of the group would probably give fewer than "
    f"{DISLIKED:g} stars.",
}
RULES_WITHOUT_STARS: dict[Rule, str] = RULES | {
    "least misery": "The films that suit the least pleased of the group best come first.",
    "no dislikes": "The best on the whole, without films in the lower half of anyone's own list.",
}
"""What the rules do with a model that predicts no stars."""


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
    places: (B,) its rank in each member's own list, from 1. stars: (B,) as predicted, to a tenth, None for those who
    are done with it; or None. seen_by: names of those who have seen it.
    """

    column: int
    movie_id: int
    order: float
    fits: tuple[float, ...]
    places: tuple[int, ...]
    stars: tuple[float | None, ...] | None
    seen_by: tuple[str, ...]


def shown_stars(stars: np.ndarray) -> np.ndarray:
    """Predicted stars as a card shows them: to a tenth, float64."""
    return np.round(np.asarray(stars, np.float64), 1)


def film_night(
    scores: Scores, guests: Sequence[Guest], catalogue: Catalogue, preferences: Preferences | None = None,
    rule: Rule = "average", *, seen_by_some: bool = False, vetoed: Collection[int] = (), count: int = 20,
) -> list[GroupPick]:  # fmt: skip
    """The best films for all guests, one row of `scores` each (Masthoff 2011: average,
    least misery, average without misery).

    Each guest's ranking scores are standardised over the allowed films, so that a wider spread does not count for
    more. "least misery" compares the predicted stars that a card shows, of the AMONG films with the best average: the
    lowest of a film, then their average. "no dislikes" leaves out films with fewer than DISLIKED predicted stars for
    any guest; without predicted stars, films in the lower half of any guest's list. seen_by_some: allow films that
    some guests, but not all, have seen. vetoed: movie ids that somebody does not want tonight. RatingsError for an
    unknown rule or no guests.
    """
    if rule not in RULES:
        raise RatingsError(f"'{rule}' is no rule; choose {', '.join(RULES)}.")
    if not guests or len(guests) != len(scores.order):
        raise RatingsError(
            f"A film night needs guests, and scores for each; here are {len(guests)} guests and "
            f"{len(scores.order)} rows of scores."
        )
    preferences = preferences or Preferences()
    allowed = allowed_films(catalogue, preferences, {*_never(guests, seen_by_some), *vetoed})
    stars = [None] * len(guests) if scores.stars is None else scores.stars
    fits = np.stack(
        [
            _fit(with_novelty(row, catalogue.popularity, allowed, preferences.novelty, its), allowed)
            for row, its in zip(scores.order, stars, strict=True)
        ]
    )
    if rule == "no dislikes":
        allowed &= ~_disliked(scores, fits, allowed)
    shown = _shown_on_cards(scores, guests, catalogue)
    if rule == "least misery" and shown is not None:
        allowed &= np.isin(np.arange(len(allowed)), best_of(fits.mean(0), allowed, AMONG))
    order = _least_misery(shown, fits) if rule == "least misery" else fits.mean(0)
    places = [_places(row, allowed) for row in fits]
    return [_pick(column, order, fits, places, shown, guests, catalogue) for column in best_of(order, allowed, count)]


def by_least_misery(picks: Sequence[GroupPick]) -> list[GroupPick]:
    """The picks as "least misery" sorts them, by the stars that they have now; as they are if they have none."""

    def place(pick: GroupPick) -> tuple[float, float, float]:
        stars = [each for each in pick.stars or () if each is not None]
        lowest = min(stars, default=0.0)
        return -lowest, -round(sum(stars) / max(1, len(stars)), 9), -sum(pick.fits)

    return list(picks) if any(pick.stars is None for pick in picks) else sorted(picks, key=place)


def _shown_on_cards(scores: Scores, guests: Sequence[Guest], catalogue: Catalogue) -> np.ndarray | None:
    """(B, F) the predicted stars of a card; NaN for a guest who is done with the film, which needs no prediction."""
    if scores.stars is None:
        return None
    done = [np.isin(catalogue.films.movie_ids, list(each.done_with)) for each in guests]
    return np.where(done, np.nan, shown_stars(scores.stars))


def _least_misery(shown: np.ndarray | None, fits: np.ndarray) -> np.ndarray:
    """(F,) what sorts by the lowest of the stars shown, then by their average, then by how well a film suits all."""
    if shown is None:
        return fits.min(0)
    count = np.maximum(1, np.isfinite(shown).sum(0))
    average, lowest = np.nansum(shown, 0) / count, np.nan_to_num(shown, nan=np.inf).min(0)
    order = np.empty(shown.shape[1])
    order[np.lexsort((fits.mean(0), np.round(average, 9), lowest))] = np.arange(shown.shape[1])
    return order


def _never(guests: Sequence[Guest], seen_by_some: bool) -> Collection[int]:
    refused = frozenset().union(*(each.refused for each in guests))
    done = [each.done_with for each in guests]
    return refused | (frozenset.intersection(*done) if seen_by_some else frozenset().union(*done))


def _fit(order: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    part = order[allowed]
    return order if not len(part) else (order - part.mean()) / max(float(part.std()), 1e-12)


def _disliked(scores: Scores, fits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    if scores.stars is not None:
        return np.any(shown_stars(scores.stars) < DISLIKED, axis=0)
    if not allowed.any():
        return ~allowed
    return (fits < np.median(fits[:, allowed], axis=1)[:, None]).any(0)


def _places(fit: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    places = np.zeros(len(fit), np.int64)
    ranked = np.flatnonzero(allowed)
    places[ranked[np.argsort(-fit[ranked], kind="stable")]] = np.arange(1, len(ranked) + 1)
    return places


def _pick(
    column: int, order: np.ndarray, fits: np.ndarray, places: list[np.ndarray], shown: np.ndarray | None,
    guests: Sequence[Guest], catalogue: Catalogue
) -> GroupPick:  # fmt: skip
    movie = int(catalogue.films.movie_ids[column])
    stars = None if shown is None else tuple(None if np.isnan(each) else float(each) for each in shown[:, column])
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
