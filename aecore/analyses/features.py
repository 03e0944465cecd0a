"""Features: the codes of a model compared with raw pixels, and with PCA of as many components as the code has active
units, by simple classifiers with few and many labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np

from aecore.analyses.feature_results import (
    ALL,
    Key,
    Results,
    begin_results,
    keep_probe,
    keep_test_examples,
    refuse_unlabelled,
    results_of,
)
from aecore.datasets import Dataset, load
from aecore.jobs.kinds import JobProgress
from aecore.metrics.baselines import fit_pca
from aecore.pretrained.trained_models import TrainedModel, encoder_of, find_trained_model, plain_layers
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import Part, Probe, probe_steps
from aecore.runs.store import RunStore

MOST_NUMBERS = 60_000_000
"""Largest number of training examples times numbers per example for one classifier: 240 MB."""

Encode = Callable[[np.ndarray], np.ndarray]

TITLES = {"code": "code", "pixels": "raw pixels", "pca": "PCA"}


def analyse(store: RunStore, name: str, classifier: str, labelled: int = ALL) -> Iterator[JobProgress]:
    """Fits the missing probes, from few labels to many, and stores each as soon as it is fitted.

    All representations share the same labelled examples, drawn once; as many validation examples, or all, choose the
    penalty. RunError, DataError, SettingsError or ProbeError if the model cannot be analysed.
    """
    trained_model = find_trained_model(store, name)
    refuse_unlabelled(trained_model)
    yield JobProgress(0.0, "Loading the data")
    data = _load(trained_model.data)
    yield JobProgress(0.02, "Fitting PCA and encoding")
    views = _Views(data, trained_model, store)
    known = results_of(store, trained_model)
    if not known.total:
        known = begin_results(store, trained_model, _first_facts(store, data, views))
    missing = known.missing(classifier, labelled)
    if not missing:
        return
    views.prepare(max(size for _, size, _ in missing))
    costs = np.array([_cost(key, views.numbers) for key in missing])
    for index, key in enumerate(missing):
        for number, step in enumerate(probe_steps(classifier, *views.parts(key), classes=len(data.classes))):
            if isinstance(step, Probe):
                keep_probe(store, trained_model, key, step)
            else:
                share = costs[:index].sum() + costs[index] * (number + 1) / len(CLASSIFIERS[classifier].penalties)
                yield JobProgress(
                    0.1 + 0.9 * float(share / costs.sum()),
                    f"{key[1]:,} labels, {TITLES[key[2]]}: penalty {step.penalty:g}",
                )


class _Views:
    """The representations of one data set; labelled examples in the order in which they are drawn."""

    def __init__(self, data: Dataset, trained_model: TrainedModel, store: RunStore) -> None:
        encode, size = encoder_of(trained_model)
        self.components = _components(trained_model, encode, size, data)
        self._data = data
        self._functions: dict[str, Encode] = {"code": encode, "pixels": lambda x: x.reshape(len(x), -1)}
        self._parts: dict[str, list[Part]] = {}
        self.numbers = {"code": size, "pixels": data.inputs}
        if self.components:
            pca = fit_pca(data, self.components, store.folder.parent)
            self._functions["pca"] = pca.encode
            self.numbers["pca"] = len(pca.components)

    def prepare(self, labelled: int) -> None:
        """Draws `labelled` training examples, as many validation examples or all, and the test set,
        and computes every representation of them.
        """
        wholes = (self._data.train, self._data.validation, self._data.test)
        drawn = [Part(np.arange(len(whole)), whole.labels) for whole in wholes]
        drawn[:2] = [part.take(labelled) for part in drawn[:2]]
        for name, function in self._functions.items():
            self._parts[name] = [
                Part(function(whole.x[part.z]), part.labels) for whole, part in zip(wholes, drawn, strict=True)
            ]

    def parts(self, key: Key) -> list[Part]:
        """Training, validation and test part for this key."""
        _, labelled, name = key
        return [
            *(Part(part.z[:labelled], part.labels[:labelled]) for part in self._parts[name][:2]),
            self._parts[name][2],
        ]


def _first_facts(store: RunStore, data: Dataset, views: _Views) -> Results:
    """The facts that are known before the first fit."""
    test = keep_test_examples(store, data)
    most = min(len(data.train), MOST_NUMBERS // max(views.numbers.values()))
    return Results(data.classes, len(data.train), most, test, components=views.components)


def _components(trained_model: TrainedModel, encode: Encode, size: int, data: Dataset) -> int:
    """Components of the PCA that the code is compared with: as many as its active units;
    0 where that would be the identity.
    """
    if plain_layers(trained_model):  # every unit is active, and torch need not be imported
        return size if size < data.inputs else 0
    from aecore.experiment.pca_baseline import comparable_size
    from aecore.experiment.settings import RunSettings

    settings = RunSettings.from_dict(trained_model.settings).model
    return comparable_size(settings, tuple(data.shape), encode(data.validation.x)) or 0


def _cost(key: Key, numbers: dict[str, int]) -> float:
    """Relative duration of a fit; a kernel compares every pair of examples."""
    classifier, labelled, name = key
    return (1000 + labelled * numbers[name]) * (labelled / 1000 if classifier == "kernel-svm" else 1)


@lru_cache(maxsize=1)
def _load(name: str) -> Dataset:
    return load(name)
