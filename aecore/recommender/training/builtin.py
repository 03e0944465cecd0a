"""The built-in recommender: its training on latest-small, by `make assets ARGS=recommender`,
and its metrics.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from aecore.files import write_json
from aecore.recommender.evaluation.intervals import ndcg_interval
from aecore.recommender.evaluation.metrics import RankFigures, given_and_rest, hold_out_users, rank_figures
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.ratings import movielens
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.cold_start import disagreement_of
from aecore.recommender.serving.loaded import ASSETS, FACTS, Loaded, open_folder, save, write_places
from aecore.recommender.serving.similar import nearest_films
from aecore.recommender.serving.taste_map import film_places
from aecore.recommender.training.details import make_details

EDITION, SEED, GIVEN = "ml-latest-small", 0, (5, 10, 20)
DRAWS = 8
"""Samples of the given ratings of each user: with one sample of 122 users,
a metric varies by 0.02.
"""

COMPARED = ("popularity", "item-knn", "ease", "bias")
"""Models trained and tested on the same users."""

SMALL = 100_000
"""Arrays with fewer elements keep single precision."""

NOTICE = """\
The weights, the map, the list of films, the tags and the numbers of ratings in this folder were made from the data set
MovieLens "ml-latest-small" (September 2018) of GroupLens Research at the University of Minnesota,
https://grouplens.org/datasets/movielens/.

  F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context.
  ACM Transactions on Interactive Intelligent Systems (TiiS) 5, 4: 19:1-19:19. https://doi.org/10.1145/2827872

They are a transformation of that data set, and are passed on under its conditions:

* The user may not state or imply any endorsement from the University of Minnesota or the GroupLens Research Group.
* The user must acknowledge the use of the data set in publications resulting from the use of the data set
  (the citation above).
* The user may redistribute the data set, including transformations, so long as it is distributed under these same
  license conditions.
* The user may not use this information for any commercial or revenue-bearing purposes without first obtaining
  permission from a faculty member of the GroupLens Research Project at the University of Minnesota.
* The data and scripts are provided "as is" without warranty of any kind, either expressed or implied, including, but
  not limited to, the implied warranties of merchantability and fitness for a particular purpose. The entire risk as
  to their quality and performance is with the user.

In no event shall the University of Minnesota, its affiliates or employees be liable for any damages arising out of
their use or inability to use. This project is not endorsed by, and has no connection with, either of them.

The ids are those of MovieLens, IMDb (https://www.imdb.com) and TMDb (https://www.themoviedb.org); use of what they
link to is subject to the terms of each.
"""


def make(folder: Path = ASSETS) -> dict[str, Any]:
    """Trains, tests and writes the built-in recommender; returns the facts.

    Takes some minutes. DataError if latest-small is missing.
    """
    users, tests, films = _split()
    started = time.process_time()
    model = Hybrid()
    list(model.fit(users, films))
    seconds = time.process_time() - started
    counts = np.bincount(users.films, minlength=users.films_count)
    places = film_places(model.directions(np.arange(len(counts))), counts)
    shipped = Loaded(
        Hybrid.from_arrays(model.settings, halved(model.arrays())),
        films.on(model.movie_ids),
        places,
        disagreement=disagreement_of(users),
        nearest=nearest_films(users, films),
    )
    save(shipped, folder)
    (folder / "NOTICE").write_text(NOTICE)
    facts = {
        "held_out_people": tests.user_ids.tolist(),
        "settings": model.settings.to_dict(),
        "seconds": round(seconds, 1),
    }
    write_json(folder / FACTS, facts)
    make_details(folder)
    return measure(folder)


def measure(folder: Path = ASSETS) -> dict[str, Any]:
    """Tests the weights in this folder again, beside models trained on the same users; returns the facts."""
    users, tests, films = _split()
    loaded = open_folder(folder)
    figures = {"hybrid": measured(loaded.model, tests)}
    for name in COMPARED:
        other = MODELS[name].model_class()
        list(other.fit(users, films))
        figures[name] = measured(other, tests)
    every = users.users + tests.users
    facts = loaded.facts | {
        "trained_on": f"MovieLens {EDITION}: {len(users):,} ratings of {users.users} of its {every} users",
        "settings": loaded.model.settings.to_dict(),
        "figures": figures,
    }
    write_json(folder / FACTS, facts)
    return facts


def _split() -> tuple[Ratings, Ratings, Films]:
    """The ratings of the users who train and of those held out, and the films."""
    ratings, films = movielens.read(EDITION)
    held = hold_out_users(ratings, SEED)
    users = ratings.take_users(np.sort(np.concatenate([held.train, held.validation])))
    return users, ratings.take_users(held.test), films


def add_nearest(folder: Path = ASSETS) -> None:
    """Adds the films like each film to a recommender that is there, from the ratings it was trained on; its weights
    stay. DataError if latest-small is missing.
    """
    loaded, (users, _, films) = open_folder(folder), _split()
    write_places(replace(loaded, nearest=nearest_films(users.on(loaded.model.movie_ids), films)), folder)


def measured(model: Recommender, users: Ratings) -> dict[str, dict[str, Any]]:
    """Number of ratings given -> ndcg, ndcg_low and ndcg_high (its 95 % interval over users), recall, disliked, rmse
    (None if no stars are predicted), people (the number of users) and protocol; means over DRAWS samples.
    """
    return {
        str(count): _mean(
            [
                rank_figures(model, *given_and_rest(users, count, draw), movielens.edition(EDITION).title)
                for draw in range(DRAWS)
            ]
        )
        for count in GIVEN
    }


def _mean(draws: list[RankFigures]) -> dict[str, Any]:
    first = draws[0]
    figures = {name: [getattr(each, name) for each in draws] for name in ("ndcg", "recall", "disliked", "rmse")}
    means = {name: None if None in values else round(fmean(values), 4) for name, values in figures.items()}
    interval = {name: round(value, 4) for name, value in ndcg_interval(*draws).items()}
    return (
        means
        | interval
        | {
            "people": first.users,
            "protocol": f"{first.protocol}; means over {len(draws)} draws of what is given",
        }
    )


def halved(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays, large ones in half precision."""
    return {
        name: value.astype(np.float16) if value.dtype == np.float32 and value.size >= SMALL else value
        for name, value in arrays.items()
    }
