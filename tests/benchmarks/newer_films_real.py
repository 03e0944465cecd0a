"""The training on newer films, on real ratings that are on this machine: is it better there than the built-in one?"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np

from aecore.recommender import load
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.newer.compare import compare
from aecore.recommender.newer.model import choose_ease_weight, know_everybody, least_ratings, untrained
from aecore.recommender.newer.reading import Sample, Totals
from aecore.recommender.newer.settings import NewerSettings
from aecore.recommender.newer.training import divided, split_of
from aecore.recommender.newer.verdict import said, verdict
from aecore.recommender.ratings import movielens


def compared(edition: str) -> dict[str, Any]:
    """Trains on an edition of MovieLens and measures as `compare` does, on 600 of its people."""
    ratings, films = movielens.read(edition)
    settings = replace(NewerSettings(), people=ratings.users, tested=600, watched=300)
    count = ratings.films_count
    totals = Totals(
        np.bincount(ratings.films, minlength=count).astype(float),
        np.bincount(ratings.films, ratings.stars, count),
        np.bincount(ratings.films, ratings.stars >= 4, count).astype(float),
        ratings.users,
    )
    split = divided(Sample(ratings, films, totals), settings)
    hybrid = Hybrid(settings.hybrid())
    hybrid.movie_ids, hybrid.parts = split.train.movie_ids, {}
    least = least_ratings(np.bincount(split.train.films, minlength=count), settings)
    for name, part in untrained(hybrid, settings, least).items():
        list(part.fit(split.train, split.films))
        hybrid.parts[name] = part
    know_everybody(hybrid, split.train, split.totals)
    watched = split_of(split, settings).watched
    assert watched is not None
    list(choose_ease_weight(hybrid, watched))
    steps = compare(hybrid, load().model, split.tested, settings.seed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


if __name__ == "__main__":
    found = compared(sys.argv[1] if len(sys.argv) > 1 else "ml-1m")
    print(said(found), verdict(found))
