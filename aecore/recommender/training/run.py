"""`train`: trains a recommender as a run, from its settings to a folder that `aecore.recommender.load` opens.

`aecore.experiment.runner.run` calls it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from aecore.progress import Progress, TrainingDiverged
from aecore.recommender.evaluation.splits import EvaluationSplit, Report, fitted, flat, prepare
from aecore.recommender.models.base import LIKED, Recommender
from aecore.recommender.serving.cold_start import disagreement_of
from aecore.recommender.serving.loaded import Loaded, save, write_places
from aecore.recommender.serving.similar import nearest_films
from aecore.recommender.serving.taste_map import film_places
from aecore.recommender.training.best_epoch import BestEpoch
from aecore.recommender.training.details import details_of, raters
from aecore.recommender.training.parallel import Crew, check_crew
from aecore.recommender.training.settings import Device, RecommenderSettings
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunError, RunStore

BASELINES = ("popularity", "bias")
"""Models that every recommender is compared with: trained on the same ratings, with the same tests."""

WATCH_SHARE = 0.1
"""Maximum share of the time spent on validation."""

MOST_ON_MAP, COMPONENTS = 4000, 30
"""Number of films, the most often rated, that shape the map;
number of singular vectors that describe them.
"""

TESTING = "Training is over; now come the test and the map of films."
AGAIN = "A recommender keeps no checkpoint: continued, it begins again, and ends with the same model."


def train(store: RunStore, found: Run, crew: Crew | None = None) -> Generator[Progress, str | None, None]:
    """Trains a run and updates its folder; takes requests as `experiment.run` does.

    crew: the processes that train it together, if there are several.
    """
    settings = RecommenderSettings.from_dict(found.settings)
    if crew:
        check_crew(settings, crew.processes)
    split = prepare(settings)
    baselines = {name: fitted(name, split) for name in BASELINES if name != settings.model}
    levels = {
        f"{name}_{figure}": value
        for name, baseline in baselines.items()
        for figure, value in split.watch(baseline).items()
    }
    model, watch = settings.make(), Watch(split)
    where = _place(model, "cpu" if crew else settings.split.device)
    last, request = None, None
    with crew.join(model, split.train) if crew else nullcontext("") as others:
        where = f"{where}, {others}" if others else where
        store.update(found.id, state="training", device=where, baselines=levels)
        for progress in model.fit(split.train, split.films, split.validation):
            last = watch.look(model, progress)
            _check(last)
            append_progress(found.folder, {**last.to_dict(), "time": time.time()})
            if request := (yield last):
                break
    if last is None:
        raise RunError("The training ended before its first step.")
    if request == "pause":
        store.update(found.id, state="paused", seconds=last.seconds, message=AGAIN)
        return
    store.update(found.id, message=TESTING)
    model = watch.best.finish(model)
    reports = {name: split.test(each) for name, each in ({settings.model: model} | baselines).items()}
    facts = _facts(settings, split, last, where) | {
        "kept": [each.to_dict() for each in watch.best.kept],
        "validation": split.validate(model),
        "figures": {name: _rounded(each) for name, each in reports.items()},
    }
    films = split.films.on(model.movie_ids)
    made = Loaded(
        model,
        films,
        _places(model, split),
        facts,
        disagreement_of(split.train),
        details=details_of(settings.data, films, raters(split.train), split.train.users),
    )
    save(made, found.folder)
    write_places(replace(made, nearest=nearest_films(split.train, split.films)), found.folder)
    size = sum(array.size for array in model.arrays().values())
    state = "stopped" if request == "stop" and last.share < 1 else "done"
    store.update(
        found.id,
        state=state,
        message="",
        finished=time.time(),
        seconds=last.seconds,
        parameters=size,
        test=flat(reports[settings.model]),
    )


@dataclass
class Watch:
    """Measures the validation metrics: of networks after the epochs that are compared, of which the best is kept; of
    other models from time to time, at little cost, and when the training ends.
    """

    split: EvaluationSplit
    best: BestEpoch = field(default_factory=BestEpoch)
    cost: float = 0.0
    since: float = field(default_factory=time.perf_counter)

    def look(self, model: Recommender, progress: Progress) -> Progress:
        """The record, with validation metrics added if a measurement was due."""
        model = self.best.begin(model, progress)
        is_compared = self.best.is_due(model, progress)
        if is_compared or (not self.best.follows(model, progress) and self._is_time()) or progress.share >= 1:
            progress = replace(progress, validation=self._measure(model) | progress.validation)
        if is_compared:
            self.best.compare(model, progress)
        return progress

    def _is_time(self) -> bool:
        return time.perf_counter() - self.since > self.cost / WATCH_SHARE

    def _measure(self, model: Recommender) -> dict[str, float]:
        before = time.perf_counter()
        seen = self.split.watch(model)
        self.since = time.perf_counter()
        self.cost = self.since - before
        return seen


def _check(progress: Progress) -> None:
    """TrainingDiverged if a loss is no longer finite."""
    if not all(map(math.isfinite, [*progress.train.values(), *progress.validation.values()])):
        raise TrainingDiverged(
            f"The loss stopped being a number in epoch {progress.epoch:.0f}. Train again with a smaller learning rate."
        )


def _place(model: Recommender, chosen: Device) -> str:
    """Sets the device of the model; returns its name. SettingsError if it is not available."""
    if not model.uses_gpu:
        return "CPU"
    from aecore.training.devices import available_devices, device_name, pick_device

    device = pick_device(
        "cuda" if chosen == "auto" and "cuda" in available_devices() else chosen.replace("auto", "cpu")
    )
    model.device = str(device)
    return device_name(device)


def _facts(settings: RecommenderSettings, split: EvaluationSplit, last: Progress, where: str) -> dict[str, Any]:
    return {
        "trained_on": f"{split.title}: {len(split.train):,} ratings of {int((split.train.counts > 0).sum()):,} users",
        "settings": settings.to_dict(),
        "seconds": round(last.seconds, 1),
        "device": where,
    }


def _rounded(report: Report) -> Report:
    return {
        given: {name: round(value, 5) if isinstance(value, float) else value for name, value in each.items()}
        for given, each in report.items()
    }


def _places(model: Recommender, split: EvaluationSplit) -> np.ndarray:
    """(F, 2): the map of films by the model's vectors, or by the users who like them if it has none."""
    counts = np.bincount(split.train.films, minlength=split.train.films_count)
    least = max(5, int(np.sort(counts)[-MOST_ON_MAP]) + 1) if len(counts) >= MOST_ON_MAP else 5
    directions = getattr(model, "directions", lambda _: _liked_together(split))
    return film_places(directions(np.arange(len(counts))), counts, least)


def _liked_together(split: EvaluationSplit) -> np.ndarray:
    """(F, D): right singular vectors of the matrix of likes, scaled by their singular values."""
    from scipy.sparse.linalg import svds

    likes = split.train.matrix_of((split.train.stars >= LIKED).astype(np.float32))
    count = min(COMPONENTS, min(likes.shape) - 1)
    if count < 1 or not likes.data.any():
        return np.zeros((likes.shape[1], 2), np.float32)
    _, values, axes = svds(likes, count, rng=np.random.default_rng(0))
    return (axes * values[:, None]).T
