"""Evaluation splits: the ratings a recommender trains on, those that validate it, and the final tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from aecore.recommender.evaluation.intervals import ndcg_interval
from aecore.recommender.evaluation.metrics import (
    RankFigures,
    Scorer,
    given_and_rest,
    hold_out_users,
    predicted_stars,
    rank_figures,
    rmse,
    star_figures,
)
from aecore.recommender.models.base import LIKED, Recommender
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import split_100k
from aecore.recommender.ratings.sources import card, load
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.training.settings import RecommenderSettings

TEST_SHARE = 0.2
GIVEN = (5, 10, 20)
"""Numbers of ratings given of a new user."""

WATCHED_GIVEN, MOST_DRAWS = 10, 4
"""Ratings given of each validation user; draws of them, where there are few users: by the mean over one draw of 61
users the best epoch of a Mult-VAE lies anywhere between 30 and 120.
"""
MOST_WATCHED, MOST_TESTED = 200, 1000
"""Maximum numbers of users, sampled at random if there are more: scoring one takes up to 50 ms."""

AGAIN = 1000
"""Distance of the seeds of further draws."""

KNOWN = "all"
"""Name of the test on known users, who give all their training ratings."""

Report = dict[str, dict[str, Any]]
"""Number of ratings given, or KNOWN -> metrics by name, and how they were measured."""


@dataclass(frozen=True, eq=False)
class PredictionTask:
    """Ratings to predict from others of the same users, in the same rows.

    given: the ratings a model is shown; hidden: those it predicts.
    """

    given: Ratings
    hidden: Ratings

    def with_liked_films(self) -> PredictionTask:
        """The users who like a hidden film; for others a ranking has no metric."""
        liked = np.bincount(self.hidden.rows, weights=self.hidden.stars >= LIKED, minlength=self.hidden.users) > 0
        return self.of(np.flatnonzero(liked))

    def of(self, rows: np.ndarray) -> PredictionTask:
        """The users of these rows."""
        return PredictionTask(self.given.take_users(rows), self.hidden.take_users(rows))

    def drawn(self, most: int, seed: int = 0) -> PredictionTask:
        """At most `most` of the users, sampled at random."""
        return self.of(_drawn(np.arange(self.given.users), most, seed))


@dataclass(frozen=True, eq=False)
class EvaluationSplit:
    """A split of the ratings for training, validation and tests.

    films: with the same columns as all ratings here. validation: other ratings of the users of `train`;
    None for new users.

    watched: the task of the validation curves, or None. tests: by number of ratings given, or KNOWN.
    title: name of the data and split. watched_again: the users of `watched` with other ratings given.
    """

    films: Films
    train: Ratings
    validation: Ratings | None
    watched: PredictionTask | None
    tests: Mapping[str, PredictionTask]
    title: str
    watched_again: tuple[PredictionTask, ...] = ()

    def watch(self, model: Scorer) -> dict[str, float]:
        """NDCG@10 of the validation users, and the RMSE of their stars if the model predicts them;
        for known users, over all validation ratings.
        """
        if self.watched is None:
            return {}
        draws = self._draws(model, self.watched)
        ndcg, errors = fmean(each.ndcg for each in draws), [each.rmse for each in draws if each.rmse is not None]
        if not errors:
            return {"NDCG@10": ndcg}
        known = None if self.validation is None else PredictionTask(self.train, self.validation).drawn(MOST_TESTED)
        error = (
            fmean(errors)
            if known is None
            else rmse(predicted_stars(model, known.given, known.hidden), known.hidden.stars)
        )
        return {"NDCG@10": ndcg, "RMSE": error}

    def validate(self, model: Scorer) -> dict[str, Any]:
        """The NDCG@10 of the validation users, its 95 % interval, and the number of these users; empty without any."""
        if self.watched is None:
            return {}
        draws = self._draws(model, self.watched)
        people = len(np.unique(np.concatenate([each.user_ids for each in draws])))
        return {"ndcg": fmean(each.ndcg for each in draws), **ndcg_interval(*draws), "people": people}

    def _draws(self, model: Scorer, first: PredictionTask) -> list[RankFigures]:
        return [rank_figures(model, task.given, task.hidden) for task in (first, *self.watched_again)]

    def test(self, model: Scorer) -> Report:
        """All metrics of a model on the tests, each with how it was measured."""
        return {
            name: self._known(model, task) if name == KNOWN else self._new(model, task)
            for name, task in self.tests.items()
        }

    def _new(self, model: Scorer, task: PredictionTask) -> dict[str, Any]:
        figures = rank_figures(model, task.given, task.hidden, self.title)
        return {
            "ndcg": figures.ndcg,
            **ndcg_interval(figures),
            "recall": figures.recall,
            "disliked": figures.disliked,
            "rmse": figures.rmse,
            "people": figures.users,
            "protocol": figures.protocol,
        }

    def _known(self, model: Scorer, task: PredictionTask) -> dict[str, Any]:
        ranked = task.with_liked_films()
        rank = rank_figures(model, ranked.given, ranked.hidden, self.title) if ranked.given.users else None
        report: dict[str, Any] = {}
        if rank is not None:
            report = {"ndcg": rank.ndcg, **ndcg_interval(rank), "recall": rank.recall, "disliked": rank.disliked}
            report |= {"people": rank.users, "protocol": rank.protocol}
        if model.score(task.given.take_users(slice(0, 1))).stars is None:
            return report
        stars = star_figures(model, task.given, task.hidden, self.title)
        seen = star_figures(model, task.given, task.given, "")
        errors = {
            "rmse": stars.rmse,
            "mae": stars.mae,
            "person_rmse": stars.user_rmse,
            "person_rmse_training": seen.user_rmse,
        }
        protocol = (
            f"{self.title}; trained on {len(self.train):,} ratings, given {len(task.given):,}; {stars.ratings:,} "
            f"test ratings of {stars.users:,} users; stars kept within 0.5 to 5, not rounded"
        )
        return report | errors | {"people": stars.users, "protocol": protocol}


def prepare(settings: RecommenderSettings) -> EvaluationSplit:
    """Loads the ratings and splits them as the settings say. RatingsError if they are missing or too few."""
    return _new_users(settings) if settings.split.test_on == "new-people" else _known_users(settings)


def _new_users(settings: RecommenderSettings) -> EvaluationSplit:
    ratings, films = load(settings.data)
    seed = settings.split.draw - 1
    held = hold_out_users(ratings, seed, TEST_SHARE, settings.split.validation_share)
    tests = {str(count): _task(ratings, held.test, MOST_TESTED, count, seed) for count in GIVEN}
    watched = _task(ratings, held.validation, MOST_WATCHED, WATCHED_GIVEN, seed)
    draws = min(MOST_DRAWS, -(-MOST_WATCHED // len(held.validation))) if len(held.validation) else 0
    again = [_task(ratings, held.validation, MOST_WATCHED, WATCHED_GIVEN, seed + AGAIN * k) for k in range(1, draws)]
    return EvaluationSplit(
        films, ratings.take_users(held.train), None, watched, _some(tests), card(settings.data).title,
        tuple(task for task in again if task is not None),
    )  # fmt: skip


def _task(ratings: Ratings, rows: np.ndarray, most: int, count: int, seed: int) -> PredictionTask | None:
    task = PredictionTask(*given_and_rest(ratings.take_users(_drawn(rows, most, seed)), count, seed))
    return task if task.given.users else None


def _known_users(settings: RecommenderSettings) -> EvaluationSplit:
    ratings, films = load(settings.data)
    draw, rng = settings.split.draw, np.random.default_rng(settings.split.draw)
    title = f"{card(settings.data).title}, a fifth of all ratings hidden (split {draw})"
    if settings.data == "ml-100k":
        base, hidden = split_100k(draw)
        title = f"MovieLens 100K, u{draw}.base to u{draw}.test"
    else:
        is_hidden = rng.random(len(ratings)) < TEST_SHARE
        base, hidden = ratings.only(~is_hidden), ratings.only(is_hidden)
    is_watched = rng.random(len(base)) < settings.split.validation_share
    train, validation = base.only(~is_watched), base.only(is_watched)
    watched = PredictionTask(train, validation).with_liked_films().drawn(MOST_WATCHED, draw)
    asked = PredictionTask(base, hidden).drawn(MOST_TESTED, draw)
    tests = {KNOWN: asked if len(asked.given) and len(asked.hidden) else None}
    return EvaluationSplit(
        films,
        train,
        validation if len(validation) else None,
        watched if watched.given.users else None,
        _some(tests),
        title,
    )


def _drawn(rows: np.ndarray, most: int, seed: int) -> np.ndarray:
    """At most `most` of the rows, sampled at random, ascending."""
    return rows if len(rows) <= most else np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _some(tests: dict[str, PredictionTask | None]) -> dict[str, PredictionTask]:
    """The tests that have users. RatingsError if none has."""
    found = {name: task for name, task in tests.items() if task is not None}
    if not found:
        raise RatingsError(
            "There are too few ratings to hold some out and test on them. "
            "Use a data set of more users, or of more ratings each."
        )
    return found


def fitted(name: str, split: EvaluationSplit) -> Recommender:
    """A model with its default settings, trained on the training ratings of the split."""
    from aecore.recommender.models import MODELS

    model = MODELS[name].model_class()
    for _ in model.fit(split.train, split.films):
        pass
    return model


def flat(report: Report) -> dict[str, float]:
    """The metrics of a report in one dict, as a run's status stores them: "ndcg_10" is the NDCG with 10 given ratings,
    "rmse" the RMSE for known users.
    """
    return {
        name if given == KNOWN else f"{name}_{given}": value
        for given, figures in report.items()
        for name, value in figures.items()
        if isinstance(value, float)
    }
