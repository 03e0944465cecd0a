"""Recommendations from scores: filters, popularity-novelty, and no films already seen or refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue


@dataclass(frozen=True)
class Preferences:
    """A user's filters.

    include: genres of which a film needs one, if any are given; exclude: genres of which it may have none. first_year,
    last_year: inclusive, 0 for no limit. novelty: popularity-novelty, from -1, well-known films, over 0, the model's
    order, to 1, hidden gems. only: movie ids to choose from, or None for all.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    first_year: int = 0
    last_year: int = 0
    novelty: float = 0.0
    only: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if not -1 <= self.novelty <= 1:
            raise RatingsError(
                f"Popularity-novelty goes from -1, well-known films, to 1, hidden gems; it cannot be {self.novelty:g}."
            )
        if self.first_year and self.last_year and self.first_year > self.last_year:
            raise RatingsError(
                f"No film is from {self.first_year} or later and from {self.last_year} or earlier. Swap the two years."
            )


@dataclass(frozen=True)
class Pick:
    """A recommended film. order: the score it is sorted by; stars, spread: as predicted, None if the model does not."""

    column: int
    movie_id: int
    order: float
    stars: float | None
    spread: float | None


def recommend(
    scores: Scores,
    catalogue: Catalogue,
    preferences: Preferences | None = None,
    without: Collection[int] = (),
    count: int = 20,
    row: int = 0,
) -> list[Pick]:
    """The best films for the user of this row of `scores`, whose columns are those of the catalogue.

    without: movie ids to exclude, such as `Taste.done_with`. RatingsError for an unknown genre.
    """
    preferences = preferences or Preferences()
    allowed = allowed_films(catalogue, preferences, without)
    order = with_novelty(
        scores.order[row],
        catalogue.popularity,
        allowed,
        preferences.novelty,
        None if scores.stars is None else scores.stars[row],
    )
    return [_pick(catalogue, scores, row, column, float(order[column])) for column in best_of(order, allowed, count)]


def allowed_films(catalogue: Catalogue, preferences: Preferences, without: Collection[int] = ()) -> np.ndarray:
    """(F,) bool: whether each film passes the filters. Films of unknown year pass no limit of years."""
    films = catalogue.films
    allowed = np.ones(len(films), bool)
    if preferences.include:
        allowed &= _has(catalogue, preferences.include)
    if preferences.exclude:
        allowed &= ~_has(catalogue, preferences.exclude)
    if preferences.first_year:
        allowed &= films.years >= preferences.first_year
    if preferences.last_year:
        allowed &= (films.years > 0) & (films.years <= preferences.last_year)
    if preferences.only is not None:
        allowed &= np.isin(films.movie_ids, np.fromiter(preferences.only, np.int64, len(preferences.only)))
    return allowed & ~np.isin(films.movie_ids, np.fromiter(without, np.int64, len(without)))


def with_novelty(
    order: np.ndarray, popularity: np.ndarray, allowed: np.ndarray, novelty: float, stars: np.ndarray | None = None
) -> np.ndarray:
    """(F,) float64: the order shifted towards popular films (novelty < 0) or less popular ones (> 0); unchanged at 0.

    Films are sorted by popularity (F,), and novelty sets a bound by the share of all likes that belong to less
    popular films: at 1 the bound lies where the least popular films together have `GEMS` of the likes, at -1 where
    the most popular have `KNOWN`. Films beyond the bound are penalised: log(1 / rank) - STEEPNESS * |log(popularity /
    bound)|; the others keep the model's order. Towards hidden gems, novelty * QUALITY * stars is added, (F,) predicted
    stars in standard deviations, since a little-known film must also be good.
    """
    order = np.asarray(order, np.float64)
    if novelty == 0 or allowed.sum() < 2 or not popularity.any():
        return order
    fame = popularity.astype(np.float64)
    rising = np.sort(fame)
    share = np.cumsum(rising) / rising.sum()
    bound = rising[
        np.searchsorted(share, 1 - novelty * (1 - GEMS) if novelty > 0 else -novelty * (1 - KNOWN)).clip(
            0, len(rising) - 1
        )
    ]
    beyond = np.log(np.maximum(fame, rising[rising > 0][0] / 2) / bound) if bound > 0 else np.zeros(len(fame))
    columns = np.flatnonzero(allowed)
    ranks = np.full(len(order), np.inf)
    ranks[columns[np.argsort(-order[columns], kind="stable")]] = np.arange(1, len(columns) + 1)
    moved = -np.log(ranks) - STEEPNESS * np.maximum(0, beyond if novelty > 0 else -beyond)
    if stars is None or novelty < 0:
        return moved
    return moved + novelty * QUALITY * (stars - stars[allowed].mean()) / max(float(stars[allowed].std()), 1e-6)


def best_of(order: np.ndarray, allowed: np.ndarray, count: int) -> list[int]:
    """Columns of the highest scores, best first; ties in the order of columns."""
    columns = np.flatnonzero(allowed & np.isfinite(order))
    if 0 < count < len(columns):
        limit = np.partition(order[columns], len(columns) - count)[len(columns) - count]
        columns = columns[order[columns] >= limit]
    return columns[np.argsort(-order[columns], kind="stable")][: max(0, count)].tolist()


GEMS, KNOWN = 0.2, 0.15
STEEPNESS, QUALITY = 3.0, 0.5


def _has(catalogue: Catalogue, genres: Collection[str]) -> np.ndarray:
    names = {each.casefold(): place for place, each in enumerate(catalogue.films.genre_names)}
    missing = [each for each in genres if each.casefold() not in names]
    if missing:
        there = ", ".join(catalogue.films.genre_names) or "none: the genres of these films are unknown"
        raise RatingsError(f"There is no genre '{missing[0][:40]}'. The genres are {there}.")
    return np.any(catalogue.films.genres[:, [names[each.casefold()] for each in genres]], axis=1)


def _pick(catalogue: Catalogue, scores: Scores, row: int, column: int, order: float) -> Pick:
    stars = None if scores.stars is None else float(scores.stars[row, column])
    spread = None if scores.spread is None else float(scores.spread[row, column])
    return Pick(column, int(catalogue.films.movie_ids[column]), order, stars, spread)
