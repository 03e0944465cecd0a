"""What has been found out about the codes of a model: kept in the result cache,
read by whoever looks, never computed twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from aecore.datasets import Dataset, card, load
from aecore.pretrained.trained_models import TrainedModel
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import SIZES, Probe, ProbeError, ladder
from aecore.runs.store import RunError, RunStore
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import Kind, Result, ResultCache, Slot

REPRESENTATIONS = ("code", "pixels", "pca")
ALL = 0
"""Labelled examples to learn from: as many as there are."""

PROBES, TEST_EXAMPLES = Kind("probes"), Kind("test-examples")

Key = tuple[str, int, str]
"""Classifier, labelled examples, representation."""


@dataclass(frozen=True)
class Results:
    """What is known of one model so far.

    classes: names of the labels. total: labelled training examples there are; most: how many of them fit into memory.
    test: the key under which the cache keeps the test examples.
    """

    classes: tuple[str, ...] = ()
    total: int = 0
    most: int = 0
    test: str = ""
    probes: dict[Key, Probe] = field(default_factory=dict)

    def sizes(self, classifier: str, labelled: int) -> tuple[int, ...]:
        """Numbers of labelled examples to ask at, up to `labelled` or as many as can be had;
        empty while nothing is known.
        """
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
    slot = _slot(store, source)
    return _read(slot, slot.stamp())


def begin_results(store: RunStore, source: TrainedModel, known: Results) -> Results:
    """Keeps what is known before the first fit."""
    with ResultCache(store.folder.parent).writing():
        _write(store, source, known)
    return known


def keep_probe(store: RunStore, source: TrainedModel, key: Key, probe: Probe) -> None:
    """Adds one result. RunError if the run has been deleted meanwhile."""
    with ResultCache(store.folder.parent).writing():
        known = results_of(store, source)
        _write(store, source, Results(known.classes, known.total, known.most, known.test, {**known.probes, key: probe}))


def refuse_unlabelled(source: TrainedModel) -> None:
    """ProbeError if the data of this model have no labels; DataError if they are gone."""
    if not card(source.data).has_classes:
        raise ProbeError(
            "The examples that this model has learned have no labels, so there is nothing to recognise. "
            "Choose a model of another data set."
        )


def unseen_examples(store: RunStore, source: TrainedModel, results: Results) -> tuple[np.ndarray, np.ndarray]:
    """Test examples x (N, *shape), pictures as uint8, and their labels (N,). DataError if the data are gone."""
    if results.test:
        slot = ResultCache(store.folder.parent).at(TEST_EXAMPLES, results.test)
        if kept := slot.read_as(lambda found: (found.arrays["x"], found.arrays["labels"])):
            return kept
    data = load(source.data)
    return shown_test_set(data), data.test.labels  # type: ignore[return-value]  # data without labels were refused


def keep_test_examples(store: RunStore, data: Dataset) -> str:
    """Keeps the test examples where pages find them without loading the data; returns the key."""
    shown = shown_test_set(data)
    slot = ResultCache(store.folder.parent).slot(TEST_EXAMPLES, data.name, [fingerprint(shown)])
    if not slot.stamp():
        slot.write(x=shown, labels=data.test.labels)
    return slot.key


def shown_test_set(data: Dataset) -> np.ndarray:
    """The test examples (N, *shape), pictures as uint8."""
    return (data.test.x * 255).round().astype(np.uint8) if data.is_image else data.test.x


def _slot(store: RunStore, source: TrainedModel) -> Slot:
    return ResultCache(store.folder.parent).slot(PROBES, source.id, [source.fingerprint])


def _write(store: RunStore, source: TrainedModel, results: Results) -> None:
    if source.folder is not None and not source.folder.is_dir():
        raise RunError(f"Run {source.id} has been deleted meanwhile.")
    values = {name: getattr(results, name) for name in ("classes", "total", "most", "test")}
    values["probes"] = {"/".join(map(str, key)): probe.to_dict() for key, probe in results.probes.items()}
    _slot(store, source).write(values)


@lru_cache(maxsize=8)
def _read(slot: Slot, stamp: int) -> Results:
    return (slot.read_as(_results) if stamp else None) or Results()


def _results(found: Result) -> Results:
    values = found.values
    probes = {_key(text): Probe.from_dict(probe) for text, probe in values["probes"].items()}
    return Results(tuple(values["classes"]), int(values["total"]), int(values["most"]), str(values["test"]), probes)


def _key(text: str) -> Key:
    classifier, size, representation = text.split("/")
    return classifier, int(size), representation


def _round_down(limit: int) -> int:
    return max((size for size in SIZES if size <= limit), default=limit)
