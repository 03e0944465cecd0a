"""KINDS: every kind of background job, and how it is run."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from aecore.jobs.queue import Policy, Request
from aecore.machine import memory_bytes
from aecore.runs.store import Run, RunError

CORES = os.cpu_count() or 1


def memory_for_reading(most: int = 3 * 2**30) -> int:
    """Bytes of memory for one process that reads uploads: `most`, or a quarter of what a small machine has."""
    return int(min(most, memory_bytes(4 * most) // 4))


TRAININGS = max(1, min(4, CORES))

TRAINING = Policy("runs", TRAININGS, nice=15, idle_seconds=0, is_warm=True)
ANALYSIS = Policy("analyses", max(1, CORES - TRAININGS), for_short=1, per_visitor=3)
MAP = Policy("maps", 1, for_short=1, per_visitor=3)
DOWNLOAD = Policy("downloads", 3, per_visitor=3)
READING = Policy(
    "uploads", 1, for_short=1, per_visitor=3, idle_seconds=0, seconds=120, memory_bytes=memory_for_reading()
)
TRACKING = Policy("runs for the tracker", 1, nice=10, idle_seconds=30, seconds=900)
POLICIES = (TRAINING, ANALYSIS, MAP, DOWNLOAD, READING, TRACKING)
"""Trainings have the lowest priority; analyses, for which a user waits, come before them. Maps, which somebody watches
as they form, have slots of their own, so that they wait for no other analysis. On a cluster all three share its slots,
of which analyses and maps have a part of their own (`aecore.jobs.line`).
"""

MINUTES = 60.0

_SMALL_UPLOAD = 2**18


@dataclass(frozen=True)
class JobProgress:
    """How far a job is: a share from 0 to 1, and what it is doing."""

    share: float
    doing: str


def _never(arguments: tuple[Any, ...]) -> bool:
    return False


def _up_to(most: int, position: int) -> Callable[[tuple[Any, ...]], bool]:
    """Short if the argument at `position` is at most `most`, of examples or bytes; 0 stands for all."""
    return lambda arguments: 0 < arguments[position] <= most


def _if(value: str, position: int) -> Callable[[tuple[Any, ...]], bool]:
    """Short if the argument at that position is this one."""
    return lambda arguments: arguments[position] == value


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    function: "module:name", imported by the worker only; a `Parser` where the policy is READING. is_short: from the
    arguments, whether it takes seconds. seconds: after which it gives way to others, 0 for never. data: "module:name",
    the name of a data set and the data folder -> the downloaded files of it. reads: files of the home, relative to it,
    that it looks up, besides what its arguments and settings name. cached: "module:name", the store and the arguments
    -> the results in the home's cache from which it goes on, the most important first: it takes them along to a node.
    """

    function: str
    policy: Policy
    is_short: Callable[[tuple[Any, ...]], bool] = _never
    seconds: float = 0.0
    data: str = "aecore.datasets.idx:downloaded"
    reads: tuple[str, ...] = ()
    cached: str = ""


_MOVIELENS = "aecore.recommender.ratings.sources:downloaded"

KINDS: dict[str, Kind] = {
    "autoencoder": Kind("aecore.experiment.runner:train_network", TRAINING),
    "recommender": Kind("aecore.recommender.training.run:train", TRAINING, data=_MOVIELENS),
    "words": Kind(
        "aecore.words.training:train",
        TRAINING,
        data="aecore.words.text_store:downloaded",
        cached="aecore.words.results:cached",
    ),
    "newer films": Kind(
        "aecore.recommender.newer.training:train", TRAINING, data=_MOVIELENS, reads=("films-recommender.json",)
    ),
    "features": Kind(
        "aecore.analyses.features:analyse",
        ANALYSIS,
        _up_to(1000, 2),
        10 * MINUTES,
        cached="aecore.analyses.feature_results:cached",
    ),
    "generation": Kind(
        "aecore.latent.generation:measure", ANALYSIS, seconds=5 * MINUTES, cached="aecore.latent.generation:cached"
    ),
    "packings": Kind(
        "aecore.analyses.compression:measure",
        ANALYSIS,
        seconds=5 * MINUTES,
        cached="aecore.analyses.compression:cached",
    ),
    "sweep": Kind(
        "aecore.analyses.noise_sweep:sweep", ANALYSIS, seconds=5 * MINUTES, cached="aecore.analyses.noise_sweep:cached"
    ),
    "epochs": Kind(
        "aecore.latent.epochs:follow", MAP, _if("pca", 1), 10 * MINUTES, cached="aecore.latent.epochs:cached"
    ),
    "map": Kind("aecore.latent.maps:draw", MAP, _up_to(2000, 2), 5 * MINUTES, cached="aecore.latent.maps:cached"),
    "perplexities": Kind(
        "aecore.latent.maps:compare", MAP, seconds=10 * MINUTES, cached="aecore.latent.maps:cached_comparison"
    ),
    "newsgroups": Kind("aecore.words.newsgroups:fetch", DOWNLOAD),
    "data": Kind("aecore.jobs.downloads:fetch_data", DOWNLOAD),
    "ratings": Kind("aecore.recommender.ratings.sources:fetch", DOWNLOAD),
    "tracking": Kind("aecore.exchange.automatic:log_run", TRACKING),
    "read data": Kind("aecore.datasets.uploads.parsers:DATA", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read pictures": Kind("aecore.datasets.uploads.parsers:PICTURES", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read ratings": Kind("aecore.recommender.ratings.own_parser:OWN_RATINGS", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read films": Kind("aecore.recommender.profiles.importers.parser:FILMS", READING, _up_to(_SMALL_UPLOAD, 1)),
    "find films": Kind("aecore.recommender.profiles.importers.parser:CANDIDATES", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read table": Kind("aecore.words.parsers:TABLE", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read texts": Kind("aecore.words.parsers:TABLE_TEXTS", READING, _up_to(_SMALL_UPLOAD, 1)),
    "read lines": Kind("aecore.words.parsers:PASTED_TEXTS", READING, _up_to(_SMALL_UPLOAD, 1)),
}
"""Trainings: (store, run) -> Generator[Progress, request, None].

Readings: a parser, asked with a key and a number of bytes. Others: (store, *arguments) -> Iterator[JobProgress],
storing their results.
"""


JOINED = {"probes": "aecore.analyses.feature_results:join"}
"""Kinds of results to which several jobs add -> "module:name", the home, the key of a result and its bytes -> takes
what was written elsewhere into the home.
"""


def kind_of(request: Request) -> Kind:
    """The kind that a request names. KeyError if there is none."""
    return KINDS[request[0]]


def function_of(kind: str) -> Any:
    """The function, or parser, of that kind; its module is imported only now. KeyError if there is no such kind."""
    module, name = KINDS[kind].function.split(":")
    return getattr(import_module(module), name)


def downloaded(kind: str, name: str, folder: Path) -> list[Path]:
    """The downloaded files of the data set of this name that jobs of this kind read; none if it is no such data set."""
    module, function = KINDS[kind].data.split(":")
    return list(getattr(import_module(module), function)(name, folder))


def cached(store: Any, kind: str, arguments: list[Any]) -> list[Path]:
    """The results in the home's cache from which a job of this kind goes on, whether they are there yet or not."""
    if not KINDS[kind].cached:
        return []
    module, function = KINDS[kind].cached.split(":")
    return list(getattr(import_module(module), function)(store, *arguments))


def join(home: Path, result: str, key: str, data: bytes) -> None:
    """Takes a result of a kind in JOINED into the home's cache, beside what others have added to it meanwhile."""
    module, function = JOINED[result].split(":")
    getattr(import_module(module), function)(home, key, data)


def begin(store: Any, kind: str, arguments: list[Any]) -> Iterator[Any]:
    """The job of that kind, to be iterated over. A training begins only if its run still waits."""
    if KINDS[kind].policy is TRAINING:
        return train(store, arguments[0], is_queued=True)
    if KINDS[kind].policy is READING:
        from aecore.jobs.reading import parse

        return parse(store.folder.parent, kind, arguments[0])
    return function_of(kind)(store, *arguments)


def train(store: Any, run_id: str, *, is_queued: bool = False) -> Generator[Any, Any, Any]:
    """Trains a run of any kind, as `aecore.experiment.run` does; is_queued: only if it still waits."""
    from aecore.experiment import runner

    return runner.run(store, run_id, function_of(training_kind(store.get(run_id))), is_queued=is_queued)


def training_kind(run: Run) -> str:
    """The kind of job that trains this run. RunError if there is none."""
    if run.kind not in KINDS or KINDS[run.kind].policy is not TRAINING:
        raise RunError(f"Run '{run.name}' is of the kind '{run.kind[:40]}', which this version cannot train.")
    return run.kind
