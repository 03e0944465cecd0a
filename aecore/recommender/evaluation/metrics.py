"""Metrics of recommenders: errors of predicted stars, and rankings for users the model was not trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from aecore.recommender.evaluation.ranges import bar, is_within, written_range
from aecore.recommender.models.base import DISLIKED, LIKED, Scores
from aecore.recommender.ratings.table import Ratings, RatingsError

BLOCK = 256
"""Users scored at a time."""


class Scorer(Protocol):
    """Anything that scores all films for users from their ratings."""

    movie_ids: np.ndarray

    def score(self, given: Ratings) -> Scores:
        """See `Recommender.score`."""


@dataclass(frozen=True)
class StarFigures:
    """Errors of predicted stars.

    rmse, mae: over all ratings. user_rmse: the mean over users of each user's own root mean squared error.
    """

    rmse: float
    mae: float
    user_rmse: float
    ratings: int
    users: int
    protocol: str


@dataclass(frozen=True)
class RankFigures:
    """Ranking metrics.

    ndcg: NDCG@10; recall: Recall@20; disliked: mean number of films among the first ten that the user gave two stars
    or fewer; rmse: of the stars of the hidden ratings, None if the model predicts none. on_bar, in_range: the share of
    the hidden ratings within a spread of the predicted stars, and within that range as it is written, in half stars;
    None without a spread. ndcgs, dislikes, user_ids: (users,) the NDCG@10 and the disliked films of each user, and who
    it is; `intervals.bootstrap` takes them.
    """

    ndcg: float
    recall: float
    disliked: float
    rmse: float | None
    users: int
    protocol: str
    on_bar: float | None = None
    in_range: float | None = None
    ndcgs: np.ndarray = field(repr=False, compare=False, default_factory=lambda: np.zeros(0))
    dislikes: np.ndarray = field(repr=False, compare=False, default_factory=lambda: np.zeros(0))
    user_ids: np.ndarray = field(repr=False, compare=False, default_factory=lambda: np.zeros(0, np.int64))


def rmse(predicted: np.ndarray, actual: np.ndarray) -> float:
    """Root mean squared error over all ratings: the RMSE of papers."""
    return float(np.sqrt(np.mean((predicted.astype(np.float64) - actual) ** 2)))


def mae(predicted: np.ndarray, actual: np.ndarray) -> float:
    """Mean absolute error over all ratings."""
    return float(np.mean(np.abs(predicted.astype(np.float64) - actual)))


def user_rmse(users: np.ndarray, predicted: np.ndarray, actual: np.ndarray) -> float:
    """The mean over users of each user's root mean squared error; users: (N,) rows.

    Usually smaller than `rmse`.
    """
    squared = (predicted.astype(np.float64) - actual) ** 2
    counts = np.bincount(users)
    rated = counts > 0
    return float(np.sqrt(np.bincount(users, weights=squared)[rated] / counts[rated]).mean())


def predicted_stars(model: Scorer, given: Ratings, asked: Ratings) -> np.ndarray:
    """(N,) float32: predicted stars for each rating of `asked`, from the ratings that the user
    of the same row has in `given`.

    RatingsError if the model predicts no stars, or does not know a film.
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
    """Errors on the test ratings of users whose other ratings the model was trained on
    and predicts from.

    train and test have the same rows and columns. split: name of the split, "u1.base to u1.test of MovieLens 100K".
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
    """A split of the users into disjoint parts: rows of the ratings, ascending."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def hold_out_users(ratings: Ratings, seed: int, test_share: float = 0.2, validation_share: float = 0.1) -> Holdout:
    """Samples users for testing, then users for choosing settings; the rest train.

    RatingsError if a part would be empty.
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
    """Splits each user's ratings into `count` sampled at random and the rest.

    Only users with a liked film in the rest are kept.

    The sample depends on seed and user id alone, not on the other users held out.
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
    """NDCG@10 and Recall@20 of the liked films in `rest`, ranked among all films that were not given, the number of
    disliked films among the first ten, and the RMSE of the stars of `rest`.

    given and rest have the same rows; every user has a liked film in `rest`. Films with 4 stars or more are liked;
    gains are 0 or 1. Films with 2 stars or fewer are disliked. Recall as Liang et al. 2018 define it: hits among the
    first 20, divided by 20 or the number of liked films, whichever is less.
    """
    given, rest = given.on(model.movie_ids), rest.on(model.movie_ids)
    ndcgs, recalls, dislikes, squares, has_stars = [], [], [], 0.0, True
    inside: list[np.ndarray] = []
    for begin in range(0, given.users, BLOCK):
        rows = slice(begin, min(begin + BLOCK, given.users))
        known, hidden = given.take_users(rows), rest.take_users(rows)
        scores = model.score(known)
        liked = np.zeros(scores.order.shape, bool)
        liked[hidden.rows, hidden.films] = hidden.stars >= LIKED
        disliked = np.zeros_like(liked)
        disliked[hidden.rows, hidden.films] = hidden.stars <= DISLIKED
        order = scores.order.copy()
        order[known.rows, known.films] = -np.inf
        best = top(order, 20)
        hits = np.take_along_axis(liked, best, 1)
        ndcgs.append(ndcg(hits[:, :10], liked.sum(1)))
        recalls.append(hits.sum(1) / np.minimum(20, np.maximum(1, liked.sum(1))))
        dislikes.append(np.take_along_axis(disliked, best[:, :10], 1).sum(1))
        if scores.stars is None:
            has_stars = False
        else:
            predicted = scores.stars[hidden.rows, hidden.films].astype(np.float64)
            squares += float(((predicted - hidden.stars) ** 2).sum())
            if scores.spread is not None:
                spread = scores.spread[hidden.rows, hidden.films].astype(np.float64)
                inside.append(
                    np.stack(
                        [
                            is_within(each, hidden.stars)
                            for each in (bar(predicted, spread), written_range(predicted, spread))
                        ]
                    )
                )
    error = float(np.sqrt(squares / max(1, len(rest)))) if has_stars else None
    each = given.counts
    shown = f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    protocol = (
        f"{title + '; ' if title else ''}{given.users} users held out entirely, {shown} ratings of each given, "
        f"drawn at random; ranked among all other of {rest.films_count:,} films; liked: 4 stars or more, disliked: 2 "
        "or fewer"
    )
    every = np.concatenate(ndcgs)
    recall, disliked_mean = (float(np.concatenate(each).mean()) for each in (recalls, dislikes))
    on_bar, in_range = np.concatenate(inside, 1).mean(1).tolist() if inside and len(rest) else (None, None)
    return RankFigures(
        float(every.mean()), recall, disliked_mean, error, given.users, protocol, on_bar, in_range, every,
        np.concatenate(dislikes), given.user_ids,
    )  # fmt: skip


def top(order: np.ndarray, count: int) -> np.ndarray:
    """(B, count): columns of the highest scores of each row (B, F), best first; ties go to the lower column."""
    count = min(count, order.shape[1])
    bound = np.partition(order, -count, axis=1)[:, -count, None]
    columns = np.arange(order.shape[1])
    out = np.empty((len(order), count), np.int64)
    for row, (values, least) in enumerate(zip(order, bound[:, 0], strict=True)):
        candidates = columns[values >= least]
        out[row] = candidates[np.argsort(-values[candidates], kind="stable")[:count]]
    return out


def ndcg(hits: np.ndarray, liked: np.ndarray) -> np.ndarray:
    """(B,): normalised discounted cumulative gain of the first K ranks.

    hits: (B, K) bool, whether the film at each rank is liked. liked: (B,) number of liked films, at least 1.
    Järvelin & Kekäläinen 2002 with the discount 1 / log2(rank + 1).
    """
    discounts = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    best = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(liked, hits.shape[1])]
    return hits @ discounts / np.maximum(best, discounts[-1])
