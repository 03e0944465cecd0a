"""What has been learned from texts with certain settings: curves, answers and weights,
kept on disk, read by whoever looks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.probing.probes import confusion_matrix
from aecore.stores.results import Kind, Result, ResultCache, Slot
from aecore.words.embedding import Embedding
from aecore.words.settings import WordSettings

TRAININGS, EMBEDDING, MAP = Kind("word-trainings"), Kind("word-embedding"), Kind("word-map")

ALL = "all"


@dataclass
class Training:
    """One training: loss (E,) after each epoch on the watched texts, and at the epochs `looked` how many
    were `right` of `count`.

    found: class of each watched text at the end; sure: the probability it was given.
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

    trainings: way -> ALL, learned from and watched on all texts, or the number of a fold,
    watched on the texts it did not see.
    """

    words: tuple[str, ...]
    found: int
    folds: tuple[int, ...]
    trainings: dict[str, dict[str, Training]] = field(default_factory=dict)
    is_complete: bool = False

    def held_out(self, way: str) -> list[tuple[np.ndarray, Training]]:
        """The texts of each fold that is done, (M,), and the training that has not seen them."""
        assigned = np.array(self.folds)
        mine = self.trainings.get(way, {})
        return [
            (np.flatnonzero(assigned == int(name)), each) for name, each in mine.items() if name != ALL and each.is_done
        ]

    def answers(self, way: str) -> tuple[np.ndarray, np.ndarray]:
        """What each text was taken for by a network that has not seen it, -1 while nobody was asked,
        and how sure it was: both (N,).
        """
        found, sure = np.full(len(self.folds), -1), np.zeros(len(self.folds))
        for rows, training in self.held_out(way):
            found[rows], sure[rows] = training.found, training.sure
        return found, sure

    def held_out_curve(self, way: str) -> tuple[list[float], list[int], list[float]]:
        """Loss after each epoch, epochs that were looked at, and share right there:
        over all held-out texts of the folds that are done.
        """
        done = [training for _, training in self.held_out(way)]
        if not done:
            return [], [], []
        total = sum(each.count for each in done)
        loss = np.sum([np.array(each.loss) * each.count for each in done], 0) / total
        return loss.tolist(), done[0].looked, (np.sum([each.right for each in done], 0) / total).tolist()


@dataclass(frozen=True)
class Place:
    """Where the results for some texts and settings lie. texts: their key; settings: as JSON."""

    home: Path
    texts: str
    settings: str

    @property
    def key(self) -> str:
        """Another one for other texts or settings."""
        return self.slot(TRAININGS).key

    def slot(self, kind: Kind, way: str = "") -> Slot:
        """The place of one kind of result. way: what was learned from, where each has a result of its own."""
        return ResultCache(self.home).slot(kind, [self.settings, way], [self.texts])


def place_of(home: Path, key: str, settings: WordSettings) -> Place:
    """Where the results for these texts and settings lie."""
    return Place(home, key, settings.to_json())


def read_results(place: Place) -> Results | None:
    """What is known so far; None if nothing is."""
    slot = place.slot(TRAININGS)
    return _read(slot, slot.stamp())


def write_results(place: Place, results: Results) -> None:
    """Writes all that is known so far."""
    place.slot(TRAININGS).write(asdict(results))


def write_embedding(place: Place, way: str, embedding: Embedding) -> None:
    """Keeps what was learned from all texts."""
    place.slot(EMBEDDING, way).write(**{name: value for name, value in embedding.__dict__.items() if value is not None})


def read_embedding(place: Place, way: str) -> Embedding | None:
    """What was learned from all texts; None while it is not there."""

    def build(found: Result) -> Embedding:
        return Embedding(**{**found.arrays, "is_mean": bool(found.arrays["is_mean"])})

    return place.slot(EMBEDDING, way).read_as(build)


def write_map(place: Place, way: str, maps: dict[str, np.ndarray]) -> None:
    """Keeps the t-SNE maps of words and texts, as far as there are enough of them to draw one."""
    place.slot(MAP, way).write(**maps)


def read_map(place: Place, way: str) -> dict[str, np.ndarray] | None:
    """The t-SNE maps of words (V, 2) and texts (N, 2), if they were made."""
    found = place.slot(MAP, way).read()
    return None if found is None else found.arrays


def confusion(labels: np.ndarray, found: np.ndarray, classes: int) -> np.ndarray:
    """(C, C) of the texts that have been asked about: labels, found (N,), where -1 was not asked."""
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
