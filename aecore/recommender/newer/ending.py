"""The end of a training on newer films: its last setting, its map, the measurement, and whether it takes over."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from aecore.files import write_json
from aecore.recommender import BUILTIN, load
from aecore.recommender.evaluation.splits import EvaluationSplit, Report, fitted, flat
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.newer.compare import Widened, compare
from aecore.recommender.newer.model import choose_ease_weight, nearest_of, places_of
from aecore.recommender.newer.settings import EDITION, NewerSettings
from aecore.recommender.newer.training import Split, split_of
from aecore.recommender.newer.usual import Rival, in_use, make_usual, withdraw
from aecore.recommender.ratings.movielens import edition
from aecore.recommender.serving.cold_start import disagreement_of
from aecore.recommender.serving.loaded import FACTS, Loaded, open_folder, save, write_places
from aecore.recommender.training.best_epoch import Kept
from aecore.recommender.training.builtin import halved
from aecore.recommender.training.details import details_of
from aecore.recommender.training.run import BASELINES
from aecore.runs.store import Run, RunStore

Step = tuple[float, str]
"""The share of what is being done that is done, and what it is."""

Comparisons = dict[str, dict[str, Any]]
"""By the source of the recommender that the newer one was compared with: see `compare`."""


def finish(
    store: RunStore, found: Run, settings: NewerSettings, split: Split, hybrid: Hybrid,
    kept: Sequence[Kept],
) -> Generator[Step, None, None]:  # fmt: skip
    """Saves the recommender and measures it as it will be served; yields shares.

    It takes over from the recommender in use if it was compared with that, and is better. kept: the epochs that its
    networks kept.
    """
    measured = split_of(split, settings)
    if measured.watched is not None:
        for share in choose_ease_weight(hybrid, measured.watched):
            yield share, "Choosing the weight of EASE"
    yield from _save(hybrid, split, found.folder)
    served, (rival, used) = open_folder(found.folder).model, in_use(store)
    figures = yield from _figures(served, measured)
    comparisons = yield from _comparisons(served, {Rival(BUILTIN): load(BUILTIN).model, rival: used}, split, settings)
    now = in_use(store)[0].source  # the host may have chosen another meanwhile
    decisive = comparisons.pop(now if now in comparisons else rival.source)
    facts = _facts(settings, hybrid, split, store.get(found.id).status.seconds, figures)
    facts |= {"comparison": decisive, "others": list(comparisons.values()), "kept": [each.to_dict() for each in kept]}
    write_json(found.folder / FACTS, facts)
    if decisive["source"] == now and decisive["is_better"]:
        make_usual(store.folder.parent, found.id, now)  # which counts when the run is done, with the next line
    else:
        withdraw(store.folder.parent, found.id)  # from an end that was interrupted between these two
    store.update(
        found.id,
        state="done",
        message="",
        finished=time.time(),
        parameters=sum(array.size for array in served.arrays().values()),
        test=flat(figures["hybrid"]),
    )


def _save(hybrid: Hybrid, split: Split, folder: Path) -> Generator[Step, None, None]:
    """Saves the model, and then the films like each film, which it is not needed for."""
    yield 0.0, "Drawing the map of films"
    counts = np.bincount(split.train.films, minlength=split.train.films_count)
    made = Loaded(
        Hybrid.from_arrays(hybrid.settings, halved(hybrid.arrays())),
        split.films,
        places_of(hybrid, split.films, counts),
        disagreement=disagreement_of(split.train),
        details=details_of(EDITION, split.films, split.everybody.counts, split.everybody.people),
    )
    save(made, folder)
    finding = nearest_of(split.train, split.films)
    while made.nearest is None:
        try:
            yield next(finding), "Finding films like each film"
        except StopIteration as end:
            made = replace(made, nearest=end.value)
    write_places(made, folder)


def _figures(served: Recommender, measured: EvaluationSplit) -> Generator[Step, None, dict[str, Report]]:
    """Of the newer recommender, the built-in one and the baselines."""
    models = {"hybrid": served, BUILTIN: Widened(load(BUILTIN).model, served.movie_ids)}
    figures: dict[str, Report] = {}
    names = (*models, *BASELINES)
    for place, name in enumerate(names):
        yield place / len(names), "Measuring on users held out"
        figures[name] = _rounded(measured.test(models[name] if name in models else fitted(name, measured)))
    return figures


def _comparisons(
    served: Recommender, rivals: dict[Rival, Recommender], split: Split, settings: NewerSettings
) -> Generator[Step, None, Comparisons]:
    found: Comparisons = {}
    for rival, older in rivals.items():
        steps = compare(served, older, split.tested, settings.seed)
        while rival.source not in found:
            try:
                yield next(steps), f"Comparing it with {rival.title}"
            except StopIteration as end:
                found[rival.source] = end.value | {"source": rival.source, "name": rival.name}
    return found


def _facts(
    settings: NewerSettings, hybrid: Hybrid, split: Split, seconds: float, figures: dict[str, Report]
) -> dict[str, Any]:
    users = int((split.train.counts > 0).sum())
    return {
        "trained_on": f"{edition(EDITION).title}: {len(split.train):,} ratings of {users:,} of its "
        f"{split.everybody.people:,} users",
        "settings": settings.as_run() | {"ease_weight": hybrid.settings.ease_weight},
        "seconds": round(seconds, 1),
        "device": "CPU",
        "newest": int(split.films.years.max(initial=0)),
        "figures": figures,
    }


def _rounded(report: Report) -> Report:
    return {
        given: {name: round(value, 5) if isinstance(value, float) else value for name, value in each.items()}
        for given, each in report.items()
    }
