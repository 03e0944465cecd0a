"""Results of training on texts with certain settings: curves, predictions and weights,
stored on disk.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.probing.probes import confusion_matrix
from aecore.runs.store import RunStore
from aecore.stores.results import Kind, Result, ResultCache, Slot
from aecore.words.embedding import Embedding
from aecore.words.runs import chosen_of
from aecore.words.settings import WordSettings

TRAININGS, EMBEDDING, MAP = Kind("word-trainings"), Kind("word-embedding"), Kind("word-map")

ALL = "all"


@dataclass
class Training:
    """One training: loss (E,) after each epoch on the validation texts, and at the epochs `looked` how many
    were `right` of `count`.

    found: predicted class of each validation text at the end; sure: its probability.
    """

    count: int
    loss: list[float] = field(default_factory=list)
    looked: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    found: list[int] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    seconds: float = 0.0
    is_done: bool = False


@dataclass
class Results:
    """words (V,): the vocabulary; found: different words in the texts; folds (N,): which training did not see a text.

    trainings: way -> ALL, trained and validated on all texts, or the number of a fold,
    validated on the texts it did not see.
    """

    words: tuple[str, ...]
    found: int
    folds: tuple[int, ...]
    trainings: dict[str, dict[str, Training]] = field(default_factory=dict)
    is_complete: bool = False

    def held_out(self, way: str) -> list[tuple[np.ndarray, Training]]:
        """The held-out texts of each finished fold, (M,), and its training."""
        assigned = np.array(self.folds)
        mine = self.trainings.get(way, {})
        return [
            (np.flatnonzero(assigned == int(name)), each) for name, each in mine.items() if name != ALL and each.is_done
        ]

    def answers(self, way: str) -> tuple[np.ndarray, np.ndarray]:
        """The held-out prediction of each text, -1 while there is none,
        and its probability: both (N,).
        """
        found, sure = np.full(len(self.folds), -1), np.zeros(len(self.folds))
        for rows, training in self.held_out(way):
            found[rows], sure[rows] = training.found, training.sure
        return found, sure

    def held_out_curve(self, way: str) -> tuple[list[float], list[int], list[float]]:
        """Loss after each epoch, evaluated epochs, and accuracy at these:
        over all held-out texts of the finished folds.
        """
        done = [training for _, training in self.held_out(way)]
        if not done:
            return [], [], []
        total = sum(each.count for each in done)
        loss = np.sum([np.array(each.loss) * each.count for each in done], 0) / total
        return loss.tolist(), done[0].looked, (np.sum([each.right for each in done], 0) / total).tolist()


@dataclass(frozen=True)
class Place:
    """The cache slots of the results for texts and settings. texts: their key; settings: as JSON."""

    home: Path
    texts: str
    settings: str

    @property
    def key(self) -> str:
        """Identifies the texts and settings."""
        return self.slot(TRAININGS).key

    def slot(self, kind: Kind, way: str = "") -> Slot:
        """The place of one kind of result. way: for kinds with one result per way."""
        return ResultCache(self.home).slot(kind, [self.settings, way], [self.texts])


def place_of(home: Path, key: str, settings: WordSettings) -> Place:
    """The place of the results for these texts and settings."""
    return Place(home, key, settings.to_json())


def cached(store: RunStore, run_id: str) -> list[Path]:
    """The results from which the training of a run goes on. RunError or SettingsError if they cannot be named."""
    from aecore.words.ways import WAYS

    place = place_of(store.folder.parent, *chosen_of(store.get(run_id)))
    return [place.slot(TRAININGS).path, *(place.slot(EMBEDDING, way).path for way in WAYS)]


def read_results(place: Place) -> Results | None:
    """The results so far; None if there are none."""
    slot = place.slot(TRAININGS)
    return _read(slot, slot.stamp())


def write_results(place: Place, results: Results) -> None:
    """Writes the results so far."""
    place.slot(TRAININGS).write(asdict(results))


def write_embedding(place: Place, way: str, embedding: Embedding) -> None:
    """Stores the embedding trained on all texts."""
    place.slot(EMBEDDING, way).write(**{name: value for name, value in embedding.__dict__.items() if value is not None})


def read_embedding(place: Place, way: str) -> Embedding | None:
    """The embedding trained on all texts; None while it is missing."""

    def build(found: Result) -> Embedding:
        return Embedding(**{**found.arrays, "is_mean": bool(found.arrays["is_mean"])})

    return place.slot(EMBEDDING, way).read_as(build)


def write_map(place: Place, way: str, maps: dict[str, np.ndarray]) -> None:
    """Stores the t-SNE maps of words and texts, as far as there are any."""
    place.slot(MAP, way).write(**maps)


def read_map(place: Place, way: str) -> dict[str, np.ndarray] | None:
    """The t-SNE maps of words (V, 2) and texts (N, 2), if they exist."""
    found = place.slot(MAP, way).read()
    return None if found is None else found.arrays


def confusion(labels: np.ndarray, found: np.ndarray, classes: int) -> np.ndarray:
    """(C, C) of the texts with predictions: labels, found (N,), -1 where there is none."""
    asked = found >= 0
    return confusion_matrix(labels[asked], found[asked], classes)


@lru_cache(maxsize=8)
def _read(slot: Slot, stamp: int) -> Results | None:
    return slot.read_as(_results) if stamp else None


def _results(found: Result) -> Results:
    values = found.values
    trainings = {
        way: {name: Training(**each) for name, each in mine.items()} for way, mine in values["trainings"].items()
    }
    return Results(tuple(values["words"]), values["found"], tuple(values["folds"]), trainings, values["is_complete"])
