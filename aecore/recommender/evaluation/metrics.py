"""How recommenders are measured: errors of predicted stars, and rankings for people whom the model has never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from aecore.recommender.models.base import LIKED, Scores
from aecore.recommender.ratings.table import Ratings, RatingsError

BLOCK = 256
"""People scored at a time."""


class Scorer(Protocol):
    """What is measured: anything that scores all films for people by their ratings."""

    movie_ids: np.ndarray

    def score(self, given: Ratings) -> Scores:
        """See `Recommender.score`."""


@dataclass(frozen=True)
class StarFigures:
    """Errors of predicted stars.

    rmse, mae: over all ratings. person_rmse: the mean over people of each one's own root mean squared error.
    """

    rmse: float
    mae: float
    user_rmse: float
    ratings: int
    users: int
    protocol: str


@dataclass(frozen=True)
class RankFigures:
    """How well liked films are found.

    ndcg: NDCG@10; recall: Recall@20; rmse: of the stars of the hidden ratings, None if none are predicted.
    """

    ndcg: float
    recall: float
    rmse: float | None
    users: int
    protocol: str


def rmse(predicted: np.ndarray, actual: np.ndarray) -> float:
    """The root of the mean squared error over all ratings: what papers call RMSE."""
    return float(np.sqrt(np.mean((predicted.astype(np.float64) - actual) ** 2)))


def mae(predicted: np.ndarray, actual: np.ndarray) -> float:
    """The mean absolute error over all ratings."""
    return float(np.mean(np.abs(predicted.astype(np.float64) - actual)))


def user_rmse(users: np.ndarray, predicted: np.ndarray, actual: np.ndarray) -> float:
    """The mean over people of the root of that person's mean squared error; people: (N,) rows.

    Usually smaller than `rmse`.
    """
    squared = (predicted.astype(np.float64) - actual) ** 2
    counts = np.bincount(users)
    rated = counts > 0
    return float(np.sqrt(np.bincount(users, weights=squared)[rated] / counts[rated]).mean())


def predicted_stars(model: Scorer, given: Ratings, asked: Ratings) -> np.ndarray:
    """(N,) float32: the stars predicted for each rating of `asked`, from the ratings in `given` of the
    person in the same row.

    RatingsError if the model does not predict stars, or does not know a film.
    """
    if len(known := asked.on(model.movie_ids)) < len(asked):
        raise RatingsError(
            "Some test ratings are of films that the model has never seen; train it on a data set with the same films."
        )
    asked = known
    out = np.empty(len(asked), np.float32)
    for begin in range(0, asked.users, BLOCK):
        rows = slice(begin, min(begin + BLOCK, asked.users))
        stars = model.score(given.take_users(rows)).stars
        if stars is None:
            raise RatingsError("This model ranks films but predicts no stars; choose one that does.")
        part = slice(asked.indptr[rows.start], asked.indptr[rows.stop])
        out[part] = stars[asked.rows[part] - begin, asked.films[part]]
    return out


def star_figures(model: Scorer, train: Ratings, test: Ratings, split: str) -> StarFigures:
    """Errors on test ratings of people whose other ratings the model was trained on;
    they are also what it is given to predict from.

    train and test have the same rows and columns. split: what is tested, "u1.base to u1.test of MovieLens 100K".
    """
    stars = predicted_stars(model, train, test)
    users = int((test.counts > 0).sum())
    protocol = (
        f"{split}; trained on {len(train):,} ratings, {len(test):,} test ratings of {users:,} users; "
        "stars kept within 0.5 to 5, not rounded"
    )
    return StarFigures(
        rmse(stars, test.stars),
        mae(stars, test.stars),
        user_rmse(test.rows, stars, test.stars),
        len(test),
        users,
        protocol,
    )


@dataclass(frozen=True)
class Holdout:
    """People held out entirely: rows of the ratings, each rising, none in two parts."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def hold_out_users(ratings: Ratings, seed: int, test_share: float = 0.2, validation_share: float = 0.1) -> Holdout:
    """Draws the people to test on, then those to choose settings on; the rest train.

    RatingsError if nobody would be left.
    """
    count = ratings.users
    tests, validations = round(count * test_share), round(count * validation_share)
    if min(tests, count - tests - validations) < 1:
        raise RatingsError(
            f"There are ratings of {count} users; that is too few to hold some out. Use a data set of more users."
        )
    order = np.random.default_rng(seed).permutation(count)
    test, validation, train = np.split(order, [tests, tests + validations])
    return Holdout(np.sort(train), np.sort(validation), np.sort(test))


def given_and_rest(users: Ratings, count: int, seed: int) -> tuple[Ratings, Ratings]:
    """`count` ratings of each person, drawn at random, and the others.

    Only people with a liked film among the others are kept.

    Which ratings are drawn depends on seed and person id alone, not on who else is held out.
    """
    mask = np.zeros(len(users), bool)
    for row, user in enumerate(users.user_ids):
        begin, end = users.indptr[row], users.indptr[row + 1]
        order = np.random.default_rng([seed, int(user) & 0xFFFFFFFF]).permutation(end - begin)
        mask[begin + order[:count]] = True
    rest = users.only(~mask)
    liked = np.bincount(rest.rows, weights=rest.stars >= LIKED, minlength=rest.users) > 0
    rows = np.flatnonzero(liked)
    return users.only(mask).take_users(rows), rest.take_users(rows)


def rank_figures(model: Scorer, given: Ratings, rest: Ratings, title: str = "") -> RankFigures:
    """NDCG@10 and Recall@20 of the liked films in `rest`, ranked among all films that were not given,
    and the RMSE of the stars of `rest`.

    given and rest have the same rows; everybody has a liked film in `rest`. A film is liked from 4 stars on;
    gains are 0 or 1. Recall as Liang et al. 2018 count it: hits among the first 20, of the liked films or
    20, whichever is less.
    """
    given, rest = given.on(model.movie_ids), rest.on(model.movie_ids)
    ndcgs, recalls, squares, has_stars = [], [], 0.0, True
    for begin in range(0, given.users, BLOCK):
        rows = slice(begin, min(begin + BLOCK, given.users))
        known, hidden = given.take_users(rows), rest.take_users(rows)
        scores = model.score(known)
        liked = np.zeros(scores.order.shape, bool)
        liked[hidden.rows, hidden.films] = hidden.stars >= LIKED
        order = scores.order.copy()
        order[known.rows, known.films] = -np.inf
        best = top(order, 20)
        hits = np.take_along_axis(liked, best, 1)
        ndcgs.append(ndcg(hits[:, :10], liked.sum(1)))
        recalls.append(hits.sum(1) / np.minimum(20, np.maximum(1, liked.sum(1))))
        if scores.stars is None:
            has_stars = False
        else:
            squares += float(((scores.stars[hidden.rows, hidden.films].astype(np.float64) - hidden.stars) ** 2).sum())
    error = float(np.sqrt(squares / max(1, len(rest)))) if has_stars else None
    each = given.counts
    shown = f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    protocol = (
        f"{title + '; ' if title else ''}{given.users} users held out entirely, {shown} ratings of each given, "
        f"drawn at random; ranked among all other of {rest.films_count:,} films; liked: 4 stars or more"
    )
    return RankFigures(
        float(np.concatenate(ndcgs).mean()), float(np.concatenate(recalls).mean()), error, given.users, protocol
    )


def top(order: np.ndarray, count: int) -> np.ndarray:
    """(B, count): columns of the highest of each row (B, F), the best first; of equals the one further left."""
    count = min(count, order.shape[1])
    bound = np.partition(order, -count, axis=1)[:, -count, None]
    columns = np.arange(order.shape[1])
    out = np.empty((len(order), count), np.int64)
    for row, (values, least) in enumerate(zip(order, bound[:, 0], strict=True)):
        candidates = columns[values >= least]
        out[row] = candidates[np.argsort(-values[candidates], kind="stable")[:count]]
    return out


def ndcg(hits: np.ndarray, liked: np.ndarray) -> np.ndarray:
    """(B,): discounted cumulative gain of the first K places over the best that could be reached.

    hits: (B, K) bool, whether the film in each place is liked. liked: (B,) how many could have been found, at least 1.
    Järvelin & Kekäläinen 2002 with the discount 1 / log2(place + 1).
    """
    discounts = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    best = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(liked, hits.shape[1])]
    return hits @ discounts / np.maximum(best, discounts[-1])
