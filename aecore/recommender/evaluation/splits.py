"""Trials: what a recommender learns from, what its training is watched by, and the test it is put to once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.recommender.evaluation.metrics import (
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
"""Ratings that are given of a new person."""

WATCHED_GIVEN = 10
MOST_WATCHED, MOST_TESTED = 200, 1000
"""People at most, drawn at random where there are more: scoring one takes up to 50 ms."""

KNOWN = "all"
"""Names the test of known people, who give all their training ratings."""

Report = dict[str, dict[str, Any]]
"""Number of ratings given, or KNOWN -> figures by name, and their protocol."""


@dataclass(frozen=True, eq=False)
class Question:
    """given: ratings a model is shown; hidden: others of the same people in the same rows, which it is to foresee."""

    given: Ratings
    hidden: Ratings

    def likers(self) -> Question:
        """Only the people who like something among the hidden films: of others no ranking can be judged."""
        liked = np.bincount(self.hidden.rows, weights=self.hidden.stars >= LIKED, minlength=self.hidden.users) > 0
        return self.of(np.flatnonzero(liked))

    def of(self, rows: np.ndarray) -> Question:
        """Some of the people."""
        return Question(self.given.take_users(rows), self.hidden.take_users(rows))

    def drawn(self, most: int, seed: int = 0) -> Question:
        """So many of the people, at random, or all."""
        return self.of(_drawn(np.arange(self.given.users), most, seed))


@dataclass(frozen=True, eq=False)
class EvaluationSplit:
    """films: of the same columns as all ratings here. validation: of the people of `train`,
    not among their ratings there; None for new people.

    watched: what the curves are of, None if nothing is. tests: by number of ratings given,
    or KNOWN. title: what the tests are of.
    """

    films: Films
    train: Ratings
    validation: Ratings | None
    watched: Question | None
    tests: Mapping[str, Question]
    title: str

    def watch(self, model: Scorer) -> dict[str, float]:
        """NDCG@10 of the validation people, and the RMSE of their stars where the model predicts them;
        of known people over all validation ratings.
        """
        if self.watched is None:
            return {}
        figures = rank_figures(model, self.watched.given, self.watched.hidden)
        if figures.rmse is None:
            return {"NDCG@10": figures.ndcg}
        known = None if self.validation is None else Question(self.train, self.validation).drawn(MOST_TESTED)
        error = (
            figures.rmse
            if known is None
            else rmse(predicted_stars(model, known.given, known.hidden), known.hidden.stars)
        )
        return {"NDCG@10": figures.ndcg, "RMSE": error}

    def test(self, model: Scorer) -> Report:
        """Everything that can be said of a model, each figure with its protocol."""
        return {
            name: self._known(model, question) if name == KNOWN else self._new(model, question)
            for name, question in self.tests.items()
        }

    def _new(self, model: Scorer, question: Question) -> dict[str, Any]:
        figures = rank_figures(model, question.given, question.hidden, self.title)
        return {
            "ndcg": figures.ndcg,
            "recall": figures.recall,
            "rmse": figures.rmse,
            "people": figures.users,
            "protocol": figures.protocol,
        }

    def _known(self, model: Scorer, question: Question) -> dict[str, Any]:
        likers = question.likers()
        rank = rank_figures(model, likers.given, likers.hidden, self.title) if likers.given.users else None
        report = (
            {"ndcg": rank.ndcg, "recall": rank.recall, "people": rank.users, "protocol": rank.protocol} if rank else {}
        )
        if model.score(question.given.take_users(slice(0, 1))).stars is None:
            return report
        stars = star_figures(model, question.given, question.hidden, self.title)
        seen = star_figures(model, question.given, question.given, "")
        errors = {
            "rmse": stars.rmse,
            "mae": stars.mae,
            "person_rmse": stars.user_rmse,
            "person_rmse_training": seen.user_rmse,
        }
        protocol = (
            f"{self.title}; trained on {len(self.train):,} ratings, given {len(question.given):,}; {stars.ratings:,} "
            f"test ratings of {stars.users:,} users; stars kept within 0.5 to 5, not rounded"
        )
        return report | errors | {"people": stars.users, "protocol": protocol}


def prepare(settings: RecommenderSettings) -> EvaluationSplit:
    """Reads the ratings and holds out what the settings say. RatingsError if they are not here, or too few."""
    return _new_users(settings) if settings.split.test_on == "new-people" else _known_users(settings)


def _new_users(settings: RecommenderSettings) -> EvaluationSplit:
    ratings, films = load(settings.data)
    seed = settings.split.draw - 1
    held = hold_out_users(ratings, seed, TEST_SHARE, settings.split.validation_share)
    tests = {str(count): _asked(ratings, held.test, MOST_TESTED, count, seed) for count in GIVEN}
    watched = _asked(ratings, held.validation, MOST_WATCHED, WATCHED_GIVEN, seed)
    return EvaluationSplit(
        films, ratings.take_users(held.train), None, watched, _some(tests), card(settings.data).title
    )


def _asked(ratings: Ratings, rows: np.ndarray, most: int, count: int, seed: int) -> Question | None:
    question = Question(*given_and_rest(ratings.take_users(_drawn(rows, most, seed)), count, seed))
    return question if question.given.users else None


def _known_users(settings: RecommenderSettings) -> EvaluationSplit:
    ratings, films = load(settings.data)
    draw, rng = settings.split.draw, np.random.default_rng(settings.split.draw)
    title = f"{card(settings.data).title}, a fifth of all ratings hidden (draw {draw})"
    if settings.data == "ml-100k":
        base, hidden = split_100k(draw)
        title = f"MovieLens 100K, u{draw}.base to u{draw}.test"
    else:
        is_hidden = rng.random(len(ratings)) < TEST_SHARE
        base, hidden = ratings.only(~is_hidden), ratings.only(is_hidden)
    is_watched = rng.random(len(base)) < settings.split.validation_share
    train, validation = base.only(~is_watched), base.only(is_watched)
    watched = Question(train, validation).likers().drawn(MOST_WATCHED, draw)
    asked = Question(base, hidden).drawn(MOST_TESTED, draw)
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
    """At most so many of the rows, rising."""
    return rows if len(rows) <= most else np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _some(tests: dict[str, Question | None]) -> dict[str, Question]:
    """Those tests that ask of anybody. RatingsError if none does."""
    found = {name: question for name, question in tests.items() if question is not None}
    if not found:
        raise RatingsError(
            "There are too few ratings to hold some out and test on them. "
            "Use a data set of more users, or of more ratings each."
        )
    return found


def fitted(name: str, split: EvaluationSplit) -> Recommender:
    """A model of the table with its default settings, trained on what the trial trains on."""
    from aecore.recommender.models import MODELS

    model = MODELS[name].model_class()
    for _ in model.fit(split.train, split.films):
        pass
    return model


def flat(report: Report) -> dict[str, float]:
    """Its numbers by name, "ndcg_10" for the NDCG from 10 given ratings and "rmse" for that of known
    people: what a status keeps.
    """
    return {
        name if given == KNOWN else f"{name}_{given}": value
        for given, figures in report.items()
        for name, value in figures.items()
        if isinstance(value, float)
    }
