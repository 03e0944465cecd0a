"""What has been found out about the codes of a model: kept beside its run, read by whoever looks, never computed twice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from aecore.datasets import Dataset, card, load
from aecore.files import BrokenFileError, read_npz, replacing
from aecore.pretrained.trained_models import TrainedModel
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import SIZES, Probe, ProbeError, ladder
from aecore.runs.store import RunError, RunStore

REPRESENTATIONS = ("code", "pixels", "pca")
ALL = 0
"""Labelled examples to learn from: as many as there are."""

PROTOCOL = 1
"""Raised when results come about in another way, so that older ones are not shown beside new ones."""

Key = tuple[str, int, str]
"""Classifier, labelled examples, representation."""


@dataclass(frozen=True)
class Results:
    """What is known of one model so far.

    classes: names of the labels. total: labelled training examples there are; most: how many of them fit into memory.
    test: the name under which the cache keeps the test examples.
    """

    classes: tuple[str, ...] = ()
    total: int = 0
    most: int = 0
    test: str = ""
    probes: dict[Key, Probe] = field(default_factory=dict)

    def sizes(self, classifier: str, labelled: int) -> tuple[int, ...]:
        """Numbers of labelled examples to ask at, up to `labelled` or as many as can be had; empty while nothing is known."""
        limits = [_round_down(limit) for limit in (self.most, CLASSIFIERS[classifier].most) if 0 < limit < self.total]
        return ladder(min([self.total, labelled or self.total, *limits])) if self.total else ()

    def missing(self, classifier: str, labelled: int) -> list[Key]:
        """What is still to be found out, from few labels to many."""
        keys = [(classifier, size, each) for size in self.sizes(classifier, labelled) for each in REPRESENTATIONS]
        return [key for key in keys if key not in self.probes]

    def is_complete(self, classifier: str, labelled: int) -> bool:
        """Whether there is nothing left to find out."""
        return self.total > 0 and not self.missing(classifier, labelled)

    def at(self, classifier: str, size: int) -> dict[str, Probe]:
        """Representation -> what it reached with so many labels, as far as is known."""
        return {each: self.probes[key] for each in REPRESENTATIONS if (key := (classifier, size, each)) in self.probes}


def results_of(store: RunStore, source: TrainedModel) -> Results:
    """What is known of this very model: nothing if its weights are others now, or if the file cannot be read."""
    path = _path(store, source)
    try:
        return _read(path, source.seal, path.stat().st_mtime_ns)
    except OSError:
        return Results()


def begin_results(store: RunStore, source: TrainedModel, known: Results) -> Results:
    """Keeps what is known before the first fit."""
    with _writing(store):
        _write(store, source, known)
    return known


def keep_probe(store: RunStore, source: TrainedModel, key: Key, probe: Probe) -> None:
    """Adds one result. RunError if the run has been deleted meanwhile."""
    with _writing(store):
        known = results_of(store, source)
        _write(store, source, Results(known.classes, known.total, known.most, known.test, {**known.probes, key: probe}))


def refuse_unlabelled(source: TrainedModel) -> None:
    """ProbeError if the data of this model have no labels; DataError if they are gone."""
    if not card(source.data).has_classes:
        raise ProbeError("The examples that this model has learned have no labels, so there is nothing to recognise. Choose a model of another data set.")


def unseen_examples(store: RunStore, source: TrainedModel, results: Results) -> tuple[np.ndarray, np.ndarray]:
    """Test examples x (N, *shape), pictures as uint8, and their labels (N,). DataError if the data are gone."""
    try:
        kept = read_npz(cache_folder(store) / f"{results.test}.npz")
        return kept["x"], kept["labels"]
    except (OSError, BrokenFileError, KeyError):
        data = load(source.data)
        return shown_test_set(data), data.test.labels  # type: ignore[return-value]


def shown_test_set(data: Dataset) -> np.ndarray:
    """The test examples (N, *shape), pictures as uint8."""
    return (data.test.x * 255).round().astype(np.uint8) if data.is_image else data.test.x


def cache_folder(store: RunStore) -> Path:
    """What can be made again at any time."""
    return store.folder.parent / "cache"


def _path(store: RunStore, source: TrainedModel) -> Path:
    return cache_folder(store) / f"probes-{source.id}.json" if source.folder is None else source.folder / "probes.json"


def _writing(store: RunStore) -> FileLock:
    cache_folder(store).mkdir(parents=True, exist_ok=True)
    return FileLock(cache_folder(store) / ".probes.lock")


def _write(store: RunStore, source: TrainedModel, results: Results) -> None:
    values = {name: getattr(results, name) for name in ("classes", "total", "most", "test")}
    values["probes"] = {"/".join(map(str, key)): probe.to_dict() for key, probe in results.probes.items()}
    try:
        with replacing(_path(store, source)) as temporary:
            temporary.write_text(json.dumps({"protocol": PROTOCOL, "seal": source.seal, **values}, separators=(",", ":")))
    except FileNotFoundError:
        raise RunError(f"Run {source.id} has been deleted meanwhile.") from None


@lru_cache(maxsize=8)
def _read(path: Path, seal: str, changed: int) -> Results:
    try:
        values: dict[str, Any] = json.loads(path.read_text())
        if (values["protocol"], values["seal"]) != (PROTOCOL, seal):
            return Results()
        probes = {_key(text): Probe.from_dict(probe) for text, probe in values["probes"].items()}
        return Results(tuple(values["classes"]), int(values["total"]), int(values["most"]), str(values["test"]), probes)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Results()


def _key(text: str) -> Key:
    classifier, size, representation = text.split("/")
    return classifier, int(size), representation


def _round_down(limit: int) -> int:
    return max((size for size in SIZES if size <= limit), default=limit)
