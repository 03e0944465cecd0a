"""Results of the features analysis of a model, kept in the result cache so that nothing is computed twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.datasets import Dataset, card, load
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import SIZES, Probe, ProbeError, ladder
from aecore.runs.store import RunError, RunStore
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import Kind, Result, ResultCache, Slot

REPRESENTATIONS = ("code", "pixels", "pca")
ALL = 0
"""Number of labelled examples that stands for all of them."""

PROBES, TEST_EXAMPLES = Kind("probes", 2), Kind("test-examples")

Key = tuple[str, int, str]
"""Classifier, labelled examples, representation."""


@dataclass(frozen=True)
class Results:
    """The results of one model so far.

    classes: names of the labels. total: number of labelled training examples; most: how many of them fit into memory.
    test: the key under which the cache keeps the test examples. components: how many PCA has, as many as the code has
    active units; 0 where that would be the identity, so that PCA is not compared.
    """

    classes: tuple[str, ...] = ()
    total: int = 0
    most: int = 0
    test: str = ""
    probes: dict[Key, Probe] = field(default_factory=dict)
    components: int = 0

    @property
    def representations(self) -> tuple[str, ...]:
        """Those that are compared: without PCA where it would be the identity."""
        return tuple(each for each in REPRESENTATIONS if each != "pca" or self.components)

    def sizes(self, classifier: str, labelled: int) -> tuple[int, ...]:
        """Numbers of labelled examples to train on, up to `labelled` or all that fit;
        empty while nothing is known.
        """
        limits = [_round_down(limit) for limit in (self.most, CLASSIFIERS[classifier].most) if 0 < limit < self.total]
        return ladder(min([self.total, labelled or self.total, *limits])) if self.total else ()

    def missing(self, classifier: str, labelled: int) -> list[Key]:
        """The probes that are still to be fitted, from few labels to many."""
        keys = [(classifier, size, each) for size in self.sizes(classifier, labelled) for each in self.representations]
        return [key for key in keys if key not in self.probes]

    def is_complete(self, classifier: str, labelled: int) -> bool:
        """Whether all probes have been fitted."""
        return self.total > 0 and not self.missing(classifier, labelled)

    def at(self, classifier: str, size: int) -> dict[str, Probe]:
        """Representation -> its probe with `size` labels, as far as fitted."""
        return {each: self.probes[key] for each in REPRESENTATIONS if (key := (classifier, size, each)) in self.probes}


def results_of(store: RunStore, trained_model: TrainedModel) -> Results:
    """The results of this model; empty if its weights have changed or the file cannot be read."""
    slot = _slot(store, trained_model)
    return _read(slot, slot.stamp())


def begin_results(store: RunStore, trained_model: TrainedModel, known: Results) -> Results:
    """Stores the facts that are known before the first fit."""
    with ResultCache(store.folder.parent).writing():
        _write(store, trained_model, known)
    return known


def keep_probe(store: RunStore, trained_model: TrainedModel, key: Key, probe: Probe) -> None:
    """Stores one more result. RunError if the run has been deleted meanwhile."""
    with ResultCache(store.folder.parent).writing():
        known = results_of(store, trained_model)
        _write(store, trained_model, replace(known, probes={**known.probes, key: probe}))


def cached(store: RunStore, name: str, *_: object) -> list[Path]:
    """The results from which an analysis of this model goes on. RunError if it is missing."""
    trained_model = find_trained_model(store, name)
    test = results_of(store, trained_model).test
    examples = [ResultCache(store.folder.parent).at(TEST_EXAMPLES, test).path] if test else []
    return [_slot(store, trained_model).path, *examples]


def join(home: Path, key: str, data: bytes) -> None:
    """Takes in what an analysis of this model has written elsewhere, beside what others have found meanwhile."""
    cache = ResultCache(home)
    slot = cache.at(PROBES, key)
    with cache.writing():
        brought = slot.beside(".brought")
        brought.write_bytes(data)
        try:
            there, here = (Slot(path, slot.kind, key).read() for path in (brought, slot.path))
        finally:
            brought.unlink(missing_ok=True)
        if there is not None:
            probes = {**(here.values["probes"] if here else {}), **there.values["probes"]}
            slot.write({**there.values, "probes": probes})


def refuse_unlabelled(trained_model: TrainedModel) -> None:
    """ProbeError if the data of this model have no labels; DataError if they are missing."""
    if not card(trained_model.data).has_classes:
        raise ProbeError(
            "The examples that this model has learned have no labels, so there is nothing to recognise. "
            "Choose a model of another data set."
        )


def unseen_examples(store: RunStore, trained_model: TrainedModel, results: Results) -> tuple[np.ndarray, np.ndarray]:
    """Test examples x (N, *shape), pictures as uint8, and their labels (N,). DataError if the data are missing."""
    if results.test:
        slot = ResultCache(store.folder.parent).at(TEST_EXAMPLES, results.test)
        if kept := slot.read_as(lambda found: (found.arrays["x"], found.arrays["labels"])):
            return kept
    data = load(trained_model.data)
    return shown_test_set(data), data.test.labels  # type: ignore[return-value]  # data without labels were refused


def keep_test_examples(store: RunStore, data: Dataset) -> str:
    """Caches the test examples, so that pages need not load the data; returns the key."""
    shown = shown_test_set(data)
    slot = ResultCache(store.folder.parent).slot(TEST_EXAMPLES, data.name, [fingerprint(shown)])
    if not slot.stamp():
        slot.write(x=shown, labels=data.test.labels)
    return slot.key


def shown_test_set(data: Dataset) -> np.ndarray:
    """The test examples (N, *shape), pictures as uint8."""
    return (data.test.x * 255).round().astype(np.uint8) if data.is_image else data.test.x


def _slot(store: RunStore, trained_model: TrainedModel) -> Slot:
    return ResultCache(store.folder.parent).slot(PROBES, trained_model.id, [trained_model.fingerprint])


def _write(store: RunStore, trained_model: TrainedModel, results: Results) -> None:
    if trained_model.folder is not None and not trained_model.folder.is_dir():
        raise RunError(f"Run {trained_model.id} has been deleted meanwhile.")
    values = {name: getattr(results, name) for name in ("classes", "total", "most", "test", "components")}
    values["probes"] = {"/".join(map(str, key)): probe.to_dict() for key, probe in results.probes.items()}
    _slot(store, trained_model).write(values)


@lru_cache(maxsize=8)
def _read(slot: Slot, stamp: int) -> Results:
    return (slot.read_as(_results) if stamp else None) or Results()


def _results(found: Result) -> Results:
    values = found.values
    probes = {_key(text): Probe.from_dict(probe) for text, probe in values["probes"].items()}
    most, components = int(values["most"]), int(values["components"])
    return Results(tuple(values["classes"]), int(values["total"]), most, str(values["test"]), probes, components)


def _key(text: str) -> Key:
    classifier, size, representation = text.split("/")
    return classifier, int(size), representation


def _round_down(limit: int) -> int:
    return max((size for size in SIZES if size <= limit), default=limit)
