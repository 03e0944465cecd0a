"""The page's recommender for a large edition: its parts before and after training, and its map."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from aecore.recommender.evaluation.metrics import rank_figures
from aecore.recommender.evaluation.splits import PredictionTask
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.bayesian_wide import WideBayesian, biases_of
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.models.multinomial import Multinomial
from aecore.recommender.newer.reading import Totals
from aecore.recommender.newer.settings import NewerSettings
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.similar import find_nearest
from aecore.recommender.serving.taste_map import film_places

EASE_WEIGHTS = (0.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""Among which the users who are watched choose."""

SHAPING = 4000
"""Films, the most often rated, that shape the map."""

COMPARED = 16_000
"""Films, the most often rated, for which films like them are found by who likes both; of the others, too few have rated
two.
"""


def least_ratings(counts: np.ndarray, settings: NewerSettings) -> int:
    """Ratings from which a film gets weights of its own. counts: (F,) in the ratings that are learned from."""
    most = np.sort(counts)[::-1]
    bound = int(most[settings.most_films]) + 1 if len(most) > settings.most_films else 1
    return max(bound, min(settings.least_ratings, int(most[0])))


def untrained(hybrid: Hybrid, settings: NewerSettings, least: int) -> dict[str, Recommender]:
    """The parts, in the order of their training."""
    parts = hybrid.untrained()
    for name, part in parts.items():
        if isinstance(part, Multinomial):
            part.settings = replace(
                part.settings,
                batch_size=settings.batch_size,
                sampled_films=settings.sampled_films,
                least_ratings=least,
            )
        if name == "stars":
            parts[name] = WideBayesian(part.settings, least)
    return parts


def know_everybody(hybrid: Hybrid, train: Ratings, totals: Totals) -> None:
    """Replaces what it knows of fame and means by the counts of all users who are not held out."""
    hybrid.popularity = (totals.likes / max(1, totals.people)).astype(np.float32)
    stars = hybrid.parts["stars"]
    assert isinstance(stars, WideBayesian)
    stars.biases = biases_of(totals.counts, totals.sums, train)
    for part in hybrid.parts.values():
        part.popularity = hybrid.popularity


def choose_ease_weight(hybrid: Hybrid, watched: PredictionTask) -> Iterator[float]:
    """Takes the weight of EASE that ranks best for these users; yields the share that is done."""
    before, found = hybrid.settings, {}
    for place, weight in enumerate(EASE_WEIGHTS, 1):
        hybrid.settings = replace(before, ease_weight=weight)
        found[weight] = rank_figures(hybrid, watched.given, watched.hidden).ndcg
        yield place / len(EASE_WEIGHTS)
    hybrid.settings = replace(before, ease_weight=max(found, key=lambda weight: (found[weight], -weight)))


def places_of(hybrid: Hybrid, films: Films, counts: np.ndarray) -> np.ndarray:
    """(F, 2): the map. Films without factors lie at the mean of those that have all the same genres."""
    stars = hybrid.parts["stars"]
    assert isinstance(stars, WideBayesian)
    core, own = stars.core, counts[stars.core]
    least = max(5, int(np.sort(own)[-SHAPING]) + 1) if len(own) >= SHAPING else 5
    places = np.zeros((len(films), 2), np.float32)
    places[core] = film_places(hybrid.directions(core), own, least)
    groups = films.genres @ (2 ** np.arange(films.genres.shape[1], dtype=np.int64))
    others = np.setdiff1d(np.arange(len(films)), core)
    kinds, group = np.unique(groups[core], return_inverse=True)
    sizes = np.bincount(group, minlength=len(kinds))[:, None]
    means = np.stack([np.bincount(group, places[core, axis], len(kinds)) for axis in (0, 1)], 1) / np.maximum(1, sizes)
    at = np.minimum(np.searchsorted(kinds, groups[others]), len(kinds) - 1)
    same = (kinds[at] == groups[others])[:, None]
    places[others] = np.where(same, means[at], places[core].mean(0))
    return places


def nearest_of(train: Ratings, films: Films) -> Generator[float, None, np.ndarray]:
    """(F, K): the films like each, as `similar.find_nearest`; none for films that few have rated. Yields the share."""
    counts = np.bincount(train.films, minlength=train.films_count)
    columns = np.sort(np.argsort(-counts, kind="stable")[:COMPARED])
    own = yield from find_nearest(train.on(train.movie_ids[columns]), films)
    nearest = np.full((len(films), own.shape[1]), -1, np.int32)
    nearest[columns] = np.where(own >= 0, columns[own], -1)
    return nearest
