"""The end of a training on newer films: its last setting, its map, the measurement, and whether it takes over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from aecore.recommender import BUILTIN, load
from aecore.recommender.evaluation.splits import Report, fitted, flat
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.newer.compare import Widened, compare
from aecore.recommender.newer.model import choose_ease_weight, nearest_of, places_of
from aecore.recommender.newer.settings import EDITION, NewerSettings
from aecore.recommender.newer.training import Split, split_of
from aecore.recommender.newer.usual import make_usual
from aecore.recommender.ratings.movielens import edition
from aecore.recommender.serving.cold_start import disagreement_of
from aecore.recommender.serving.loaded import Loaded, open_folder, save, write_places
from aecore.recommender.training.best_epoch import Kept
from aecore.recommender.training.builtin import halved
from aecore.recommender.training.details import details_of
from aecore.recommender.training.run import BASELINES
from aecore.runs.store import Run, RunStore

BETTER = "is_better"
"""In the test of the run's status: 1 where it took over."""

Shares = Iterator[tuple[float, str]]


def finish(
    store: RunStore, found: Run, settings: NewerSettings, split: Split, hybrid: Hybrid, kept: list[Kept]
) -> Shares:
    """Saves the recommender, measures it as it will be served, and lets it take over if it is better; yields shares."""
    measured = split_of(split, settings)
    if measured.watched is not None:
        for share in choose_ease_weight(hybrid, measured.watched):
            yield share, "Choosing the weight of EASE"
    yield 0.0, "Drawing the map of films"
    counts = np.bincount(split.train.films, minlength=split.train.films_count)
    made = Loaded(
        Hybrid.from_arrays(hybrid.settings, halved(hybrid.arrays())),
        split.films,
        places_of(hybrid, split.films, counts),
        disagreement=disagreement_of(split.train),
        details=details_of(EDITION, split.films, split.everybody.counts, split.everybody.people),
    )
    save(made, found.folder)
    finding = nearest_of(split.train, split.films)
    while made.nearest is None:
        try:
            yield next(finding), "Finding films like each film"
        except StopIteration as end:
            made = replace(made, nearest=end.value)
    write_places(made, found.folder)
    served, builtin = open_folder(found.folder).model, load(BUILTIN).model
    figures: dict[str, Report] = {}
    models: dict[str, Any] = {"hybrid": served, BUILTIN: Widened(builtin, served.movie_ids)}
    names = (*models, *BASELINES)
    for place, name in enumerate(names):
        yield place / len(names), "Measuring on people held out"
        figures[name] = _rounded(measured.test(models[name] if name in models else fitted(name, measured)))
    steps, comparison = compare(served, builtin, split.tested, settings.seed), None
    while comparison is None:
        try:
            yield next(steps), "Comparing it with the built-in recommender"
        except StopIteration as end:
            comparison = end.value
    seconds = store.get(found.id).status.seconds
    facts = _facts(settings, hybrid, split, seconds, figures, comparison)
    save(replace(made, facts=facts | {"kept": [each.to_dict() for each in kept]}), found.folder)
    is_better = bool(comparison["is_better"])
    store.update(
        found.id,
        state="done",
        message="",
        finished=time.time(),
        parameters=sum(array.size for array in served.arrays().values()),
        test=flat(figures["hybrid"]) | {BETTER: float(is_better)},
    )
    if is_better:
        make_usual(store.folder.parent, found.id)


def _facts(
    settings: NewerSettings, hybrid: Hybrid, split: Split, seconds: float, figures: dict[str, Report], comparison: Any
) -> dict[str, Any]:
    people = int((split.train.counts > 0).sum())
    return {
        "trained_on": f"{edition('ml-32m').title}: {len(split.train):,} ratings of {people:,} of its "
        f"{split.everybody.people:,} users",
        "settings": settings.as_run() | {"ease_weight": getattr(hybrid.settings, "ease_weight", None)},
        "seconds": round(seconds, 1),
        "device": "CPU",
        "newest": int(split.films.years.max(initial=0)),
        "figures": figures,
        "comparison": comparison,
    }


def _rounded(report: Report) -> Report:
    return {
        given: {name: round(value, 5) if isinstance(value, float) else value for name, value in each.items()}
        for given, each in report.items()
    }
