"""Attributes of a data set: each splits its examples into those without and those with it,
and corresponds to a prediction of the reference classifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aecore.datasets import Dataset, Examples
from aecore.latent.code_set import CodeError, CodeSet

CLASS = "class"
YES_NO = ("no", "yes")
LOWER, UPPER = 1 / 3, 2 / 3
"""Quantiles of a factor that is measured: its lower third is without, its upper third with."""

WIDEST = 12
"""A factor of more choices than this is left out."""


@dataclass(frozen=True)
class Attribute:
    """key: as the address writes it. head, answer: of the reference classifier, and the prediction that means "with";
    None if the user chose the groups.

    without, having: what the two groups are called.
    """

    key: str
    title: str
    without: str
    having: str
    head: str = ""
    answer: int | None = None
    origin: int | None = None

    def split(self, part: Examples | CodeSet, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
        """Indices of the examples of a part without the attribute, and of those with it."""
        if self.head == CLASS:
            assert part.labels is not None
            others = part.labels == self.origin if self.origin is not None else part.labels != self.answer
            return np.flatnonzero(others), np.flatnonzero(part.labels == self.answer)
        values = part.factors[self.head]
        if self.head in data.factor_values:
            return np.flatnonzero(values != self.answer), np.flatnonzero(values == self.answer)
        low, high = np.quantile(data.train.factors[self.head], (LOWER, UPPER))
        return np.flatnonzero(values <= low), np.flatnonzero(values >= high)


def attributes(data: Dataset) -> dict[str, Attribute]:
    """Key -> attribute, those with two answers first. Classes that are no factor are not included: see `between`."""
    yes, measured, chosen = {}, {}, {}
    for name in data.train.factors:
        values, said = data.factor_values.get(name, ()), spoken(name)
        if values == YES_NO:
            yes[name] = Attribute(name, said.capitalize(), f"no {said}", said, name, 1)
        elif not values:
            measured[name] = Attribute(
                name, said.capitalize(), f"the lower third in {said}", f"the upper third in {said}", name, 1
            )
        elif len(values) <= WIDEST:
            for index, value in enumerate(values):
                chosen[f"{name}={value}"] = Attribute(
                    f"{name}={value}",
                    f"{said.capitalize()}: {value}",
                    f"another {said}",
                    f"{said}: {value}",
                    name,
                    index,
                )
    return {**yes, **measured, **chosen}


def between(data: Dataset, origin: int, goal: int) -> Attribute:
    """From one class to another. CodeError if there are no such classes, or if they are the same."""
    if origin == goal or not 0 <= max(origin, goal) < len(data.classes) or min(origin, goal) < 0:
        raise CodeError("Choose two different classes: one to start from, and one to go to.")
    first, second = data.classes[origin], data.classes[goal]
    return Attribute(
        f"{CLASS}={first}>{second}", f"{first} → {second}", f"class {first}", f"class {second}", CLASS, goal, origin
    )


def side_effects(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray], head: str) -> dict[str, float]:
    """Head -> share of the pictures whose prediction changes, except for `head` itself,
    which is meant to change; odds are (N, K).
    """
    return {
        name: float((odds.argmax(1) != after[name].argmax(1)).mean()) for name, odds in before.items() if name != head
    }


def spoken(name: str) -> str:
    """The name of a factor in plain words."""
    return name.replace("_", " ")
