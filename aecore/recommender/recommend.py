"""From scores to a list: filters, the dial from well-known films to hidden gems, and never what is done with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from aecore.recommender.catalogue import Catalogue
from aecore.recommender.models.base import Scores
from aecore.recommender.ratings import RatingsError


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to be recommended.

    include: genres of which a film needs one, if any are named; exclude: genres none of which it may have, whatever it has else.
    first_year, last_year: both included, 0 for no limit. dial: -1 for well-known films, 0 as the model says, 1 for hidden gems.
    only: movie ids to choose from, or None for all.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    first_year: int = 0
    last_year: int = 0
    dial: float = 0.0
    only: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if not -1 <= self.dial <= 1:
            raise RatingsError(f"The dial between well-known films and hidden gems goes from -1 to 1, not to {self.dial:g}.")
        if self.first_year and self.last_year and self.first_year > self.last_year:
            raise RatingsError(f"No film is from {self.first_year} or later and from {self.last_year} or earlier. Swap the two years.")


@dataclass(frozen=True)
class Pick:
    """A film of the list. order: what it was sorted by; stars, spread: as predicted, None if the model does not."""

    column: int
    movie_id: int
    order: float
    stars: float | None
    spread: float | None


def recommend(scores: Scores, catalogue: Catalogue, wishes: Wishes | None = None, without: Collection[int] = (), count: int = 20, row: int = 0) -> list[Pick]:
    """The best films for the person of this row of `scores`, over the columns of the catalogue.

    without: movie ids that never come back: `Taste.done_with`. RatingsError for a genre there is none of.
    """
    wishes = wishes or Wishes()
    allowed = allowed_films(catalogue, wishes, without)
    order = dialled(scores.order[row], catalogue.popularity, allowed, wishes.dial)
    return [_pick(catalogue, scores, row, column, float(order[column])) for column in best_of(order, allowed, count)]


def allowed_films(catalogue: Catalogue, wishes: Wishes, without: Collection[int] = ()) -> np.ndarray:
    """(F,) bool: the films that meet the wishes. Films of an unknown year meet no limit of years."""
    films = catalogue.films
    allowed = np.ones(len(films), bool)
    if wishes.include:
        allowed &= _has(catalogue, wishes.include)
    if wishes.exclude:
        allowed &= ~_has(catalogue, wishes.exclude)
    if wishes.first_year:
        allowed &= films.years >= wishes.first_year
    if wishes.last_year:
        allowed &= (films.years > 0) & (films.years <= wishes.last_year)
    if wishes.only is not None:
        allowed &= np.isin(films.movie_ids, np.fromiter(wishes.only, np.int64, len(wishes.only)))
    return allowed & ~np.isin(films.movie_ids, np.fromiter(without, np.int64, len(without)))


def dialled(order: np.ndarray, popularity: np.ndarray, allowed: np.ndarray, dial: float) -> np.ndarray:
    """(F,) float64: the order with the popularity of films taken out of it (dial towards 1) or put in once more (towards -1).

    Order and the logarithm of popularity are brought to mean 0 and standard deviation 1 over the films allowed; with the slope b of the
    first on the second, order - dial * max(b, LEAST) * popularity. At 1 a film's fame no longer helps it: what is left is how much more
    this person would like it than everybody does. A model that cares little about fame (b small) is moved by LEAST all the same.
    """
    order = np.asarray(order, np.float64)
    if dial == 0 or allowed.sum() < 2:
        return order
    fame = np.log(popularity.astype(np.float64) + _FLOOR)
    order, fame = _standard(order, allowed), _standard(fame, allowed)
    slope = float((order[allowed] * fame[allowed]).mean())
    return order - dial * max(slope, LEAST) * fame


def best_of(order: np.ndarray, allowed: np.ndarray, count: int) -> list[int]:
    """Columns of the highest, equals in the order of their columns."""
    columns = np.flatnonzero(allowed & np.isfinite(order))
    if 0 < count < len(columns):
        limit = np.partition(order[columns], len(columns) - count)[len(columns) - count]
        columns = columns[order[columns] >= limit]
    return columns[np.argsort(-order[columns], kind="stable")][: max(0, count)].tolist()


LEAST = 0.5
_FLOOR = 0.003
"""Added to the share of people who liked a film: below three in a thousand, fame says little."""


def _has(catalogue: Catalogue, genres: Collection[str]) -> np.ndarray:
    names = {each.casefold(): place for place, each in enumerate(catalogue.films.genre_names)}
    missing = [each for each in genres if each.casefold() not in names]
    if missing:
        there = ", ".join(catalogue.films.genre_names) or "none: the genres of these films are unknown"
        raise RatingsError(f"There is no genre '{missing[0][:40]}'. The genres are {there}.")
    return catalogue.films.genres[:, [names[each.casefold()] for each in genres]].any(1)


def _standard(values: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    part = values[allowed]
    return (values - part.mean()) / max(float(part.std()), 1e-12)


def _pick(catalogue: Catalogue, scores: Scores, row: int, column: int, order: float) -> Pick:
    stars = None if scores.stars is None else float(scores.stars[row, column])
    spread = None if scores.spread is None else float(scores.spread[row, column])
    return Pick(column, int(catalogue.films.movie_ids[column]), order, stars, spread)
