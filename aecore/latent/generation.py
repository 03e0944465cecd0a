"""Fréchet distances of generated pictures: every way of sampling from several models, against real pictures.

An analysis job; each figure is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aecore.datasets import Dataset, load
from aecore.jobs.kinds import JobProgress
from aecore.latent.code_set import CodeError, training_codes
from aecore.latent.memorisation_check import nearest
from aecore.latent.sampling import DEFAULT_COMPONENTS, WAYS, sampler, ways_for
from aecore.metrics.frechet import Cloud, cloud, frechet_distance, inception_score, shares, sureness
from aecore.pretrained.trained_models import TrainedModel, decode, encode, find_trained_model
from aecore.reference_classifiers.classifiers import (
    ReferenceClassifier,
    has_reference_classifier,
    reference_classifier,
    weights_file,
)
from aecore.runs.store import RunStore
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import Kind, ResultCache, Slot

if TYPE_CHECKING:
    from aecore.variants.base import Autoencoder

PICTURES = 2_000
"""Pictures in every comparison, or as many as there are test pictures."""

REPEATS, SEED = 3, 11
"""Samples of each way, and their first random seed."""

COMPARED = 200
"""Pictures whose nearest training picture is found."""

FRECHET = Kind("frechet-score")

REAL, RECONSTRUCTED = "real", "reconstructed"


@dataclass(frozen=True)
class FrechetScore:
    """Metrics of `count` pictures by the reference classifier. Each list holds one number per sample.

    frechet: distance to as many test pictures; own: to the model's own reconstructions of these, which leaves out
    the decoder's own error, empty where undefined; sureness: mean probability of its predictions;
    score: as `inception_score`; shares: of the pictures predicted as each class of the main head; distance: median to
    the nearest training picture, None where the pictures come from training pictures.
    """

    count: int
    frechet: list[float]
    own: list[float]
    sureness: list[float]
    score: list[float]
    shares: list[float]
    distance: float | None


def measure(store: RunStore, names: Sequence[str], components: int = DEFAULT_COMPONENTS) -> Iterator[JobProgress]:
    """Computes the missing scores of the models `names`, all of the same data:
    of each way, of their reconstructions, and of real pictures.

    CodeError, RunError or DataError if a model or its codes cannot be used.
    """
    trained_models = [find_trained_model(store, name) for name in names]
    wanted = [(trained_model, kind) for trained_model in trained_models for kind in kinds(trained_model)]
    missing = [
        (trained_model, kind) for trained_model, kind in wanted if read(store, trained_model, kind, components) is None
    ]
    if not missing:
        return
    yield JobProgress(0.0, "Loading the pictures")
    reference = _Reference(missing[0][0].data)
    for index, (trained_model, kind) in enumerate(missing):
        yield JobProgress((index + 0.2) / (len(missing) + 1), _doing(trained_model, kind))
        own = None if kind in (REAL, RECONSTRUCTED) else reference.reconstructed(trained_model)
        score = reference.classified(kind, _maker(trained_model, kind, components, reference), own)
        _slot(store, trained_model, kind, components).write(asdict(score))


def cached(store: RunStore, names: Sequence[str], components: int = DEFAULT_COMPONENTS) -> list[Path]:
    """The scores that `measure` does not compute again. RunError if a model is missing."""
    trained_models = [find_trained_model(store, name) for name in names]
    return [_slot(store, each, kind, components).path for each in trained_models for kind in kinds(each)]


def _doing(trained_model: TrainedModel, kind: str) -> str:
    if kind == REAL:
        return "Classifying real pictures"
    model = f"the {trained_model.settings['variant'].replace('-', ' ')} autoencoder"
    if kind == RECONSTRUCTED:
        return f"Classifying reconstructions of {model}"
    return f"Classifying samples of {model}: {WAYS[kind].title}"


def kinds(trained_model: TrainedModel) -> tuple[str, ...]:
    """The kinds of pictures scored for a model: real pictures first, then its reconstructions, then each way."""
    return (REAL, RECONSTRUCTED, *ways_for(trained_model.settings["variant"]))


def read(
    store: RunStore, trained_model: TrainedModel, kind: str, components: int = DEFAULT_COMPONENTS
) -> FrechetScore | None:
    """The cached score; None if there is none that can be read."""
    return _slot(store, trained_model, kind, components).read_as(lambda found: FrechetScore(**found.values))


def main_head(found: ReferenceClassifier) -> str:
    """The head whose predictions are counted: the only one, or of faces the hair style, which is their class."""
    return "hair_style" if "hair_style" in found.heads else next(iter(found.heads))


def decoded(network: Autoencoder, z: np.ndarray) -> np.ndarray:
    """Codes z (N, Z) as pictures (N, *shape), clipped to [0, 1]."""
    return decode(network, z).clip(0, 1)


class _Reference:
    """The reference classifier of a data set, the real pictures to compare with, and their statistics."""

    def __init__(self, name: str) -> None:
        if not has_reference_classifier(name):
            raise CodeError(
                "There is no reference classifier for these pictures, so how realistic they are cannot be measured."
            )
        self.data: Dataset = load(name)
        self.reference_classifier = reference_classifier(name)
        self.count = min(PICTURES, len(self.data.test))
        self.test: Cloud = cloud(self.reference_classifier.features(self.data.test.x[: self.count]))

    def reconstructed(self, trained_model: TrainedModel) -> Cloud:
        """Statistics of a model's reconstructions of the test pictures."""
        network = trained_model.network()
        return cloud(
            self.reference_classifier.features(decoded(network, encode(network, self.data.test.x[: self.count])))
        )

    def classified(
        self, kind: str, make: Callable[[int, np.random.Generator], np.ndarray], own: Cloud | None
    ) -> FrechetScore:
        """The score of a kind. make(count, rng) -> pictures of that kind, called REPEATS times."""
        draws = [make(self.count, np.random.default_rng(SEED + repeat)) for repeat in range(REPEATS)]
        looks, head = [self.reference_classifier.look(x) for x in draws], main_head(self.reference_classifier)
        shown = self.data.test.x if kind == REAL else draws[0]  # training pictures would be their own nearest
        return FrechetScore(
            self.count,
            [frechet_distance(cloud(features), self.test) for features, _ in looks],
            [frechet_distance(cloud(features), own) for features, _ in looks if own],
            [float(np.mean([sureness(odds) for odds in predictions.values()])) for _, predictions in looks],
            [inception_score(predictions[head]) for _, predictions in looks],
            np.mean([shares(predictions[head]) for _, predictions in looks], axis=0).tolist(),
            None if kind == RECONSTRUCTED else float(np.median(nearest(shown[:COMPARED], self.data.train.x)[1])),
        )


def _maker(
    trained_model: TrainedModel, kind: str, components: int, reference: _Reference
) -> Callable[[int, np.random.Generator], np.ndarray]:
    """(count, rng) -> pictures of that kind.

    Real ones are training pictures: their distance from test pictures is the floor.
    """

    def drawn(count: int, rng: np.random.Generator) -> np.ndarray:
        return reference.data.train.x[rng.permutation(len(reference.data.train))[:count]]

    if kind == REAL:
        return drawn
    network = trained_model.network()
    if kind == RECONSTRUCTED:
        return lambda count, rng: decoded(network, encode(network, drawn(count, rng)))
    found = sampler(kind, training_codes(trained_model, data=reference.data), components)
    return lambda count, rng: decoded(network, found.draw(count, rng, 1.0))


def _slot(store: RunStore, trained_model: TrainedModel, kind: str, components: int) -> Slot:
    who = (
        (trained_model.data,) if kind == REAL else (trained_model.id, trained_model.fingerprint)
    )  # real pictures are the same for all models of the data
    settings = [kind, components if kind == "mixture" else 0, PICTURES, REPEATS]
    return ResultCache(store.folder.parent).slot(FRECHET, settings, [*who, _weights_fingerprint(trained_model.data)])


@lru_cache(maxsize=8)
def _weights_fingerprint(data: str) -> str:
    return fingerprint(weights_file(data).read_bytes()) if has_reference_classifier(data) else ""
