"""Films like a film, of famous films: how many of their sequels and relatives each similarity finds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from aecore.recommender import load
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.hybrid import Hybrid
from tests.famous_films import CHOOSING, JUDGING, SHOWN, found
from tests.quality.parts import Figures, Goal, Part, Row
from tests.quality.recommenders import latest_small


def of(nearest: Callable[[int], list[int]]) -> Figures:
    """The figures of a similarity. nearest: column -> columns, most similar first."""
    films = load().films

    def by_id(movie: int) -> list[int]:
        return films.movie_ids[nearest(films.column[movie])].tolist()

    (chosen, chosen_some, _), (judged, judged_some, _) = found(CHOOSING, by_id), found(JUDGING, by_id)
    return {"chosen": chosen, "chosen_some": chosen_some, "judged": judged, "judged_some": judged_some}


def by_affinity(model: Recommender) -> Figures:
    """The figures of a model's own similarity."""
    return of(lambda film: model.similar(film, SHOWN)[0].tolist())


def ease() -> Figures:
    """The weights of the EASE within the built-in recommender."""
    model = load().model
    assert isinstance(model, Hybrid)
    return by_affinity(model.parts["ease"])


@cache
def item_knn() -> Figures:
    """The cosine of item k-NN, trained on the users of the built-in recommender."""
    ratings, films = latest_small()
    held = np.isin(ratings.user_ids, load().facts["held_out_people"])
    model = MODELS["item-knn"].model_class()
    list(model.fit(ratings.take_users(np.flatnonzero(~held)), films))
    return by_affinity(model)


def above_others() -> Goal:
    """Reached if more is found than by any other similarity, on the half that chose nothing."""
    return lambda mine, every: all(
        mine["judged"] >= figures["judged"] for name, figures in every.items() if name != "likes"
    )


SIMILAR = Part(
    "Recommenders: films like a film",
    f"The first {SHOWN} films on the sheets of {len(CHOOSING) + len(JUDGING)} famous films of the built-in "
    "recommender: the share of their sequels, films of the series or by the same director that are among them, and the "
    "share of films with at least one (tests/famous_films.py, written from common knowledge). The similarity was "
    f"chosen on {len(CHOOSING)} of the films and is judged on the other {len(JUDGING)}.",
    {
        "chosen": ("found, choosing half", ".2f"),
        "chosen_some": ("with one", ".2f"),
        "judged": ("found, judging half", ".2f"),
        "judged_some": ("with one", ".2f"),
    },
    {
        "weights": Row("cosine of the networks' output weights", lambda: by_affinity(load().model)),
        "ease": Row("EASE, its weights", ease),
        "item-knn": Row("item k-NN, asymmetric cosine of grades", item_knn),
        "likes": Row(
            "the page: shrunk cosine of grades, times genres",
            lambda: of(lambda film: list(load().similar(film, SHOWN).columns)),
            "above all others",
            above_others(),
        ),
    },
    data=("ml-latest-small",),
)
