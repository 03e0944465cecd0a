"""Which of two recommenders is better for people whom the newer one has never seen, and whether that is chance."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.recommender.evaluation.metrics import Scorer, given_and_rest, ndcg, top
from aecore.recommender.evaluation.splits import GIVEN
from aecore.recommender.models.base import LIKED, Scores
from aecore.recommender.ratings.table import Ratings, columns_of
from aecore.recommender.serving.loaded import one_thread

BLOCK = 64
"""Users scored at a time."""

CERTAIN = 1.96
"""Standard errors on each side of a mean difference, for 95 of 100 samples of people."""

BOTH, ALL = "both", "all"
"""Where they are compared: on the films both know, and on all films of the newer one."""


@dataclass(frozen=True, eq=False)
class Widened:
    """A recommender as it does on a list of films of which it knows only some: it ranks the others last.

    For these it predicts the mean of the stars that it is given.
    """

    model: Scorer
    movie_ids: np.ndarray

    def score(self, given: Ratings) -> Scores:
        """See `Recommender.score`."""
        known = self.model.score(given.on(self.model.movie_ids))
        columns = columns_of(self.movie_ids, self.model.movie_ids)
        found = np.flatnonzero(columns >= 0)
        lowest = known.order.min(1, keepdims=True) - 1
        order = np.repeat(lowest, len(self.movie_ids), 1).astype(np.float32)
        order[:, found] = known.order[:, columns[found]]
        if known.stars is None:
            return Scores(order)
        sums = np.bincount(given.rows, given.stars, given.users) / np.maximum(1, given.counts)
        stars = np.repeat(np.where(given.counts, sums, 3.5)[:, None], len(self.movie_ids), 1).astype(np.float32)
        stars[:, found] = known.stars[:, columns[found]]
        return Scores(order, stars)


@dataclass(frozen=True)
class Difference:
    """By how much the newer one is better, a mean over people, and half the width of the range that is likely."""

    mean: float
    half: float

    @property
    def is_surely_better(self) -> bool:
        """Whether chance does not explain that it is better."""
        return self.mean > self.half

    @property
    def is_surely_worse(self) -> bool:
        """Whether chance does not explain that it is worse."""
        return self.mean < -self.half


def compare(newer: Scorer, older: Scorer, people: Ratings, seed: int = 0) -> Generator[float, None, dict[str, Any]]:
    """Measures both on `people`, of whom neither should have learned; yields the share that is done.

    Returns, JSON-ready: "both", "all" -> number of ratings given -> "newer", "older" -> ndcg and rmse; "ndcg", "rmse"
    -> mean difference and half of its range, over all numbers given; "films", "people". "is_better": as `is_better`.
    """
    shared = np.intersect1d(newer.movie_ids, older.movie_ids)
    report: dict[str, Any] = {}
    for place, (where, movie_ids) in enumerate(((BOTH, shared), (ALL, newer.movie_ids))):
        models = {"newer": Widened(newer, movie_ids), "older": Widened(older, movie_ids)}
        steps = _on(models, people.on(movie_ids), seed)
        while where not in report:
            try:
                yield (place + next(steps)) / 2
            except StopIteration as end:
                report[where] = end.value
    return report | {"is_better": is_better(report)}


def is_better(report: dict[str, Any]) -> bool:
    """Whether the newer one ranks all films better beyond chance, and the films that both know no worse, nor predicts
    their stars worse, beyond chance.
    """
    overall, shared = (Difference(*report[where]["ndcg"]) for where in (ALL, BOTH))
    stars = Difference(*report[BOTH]["rmse"])
    return overall.is_surely_better and not shared.is_surely_worse and not stars.is_surely_worse


def _on(models: dict[str, Widened], people: Ratings, seed: int) -> Generator[float, None, dict[str, Any]]:
    found: dict[str, Any] = {"films": people.films_count}
    gains: list[dict[int, float]] = []
    nearer: list[dict[int, float]] = []
    for place, count in enumerate(GIVEN):
        given, rest = given_and_rest(people, count, seed)
        each = {}
        for at, (name, model) in enumerate(models.items()):
            each[name] = _one(model, given, rest)
            yield (place + (at + 1) / len(models)) / len(GIVEN)
        found[str(count)] = {
            name: {"ndcg": _mean(ranks), "rmse": float(np.sqrt(errors.sum() / max(1, len(rest))))}
            for name, (ranks, errors) in each.items()
        } | {"people": given.users}
        ids, hidden = given.user_ids.tolist(), np.maximum(1, rest.counts)
        ranks, errors = ({name: pair[at] for name, pair in each.items()} for at in (0, 1))
        gains.append(dict(zip(ids, (ranks["newer"] - ranks["older"]).tolist(), strict=True)))
        roots = {name: np.sqrt(value / hidden) for name, value in errors.items()}
        nearer.append(dict(zip(ids, (roots["older"] - roots["newer"]).tolist(), strict=True)))
    found["people"] = len(set().union(*gains))
    for name, values in (("ndcg", gains), ("rmse", nearer)):
        difference = _difference(values)
        found[name] = [round(difference.mean, 5), round(difference.half, 5)]
    return found


def _one(model: Scorer, given: Ratings, rest: Ratings) -> tuple[np.ndarray, np.ndarray]:
    """(P,) NDCG@10 of each user, and (P,) the sum of the squared errors of the hidden stars."""
    ranks, errors = [np.zeros(0)], np.zeros(given.users)
    for begin in range(0, given.users, BLOCK):
        rows = slice(begin, min(begin + BLOCK, given.users))
        known, hidden = given.take_users(rows), rest.take_users(rows)
        with one_thread():
            scores = model.score(known)
        order = scores.order.copy()
        order[known.rows, known.films] = -np.inf
        liked = np.zeros(order.shape, bool)
        liked[hidden.rows, hidden.films] = hidden.stars >= LIKED
        ranks.append(ndcg(np.take_along_axis(liked, top(order, 10), 1), liked.sum(1)))
        if scores.stars is not None:
            off = (scores.stars[hidden.rows, hidden.films].astype(np.float64) - hidden.stars) ** 2
            errors[rows] = np.bincount(hidden.rows, off, hidden.users)
    return np.concatenate(ranks), errors


def _difference(values: list[dict[int, float]]) -> Difference:
    """Over people, of each the mean over the numbers of ratings given."""
    own: dict[int, list[float]] = {}
    for each in values:
        for person, value in each.items():
            own.setdefault(person, []).append(value)
    means = np.array([np.mean(each) for each in own.values()])
    if len(means) < 2:
        return Difference(float(means.sum()), float("1e9"))
    return Difference(float(means.mean()), CERTAIN * float(means.std(ddof=1)) / float(np.sqrt(len(means))))


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 5) if len(values) else 0.0
