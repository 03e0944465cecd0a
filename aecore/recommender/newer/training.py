"""`train`: the run that fetches MovieLens 32M, trains the page's recommender on it, and lets it take over if it is
better. Each part is kept when it is trained, so that an interrupted run resumes with the next.

`aecore.experiment.runner.run` calls it.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from aecore.files import read_json, write_json
from aecore.machine import disk_bytes
from aecore.paths import data_folder
from aecore.progress import Progress, TrainingDiverged
from aecore.recommender.evaluation.metrics import given_and_rest
from aecore.recommender.evaluation.splits import GIVEN, WATCHED_GIVEN, EvaluationSplit, PredictionTask
from aecore.recommender.models.base import WEIGHTS, Recommender, read_weights
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.newer.model import know_everybody, least_ratings, untrained
from aecore.recommender.newer.plan import shares_of, too_little_disk
from aecore.recommender.newer.reading import Sample, Totals, hashed, read_sample
from aecore.recommender.newer.settings import EDITION, NewerSettings
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import download, edition, present
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.training.best_epoch import BestEpoch, Kept
from aecore.recommender.training.run import Watch
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunStore

PARTS = "parts"
"""The folder of the run with what has been trained so far; it goes when the run is done."""

SAY_SECONDS = 1.0
"""How often the run says how far it is with what is no training."""

KEPT = "It is paused. What was fetched and trained is kept."

Asked = str | None
Steps = Generator[Progress, Asked, Any]


@dataclass(frozen=True, eq=False)
class Split:
    """The users of a sample: who is learned from, who is watched, who is tested. totals: without the last two.

    everybody: of all users of the edition.
    """

    films: Films
    train: Ratings
    watched: Ratings
    tested: Ratings
    totals: Totals
    everybody: Totals


def train(store: RunStore, found: Run) -> Steps:
    """Trains a run and updates its folder; takes requests as `experiment.run` does: both leave what is done."""
    settings = NewerSettings.of_run(found.settings)
    store.update(found.id, state="training", device="CPU")
    if not present(EDITION) and (yield from _fetched(store, found)):
        return
    split = yield from _read(store, found, settings)
    if split is None:
        return
    hybrid = Hybrid(settings.hybrid())
    kept = yield from _trained(store, found, settings, split, hybrid)
    if kept is None:
        return
    from aecore.recommender.newer.ending import finish

    store.update(found.id, message="Training is over; now it is measured.", share=0.0)
    for share, doing in finish(store, found, settings, split, hybrid, kept):
        if (yield from _told(store, found, doing, share)):
            return
    shutil.rmtree(found.folder / PARTS, ignore_errors=True)


def _fetched(store: RunStore, found: Run) -> Steps:
    """Downloads the edition; returns whether that was to be left."""
    title, size = edition(EDITION).title, edition(EDITION).file.size_hint
    if problem := too_little_disk(disk_bytes(data_folder())[1]):
        raise RatingsError(problem)
    said = 0.0
    with closing(download(EDITION)) as steps:
        for step in steps:
            if time.monotonic() - said < SAY_SECONDS and not step.done:
                continue
            said = time.monotonic()
            share = min(1.0, step.received / (step.total or size or 1))
            if (yield from _told(store, found, f"Downloading {title}", share)):
                return True
    return False


def _read(store: RunStore, found: Run, settings: NewerSettings) -> Generator[Progress, Asked, Split | None]:
    """Reads the sample and divides its people; None if that was to be left."""
    sample: Sample | None = None
    people = settings.people + settings.tested + settings.watched
    with closing(read_sample(EDITION, people, settings.seed)) as steps:
        while True:
            try:
                share = next(steps)
            except StopIteration as end:
                sample = end.value
                break
            if (yield from _told(store, found, "Reading the ratings", share)):
                return None
    return divided(sample, settings)


def divided(sample: Sample, settings: NewerSettings) -> Split:
    """Those whose hashed ids come first are tested, the next are watched; where there are few users, a fifth and a
    tenth of them. A sample of any size tests the same, so that no earlier recommender has learned from them.
    """
    ratings = sample.ratings
    count = ratings.users
    tested, watched = min(count // 5, settings.tested), min(count // 10, settings.watched)
    order = np.argsort(hashed(ratings.user_ids, settings.seed))
    test, watch, train = (np.sort(rows) for rows in np.split(order, [tested, tested + watched]))
    out = ratings.take_users(np.concatenate([test, watch]))
    return Split(
        sample.films,
        ratings.take_users(train),
        ratings.take_users(watch),
        ratings.take_users(test),
        sample.totals.without(out),
        sample.totals,
    )


def task_of(people: Ratings, count: int, seed: int) -> PredictionTask | None:
    """Predicting the other ratings of these people from `count` of each; None where nobody has so many."""
    task = PredictionTask(*given_and_rest(people, count, seed))
    return task if task.given.users else None


def split_of(split: Split, settings: NewerSettings) -> EvaluationSplit:
    """The same as the other recommenders are measured on."""
    tests = {str(count): task_of(split.tested, count, settings.seed) for count in GIVEN}
    return EvaluationSplit(
        split.films,
        split.train,
        None,
        task_of(split.watched, WATCHED_GIVEN, settings.seed),
        {name: task for name, task in tests.items() if task is not None},
        edition(EDITION).title,
    )


def _trained(
    store: RunStore, found: Run, settings: NewerSettings, split: Split, hybrid: Hybrid
) -> Generator[Progress, Asked, list[Kept] | None]:
    """Trains all parts, or takes them from the folder; returns which epochs were kept, None if it was to be left."""
    counts = np.bincount(split.train.films, minlength=split.train.films_count)
    hybrid.movie_ids, hybrid.parts = split.train.movie_ids, {}
    hybrid.popularity = (split.totals.likes / max(1, split.totals.people)).astype(np.float32)
    watch, folder = Watch(split_of(split, settings)), found.folder / PARTS
    parts = untrained(hybrid, settings, least_ratings(counts, settings))
    shares, share, sums = shares_of(settings, tuple(parts)), 0.0, Ended()
    for name, part in parts.items():
        if earlier := _earlier(folder, name, part):
            hybrid.parts[name], ended = earlier
            share, sums = share + shares[name], sums + ended
            continue
        store.update(found.id, message="")
        hybrid.parts[name], watch.best = part, BestEpoch()
        began, asked, last = time.monotonic(), None, None
        for progress in part.fit(split.train, split.films):
            seconds = sums.seconds + time.monotonic() - began
            so_far = min(1.0, share + shares[name] * progress.share)
            progress = replace(progress, step=sums.steps + progress.step, share=so_far, seconds=seconds, phase=name)
            last = watch.look(hybrid, progress)
            _check(last)
            append_progress(found.folder, {**last.to_dict(), "time": time.time()})
            if asked := (yield last):
                break
        assert last is not None
        if asked and last.share < min(1.0, share + shares[name]):
            store.update(found.id, state="paused", seconds=last.seconds, message=KEPT)
            return None
        watch.best.finish(hybrid)
        ended = Ended(last.step - sums.steps, time.monotonic() - began, watch.best.kept)
        share, sums = share + shares[name], sums + ended
        _keep(folder, name, hybrid.parts[name], ended)
        store.update(found.id, seconds=sums.seconds)
        if asked:
            store.update(found.id, state="paused", message=KEPT)
            return None
    know_everybody(hybrid, split.train, split.totals)
    return sums.kept


@dataclass(frozen=True)
class Ended:
    """What the training of a part took, or of several: steps, seconds, and which epochs were kept."""

    steps: int = 0
    seconds: float = 0.0
    kept: list[Kept] = field(default_factory=list)

    def __add__(self, other: Ended) -> Ended:
        return Ended(self.steps + other.steps, self.seconds + other.seconds, [*self.kept, *other.kept])


PART_ENDED = "ended.json"
"""Beside the weights of a part: its `Ended`."""


def _keep(folder: Path, name: str, part: Recommender, ended: Ended) -> None:
    part.save(folder / name)
    write_json(folder / name / PART_ENDED, asdict(ended))


def _earlier(folder: Path, name: str, part: Recommender) -> tuple[Recommender, Ended] | None:
    """A part that was trained before the run was interrupted, and what that took."""
    try:
        found = read_json(folder / name / PART_ENDED)
        ended = Ended(int(found["steps"]), float(found["seconds"]), [Kept(**each) for each in found["kept"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return type(part).from_arrays(part.settings, read_weights(folder / name / WEIGHTS)), ended


def _told(store: RunStore, found: Run, doing: str, share: float) -> Generator[Progress, Asked, bool]:
    """Says what is done besides training; returns whether to leave it. The share is of this alone."""
    store.update(found.id, message=f"{doing}: {100 * share:.0f} %", share=share)
    seconds = store.get(found.id).status.seconds
    if (yield Progress(0, 0.0, seconds, 0.0, 0.0, {}, share=0.0, phase=doing)):
        store.update(found.id, state="paused", message=KEPT)
        return True
    return False


def _check(progress: Progress) -> None:
    """TrainingDiverged if a loss is no longer finite."""
    if not all(map(math.isfinite, [*progress.train.values(), *progress.validation.values()])):
        raise TrainingDiverged(f"The loss of '{progress.phase}' stopped being a number. Restart it.")
