"""How real generated pictures look, measured: every way of sampling, of several models, against real pictures.

An analysis; each figure is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aecore.datasets import Dataset, load
from aecore.jobs.kinds import JobProgress
from aecore.latent.code_set import CodeError, training_codes
from aecore.latent.copies import nearest
from aecore.latent.sampling import MIXED, sampler, ways_for
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
"""Draws of each way, and where their random numbers begin."""

COMPARED = 200
"""Pictures whose nearest training picture is looked for."""

FRECHET = Kind("frechet-score")

REAL, RECONSTRUCTED = "real", "reconstructed"


@dataclass(frozen=True)
class FrechetScore:
    """What the judge makes of `count` pictures. Each list holds one number a draw.

    frechet: distance to as many test pictures; own: to the model's own reconstructions of these, which leaves out
    what its decoder cannot paint, empty where it makes no sense; sureness: mean probability of its own answer;
    score: as `inception_score`; shares: of the pictures taken for each answer of the main head; distance: median to
    the nearest training picture, None where the pictures come from training pictures.
    """

    count: int
    frechet: list[float]
    own: list[float]
    sureness: list[float]
    score: list[float]
    shares: list[float]
    distance: float | None


def measure(store: RunStore, names: Sequence[str], hills: int = MIXED) -> Iterator[JobProgress]:
    """Finds out what is not known yet of the models `names`, all of the same data:
    each way, and their reconstructions; and of real pictures.

    CodeError, RunError or DataError if a model or its codes cannot be used.
    """
    trained_models = [find_trained_model(store, name) for name in names]
    wanted = [(source, kind) for source in trained_models for kind in kinds(source)]
    missing = [(source, kind) for source, kind in wanted if read(store, source, kind, hills) is None]
    if not missing:
        return
    yield JobProgress(0.0, "Loading the pictures")
    hall = _Hall(missing[0][0].data)
    for index, (source, kind) in enumerate(missing):
        yield JobProgress((index + 0.2) / (len(missing) + 1), f"Model {source.id}, {kind}")
        own = None if kind in (REAL, RECONSTRUCTED) else hall.reconstructed(source)
        score = hall.classified(kind, _maker(source, kind, hills, hall), own)
        _slot(store, source, kind, hills).write(asdict(score))


def kinds(source: TrainedModel) -> tuple[str, ...]:
    """What is judged of a model: real pictures first, then its reconstructions, then each way."""
    return (REAL, RECONSTRUCTED, *ways_for(source.settings["variant"]))


def read(store: RunStore, source: TrainedModel, kind: str, hills: int = MIXED) -> FrechetScore | None:
    """What has been found out; None if it has not been, or cannot be read."""
    return _slot(store, source, kind, hills).read_as(lambda found: FrechetScore(**found.values))


def main_head(found: ReferenceClassifier) -> str:
    """The head whose answers are counted: the only one, or of faces the hair style, which is their class."""
    return "hair_style" if "hair_style" in found.heads else next(iter(found.heads))


def decoded(network: Autoencoder, z: np.ndarray) -> np.ndarray:
    """Codes z (N, Z) as pictures (N, *shape), clipped to [0, 1]."""
    return decode(network, z).clip(0, 1)


class _Hall:
    """The judge of a data set, the real pictures to compare with, and their statistics."""

    def __init__(self, name: str) -> None:
        if not has_reference_classifier(name):
            raise CodeError(
                "There is no reference classifier for these pictures, so how realistic they are cannot be measured."
            )
        self.data: Dataset = load(name)
        self.reference_classifier = reference_classifier(name)
        self.count = min(PICTURES, len(self.data.test))
        self.test: Cloud = cloud(self.reference_classifier.features(self.data.test.x[: self.count]))

    def reconstructed(self, source: TrainedModel) -> Cloud:
        """Statistics of the test pictures as they come back from a model."""
        network = source.network()
        return cloud(
            self.reference_classifier.features(decoded(network, encode(network, self.data.test.x[: self.count])))
        )

    def classified(
        self, kind: str, make: Callable[[int, np.random.Generator], np.ndarray], own: Cloud | None
    ) -> FrechetScore:
        """make(count, rng) -> pictures of that kind, drawn REPEATS times."""
        draws = [make(self.count, np.random.default_rng(SEED + repeat)) for repeat in range(REPEATS)]
        looks, head = [self.reference_classifier.look(x) for x in draws], main_head(self.reference_classifier)
        shown = self.data.test.x if kind == REAL else draws[0]  # a real picture is compared with those it is not among
        return FrechetScore(
            self.count,
            [frechet_distance(cloud(features), self.test) for features, _ in looks],
            [frechet_distance(cloud(features), own) for features, _ in looks if own],
            [float(np.mean([sureness(odds) for odds in verdicts.values()])) for _, verdicts in looks],
            [inception_score(verdicts[head]) for _, verdicts in looks],
            np.mean([shares(verdicts[head]) for _, verdicts in looks], axis=0).tolist(),
            None if kind == RECONSTRUCTED else float(np.median(nearest(shown[:COMPARED], self.data.train.x)[1])),
        )


def _maker(
    source: TrainedModel, kind: str, hills: int, hall: _Hall
) -> Callable[[int, np.random.Generator], np.ndarray]:
    """(count, rng) -> pictures of that kind.

    Real ones are training pictures: how far they are from test pictures is the floor.
    """

    def drawn(count: int, rng: np.random.Generator) -> np.ndarray:
        return hall.data.train.x[rng.permutation(len(hall.data.train))[:count]]

    if kind == REAL:
        return drawn
    network = source.network()
    if kind == RECONSTRUCTED:
        return lambda count, rng: decoded(network, encode(network, drawn(count, rng)))
    found = sampler(kind, training_codes(source, data=hall.data), hills)
    return lambda count, rng: decoded(network, found.draw(count, rng, 1.0))


def _slot(store: RunStore, source: TrainedModel, kind: str, hills: int) -> Slot:
    who = (
        (source.data,) if kind == REAL else (source.id, source.fingerprint)
    )  # real pictures are the same for all models of the data
    settings = [kind, hills if kind == "mixture" else 0, PICTURES, REPEATS]
    return ResultCache(store.folder.parent).slot(FRECHET, settings, [*who, _weights_fingerprint(source.data)])


@lru_cache(maxsize=8)
def _weights_fingerprint(data: str) -> str:
    return fingerprint(weights_file(data).read_bytes()) if has_reference_classifier(data) else ""
