"""One lesson of the Steps page: a table, a network, a rate, an order and a start,
and the numbers that follow, computed once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aecore.worked_examples.toy_training import ORDERS, Course, Epoch, Weights, course, epoch, start
from ui.components.training_steps.ratings_table import FILMS, Table, table_of

LAST_EPOCH = 300
"""Last epoch of the player and the curves."""

COMPARED = 50
"""Epochs that online and batch learning are compared over, unless the visitor chooses others. The player asks for as
many, so that they are learned once.
"""

RATES = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0)
HIDDEN = (1, 2, 3, 4)
STEPS = ("1", "2", "3", "4", "5", "6a", "6b", "7", "8")
"""The eight steps; the sixth has two halves: gradients flow back, weights change."""

MOST_START = 9999


@dataclass(frozen=True)
class Lesson:
    """Everything that the numbers depend on; `text` is the table as in the link."""

    kind: str
    text: str
    hidden: int = 2
    rate: float = 1.0
    order: str = ORDERS[0]
    seed: int = 1

    @property
    def table(self) -> Table:
        """The ratings."""
        return table_of(self.text, self.kind)

    @property
    def start(self) -> Weights:
        """The initial weights."""
        return start(self.hidden, self.seed, len(FILMS))


@dataclass(frozen=True)
class Moment:
    """A moment of the player; epochs and rows count from 1."""

    epoch: int = 1
    row: int = 1
    step: str = STEPS[0]

    def __str__(self) -> str:
        return f"{self.epoch}.{self.row}.{self.step}"

    @classmethod
    def of(cls, text: str) -> Moment:
        """From a link or the player, such as 3.2.6a. ValueError, in a sentence, if it is no moment."""
        found = re.fullmatch(r"(\d{1,4})\.([1-8])\.(\w{1,2})", text, re.ASCII)
        if not found or not 1 <= int(found[1]) <= LAST_EPOCH or found[3] not in STEPS:
            raise ValueError(
                f"'{text[:20]}' is no moment: it takes an epoch (1 to {LAST_EPOCH}), a row and a step, such as 3.2.6a"
            )
        return cls(int(found[1]), int(found[2]), found[3])


@lru_cache(maxsize=64)
def course_of(lesson: Lesson, epochs: int) -> Course:
    """The first `epochs` epochs of the lesson, without intermediate numbers."""
    return course(lesson.start, lesson.table.ratings, lesson.rate, lesson.order, epochs)


def long_course(lesson: Lesson, epochs: int) -> Course:
    """At least `epochs` epochs, in lengths that grow by halves, so that stepping on recomputes little."""
    length = COMPARED
    while length < epochs:
        length += length // 2
    return course_of(lesson, min(length, LAST_EPOCH))


@lru_cache(maxsize=64)
def epoch_of(lesson: Lesson, number: int) -> Epoch:
    """One epoch with all numbers."""
    before = long_course(lesson, number - 1).weights[number - 1]
    return epoch(before, lesson.table.ratings, lesson.rate, lesson.order, number)
