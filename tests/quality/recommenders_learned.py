"""Recommenders that are trained: the rows they add to the tables of recommenders.py,
and the articles' training against plain PyTorch.
"""

from __future__ import annotations

import time

import numpy as np
import torch

from aecore.recommender import load
from aecore.recommender.evaluation.metrics import Scorer, star_figures
from aecore.recommender.models import MODELS
from aecore.recommender.models.stacked_faithful import SIZES
from aecore.recommender.ratings.movielens import split_100k
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.loaded import ASSETS, open_folder
from aecore.recommender.training.builtin import DRAWS, measured
from tests.quality.parts import Figures, Goal, Part, Row, at_least, at_most
from tests.quality.recommenders import (
    DISLIKES,
    GIVEN,
    above,
    below,
    for_new_users,
    latest_small,
    on_all_splits,
    on_other_splits,
    trained,
)

PLAIN_EPOCHS = 10
"""Epochs of plain PyTorch that are timed where its end is not needed; every epoch takes as long."""

RANKED_BY_STARS = ("item-mean", "stacked-faithful", "stacked", "user-autorec", "item-autorec", "denoising-items")
"""Predictors of stars, which rank by them."""

STARS_ROWS = {
    "user-autorec": Row(
        "AutoRec, users", lambda: on_all_splits(trained("user-autorec")), "below the biases", below("rmse", "bias")
    ),
    "item-autorec": Row(
        "AutoRec, films", lambda: on_all_splits(trained("item-autorec")), "below the biases", below("rmse", "bias")
    ),
    "stacked": Row(
        "the stacked one done right",
        lambda: on_all_splits(trained("stacked")),
        "the articles' RMSE at most 0.92",
        at_most("person_rmse", 0.92),
    ),
    "denoising-items": Row(
        "denoising autoencoder of films",
        lambda: on_all_splits(trained("denoising-items")),
        "RMSE at most 0.894",
        at_most("rmse", 0.894),
        "our notes: 0.8935",
    ),
    "bayesian": Row(
        "Bayesian linear autoencoder",
        lambda: on_all_splits(trained("bayesian")),
        "RMSE below 0.8889",
        at_most("rmse", 0.88889),
        "GLocal-K 0.8889; our notes: 0.8795",
    ),
    "hybrid": Row(
        "hybrid, the page's default",
        lambda: on_all_splits(trained("hybrid")),
        "below the biases",
        below("rmse", "bias"),
    ),
}


def above_all(*rows: str) -> Goal:
    """Reached if every NDCG and recall is above that of each of these rows,
    and the stars' RMSE below that of the biases.
    """
    goals = [*(above(row) for row in rows), *(below(f"rmse{count}", "bias") for count in GIVEN)]
    return lambda mine, every: all(is_met(mine, every) for is_met in goals)


RANKING_ROWS = {
    **{name: Row(MODELS[name].title, lambda name=name: for_new_users(trained(name))) for name in RANKED_BY_STARS},
    "mult-vae": Row(
        "Mult-VAE",
        lambda: for_new_users(trained("mult-vae")),
        "above EASE",
        above("ease"),
        "our notes: .43/.38, .44-.46/.40, .49/.41-.45",
    ),
    "mult-dae": Row(
        "Mult-DAE",
        lambda: for_new_users(trained("mult-dae")),
        "above EASE",
        above("ease"),
        "our notes: .42/.37-.38, .44/.39-.41, .48/.40-.44",
    ),
    "bayesian": Row(
        "Bayesian linear autoencoder",
        lambda: for_new_users(trained("bayesian")),
        published="our notes: RMSE .881-.894",
    ),
    "hybrid": Row(
        "hybrid, the page's default",
        lambda: for_new_users(trained("hybrid")),
        "above EASE, neighbours and popularity; RMSE below the biases",
        above_all("ease", "item-knn", "popularity"),
    ),
}


def plain(epochs: int) -> Figures:
    """The articles' loop as it stands, one user at a time in PyTorch;
    its last training error and the processor's seconds per 200 epochs.
    """
    train, _ = split_100k(1)
    torch.manual_seed(0)
    sizes = (train.films_count, *SIZES, train.films_count)
    layers = [
        part
        for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True)
        for part in (torch.nn.Linear(inputs, outputs), torch.nn.Sigmoid())
    ]
    network = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.01, weight_decay=0.5)
    x = torch.from_numpy(train.take_users(np.flatnonzero(train.counts)).matrix.toarray())
    started, error = time.process_time(), 0.0
    for _ in range(epochs):
        error = 0.0
        for row in x:
            loss = torch.nn.functional.mse_loss(network(row[None]) * (row > 0), row[None])
            loss.backward()
            error += float(torch.sqrt(loss.detach() * len(row) / (row > 0).sum())) / len(x)
            optimizer.step()
    return {"train": error, "seconds": (time.process_time() - started) * 200 / epochs}


def faithful() -> Figures:
    """Ours, on the same split: errors, seconds, and how many times faster than plain PyTorch, timed right before.

    Compiled before the clock starts.
    """
    base = plain(PLAIN_EPOCHS)
    train, test = split_100k(1)
    model = MODELS["stacked-faithful"].model_class()
    next(model.fit(train))
    started = time.process_time()
    errors = [each.train["RMSE per user"] for each in model.fit(train)]
    seconds = time.process_time() - started
    figures = star_figures(model, train, test, "u1")
    speed = {"seconds": seconds, "speed_up": base["seconds"] / seconds, "train": errors[-1]}
    five = on_other_splits(trained("stacked-faithful"), figures)
    return speed | {"rmse": figures.rmse, "mae": figures.mae, "person_rmse": figures.user_rmse} | five


def _as_fast_and_as_good(mine: Figures, every: dict[str, Figures]) -> bool:
    is_close = "plain" in every and abs(mine["train"] - every["plain"]["train"]) <= 0.01
    return is_close and at_least("speed_up", 20)(mine, every)


FAITHFUL = Part(
    "Recommenders: the articles' training",
    "u1 of MovieLens 100K, 20-10-20, sigmoid, RMSprop, one user at a time, 200 epochs. Training and test error are "
    "the mean over users of the root of each one's mean squared error, as the articles count; a user's training "
    "ratings are the input. Plain: the loop in PyTorch. Ours takes the same steps, compiled "
    "(aecore/recommender/models/stacked_kernel.py; compiling, once on a machine, takes four seconds that are not "
    "counted). Both are timed on one thread, one after the other.",
    {
        "train": ("training", ".4f"),
        "person_rmse": ("test", ".4f"),
        "rmse": ("plain RMSE", ".4f"),
        "mae": ("MAE", ".4f"),
        "rmse_five": ("plain RMSE, u1 to u5", ".4f"),
        "mae_five": ("MAE, u1 to u5", ".4f"),
        "speed_up": ("times faster", ".0f"),
    },
    {
        "plain": Row(
            "plain PyTorch, 200 epochs",
            lambda: plain(200),
            published="the articles: 0.90, 0.9449; our notes: 0.919, 0.956",
        ),
        "faithful": Row(
            "ours",
            faithful,
            "20 times faster, training error within 0.01",
            _as_fast_and_as_good,
            "the articles: 0.90, 0.9449",
        ),
    },
    data=("ml-100k",),
)


def on_held_out(model: Scorer, users: Ratings) -> Figures:
    """NDCG, recall and RMSE from 5, 10 and 20 ratings."""
    found = measured(model, users)
    return {
        f"{name}{count}": figures[name]
        for count, figures in found.items()
        for name in ("ndcg", "recall", "disliked", "rmse")
        if figures[name] is not None
    }


def builtin() -> Figures:
    """The weights that are in the package, for the users it was not trained on."""
    started = time.perf_counter()
    loaded = open_folder(ASSETS)
    seconds = time.perf_counter() - started
    ratings, _ = latest_small()
    users = ratings.take_users(np.flatnonzero(np.isin(ratings.user_ids, loaded.facts["held_out_people"])))
    return on_held_out(loaded.model, users) | {"opens": seconds}


def against_builtin(name: str) -> Figures:
    """Another model, trained on the same users as the built-in one."""
    ratings, films = latest_small()
    held = np.isin(ratings.user_ids, load().facts["held_out_people"])
    model = trained(name)(ratings.take_users(np.flatnonzero(~held)), films)
    return on_held_out(model, ratings.take_users(np.flatnonzero(held)))


BUILTIN = Part(
    "Recommenders: the built-in one",
    "The weights in aecore/recommender/serving/assets, for the 122 users of MovieLens latest small whom they have "
    f"not seen, and models trained on the same 488 others. Given, ranked and counted as above; means over {DRAWS} "
    "draws of what is given. Disliked in the top ten: as above. RMSE: of the stars of the hidden ratings.",
    {f"ndcg{count}": (f"NDCG@10, {count} given", ".3f") for count in GIVEN}
    | {f"recall{count}": (f"Recall@20, {count} given", ".3f") for count in GIVEN}
    | {f"disliked{count}": (f"{DISLIKES}, {count} given", ".3f") for count in GIVEN}
    | {f"rmse{count}": (f"RMSE, {count} given", ".3f") for count in GIVEN}
    | {"opens": ("seconds to open", ".2f")},
    {
        **{
            name: Row(MODELS[name].title, lambda name=name: against_builtin(name))
            for name in ("popularity", "bias", "item-knn", "ease")
        },
        "builtin": Row(
            "the built-in recommender",
            builtin,
            "above all others, RMSE below the biases",
            above_all("ease", "item-knn", "popularity"),
        ),
    },
    data=("ml-latest-small",),
)
