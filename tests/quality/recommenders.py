"""Recommenders: errors of the stars on the official split of MovieLens 100K,
rankings for users held out of latest-small.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from statistics import fmean

import numpy as np

from aecore.recommender.evaluation.metrics import (
    Scorer,
    StarFigures,
    given_and_rest,
    hold_out_users,
    rank_figures,
    star_figures,
)
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import SPLITS, read, split_100k
from aecore.recommender.ratings.table import Ratings
from tests.quality.parts import Figures, Goal, Part, Row, at_most

GIVEN = (5, 10, 20)
SEEDS = (0, 1)
"""Two samples of held-out users; metrics are the means of the two."""

DISLIKES = "disliked in the top ten"

Make = Callable[[Ratings, Films], Scorer]
"""Trains on ratings of films."""


def trained(name: str, **settings: object) -> Make:
    """Makes a model of the table with its default settings, some of them changed."""

    def make(ratings: Ratings, films: Films) -> Scorer:
        entry = MODELS[name]
        model = entry.model_class(entry.settings_class.from_dict(settings))
        for _ in model.fit(ratings, films):
            pass
        return model

    return make


@cache
def latest_small() -> tuple[Ratings, Films]:
    """Ratings and films, read once."""
    return read("ml-latest-small")


def on_all_splits(make: Make) -> Figures:
    """Trains on u1.base, predicts u1.test from the training ratings of the same users;
    and the means of RMSE and MAE over u1 to u5.
    """
    _, films = read("ml-100k")
    train, test = split_100k(1)
    started = time.process_time()
    model = make(train, films)
    seconds = time.process_time() - started
    figures = star_figures(model, train, test, "u1")
    seen = star_figures(model, train, train, "u1.base itself").user_rmse
    own = {
        "rmse": figures.rmse,
        "mae": figures.mae,
        "person_rmse": figures.user_rmse,
        "person_rmse_training": seen,
        "seconds": seconds,
    }
    return own | on_other_splits(make, figures)


def on_other_splits(make: Make, first: StarFigures) -> Figures:
    """The means of RMSE and MAE over u1, whose figures are known, and u2 to u5, each with a model of its own."""
    _, films = read("ml-100k")
    every = [first]
    for number in SPLITS[1:]:
        train, test = split_100k(number)
        every.append(star_figures(make(train, films), train, test, f"u{number}"))
    return {"rmse_five": fmean(each.rmse for each in every), "mae_five": fmean(each.mae for each in every)}


def for_new_users(make: Make) -> Figures:
    """Trains on 70 % of the users, ranks for the 20 % held out from 5, 10 and 20 of their ratings;
    the other 10 % are for choosing settings.

    The validation users of the first sample, on whom settings were chosen,
    are left out of the test of the second as well.
    """
    ratings, films = latest_small()
    chosen_on = hold_out_users(ratings, SEEDS[0]).validation
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        held = hold_out_users(ratings, seed)
        tested = ratings.take_users(np.setdiff1d(held.test, chosen_on))
        started = time.process_time()
        model = make(ratings.take_users(held.train), films)
        found.setdefault("seconds", []).append(time.process_time() - started)
        for count in GIVEN:
            given, rest = given_and_rest(tested, count, seed)
            figures = rank_figures(model, given, rest)
            found.setdefault(f"ndcg{count}", []).append(figures.ndcg)
            found.setdefault(f"recall{count}", []).append(figures.recall)
            found.setdefault(f"disliked{count}", []).append(figures.disliked)
            if figures.rmse is not None:
                found.setdefault(f"rmse{count}", []).append(figures.rmse)
        found.setdefault("milliseconds", []).append(_latency(model, given))
    return {key: fmean(values) for key, values in found.items()}


def _latency(model: Scorer, given: Ratings) -> float:
    """Milliseconds from one user's ratings to the scores of all films, the median of 21 users."""
    times = []
    for row in range(21):
        user = given.take_users(slice(row, row + 1))
        started = time.perf_counter()
        model.score(user)
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)[10]


def above(row: str) -> Goal:
    """Reached if every NDCG and recall is above that of another row."""
    figures = [f"{measure}{count}" for measure in ("ndcg", "recall") for count in GIVEN]
    return lambda mine, every: row in every and all(mine[figure] > every[row][figure] for figure in figures)


def below(figure: str, row: str) -> Goal:
    """Reached if the figure is below that of another row."""
    return lambda mine, every: row in every and mine[figure] < every[row][figure]


STARS = Part(
    "Recommenders: predicted stars",
    "MovieLens 100K, official split: trained on the 80,000 ratings of u1.base, tested on the 20,000 of u1.test, of "
    "459 users; the model is given a user's training ratings. Stars are kept within 0.5 to 5 and not rounded. "
    "RMSE and MAE are over all test ratings, as papers report them; the articles report the mean over users of each "
    "user's own RMSE, which is another figure and a smaller one. u1 to u5: the mean over the five official splits. "
    "Settings were chosen on ratings taken out of u1.base.",
    {
        "rmse": ("RMSE", ".4f"),
        "mae": ("MAE", ".4f"),
        "person_rmse": ("the articles' RMSE", ".4f"),
        "person_rmse_training": ("the same, training", ".4f"),
        "rmse_five": ("RMSE, u1 to u5", ".4f"),
        "mae_five": ("MAE, u1 to u5", ".4f"),
    },
    {
        "item-mean": Row("film means", lambda: on_all_splits(trained("item-mean"))),
        "bias": Row(
            "user and film biases",
            lambda: on_all_splits(trained("bias")),
            "RMSE at most 0.955",
            at_most("rmse", 0.955),
            "our notes: 0.9541, MAE 0.7540",
        ),
        "item-knn": Row(
            "film neighbours", lambda: on_all_splits(trained("item-knn")), "below the biases", below("rmse", "bias")
        ),
    },
    data=("ml-100k",),
)

RANKING = Part(
    "Recommenders: new users",
    "MovieLens latest small: 20 % of the 610 users are held out entirely, 10 % more only choose settings, the other "
    "70 % train. Of each held-out user 5, 10 or 20 ratings, drawn at random, are given; all other of the 9,742 "
    "films are ranked, and those among the user's other ratings with 4 stars or more should come first. NDCG@10 "
    "and Recall@20 (hits among 20, of the liked films or 20, whichever is less) are means over users and over two "
    "draws of everything (seeds 0 and 1); no user is tested on whom settings were chosen. Disliked in the top ten: how "
    "many of the first ten films a user gave two stars or fewer, on average. RMSE: of the stars of the "
    "hidden ratings, 10 given. Milliseconds: from one user's 20 ratings to the scores of all films.",
    {f"{measure}{count}": (f"{head}, {count} given", ".3f")
     for measure, head in (("ndcg", "NDCG@10"), ("recall", "Recall@20"), ("disliked", DISLIKES)) for count in GIVEN}
    | {"rmse10": ("RMSE", ".3f"), "milliseconds": ("ms", ".1f")},
    {
        "popularity": Row("popularity", lambda: for_new_users(trained("popularity")),
                          published="our notes: NDCG .34-.35, recall .30-.31"),
        "bias": Row("user and film biases", lambda: for_new_users(trained("bias")),
                    published="our notes: RMSE .909-.917"),
        "item-knn": Row(
            "film neighbours", lambda: for_new_users(trained("item-knn")), "above popularity", above("popularity"),
            "our notes, plain cosine: .38-.40/.33, .41-.43/.37, .45/.38",
        ),
        "ease": Row(
            "EASE", lambda: for_new_users(trained("ease")), "above popularity", above("popularity"),
            "our notes: .40-.41/.35, .43-.44/.39, .48/.41-.44",
        ),
    },
    data=("ml-latest-small",),
)  # fmt: skip
