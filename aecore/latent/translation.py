"""Image-to-image translation by a direction in the latent space: pictures moved along it,
and the predictions of a reference classifier for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aecore.datasets import Dataset
from aecore.datasets.selection import without_class
from aecore.latent.attributes import CLASS, Attribute, side_effects
from aecore.latent.code_set import code_set, training_codes
from aecore.latent.directions import Direction, Gauge, direction, gauge, parted
from aecore.latent.generation import decoded
from aecore.latent.groups import Groups, pictures_of
from aecore.pretrained.trained_models import TrainedModel, encode
from aecore.reference_classifiers.classifiers import has_reference_classifier, reference_classifier
from aecore.runs.store import RunStore
from aecore.variants.base import Autoencoder

MEASURED = 120
"""Test pictures on which effects are measured."""

HELD_OUT = 1_000
"""Held-out codes for the usual distance from the training codes."""


@dataclass(frozen=True)
class Start:
    """The pictures to move: x (N, C, H, W) test pictures and their codes (N, Z).

    odds: as of `Moved`, of the pictures themselves.
    """

    x: np.ndarray
    codes: np.ndarray
    odds: dict[str, np.ndarray]


@dataclass(frozen=True)
class Moved:
    """x (N, C, H, W): decoded after the move; odds: head -> (N, K); percentiles: (N,) as of `Gauge.percentiles`."""

    x: np.ndarray
    odds: dict[str, np.ndarray]
    percentiles: np.ndarray


@dataclass(frozen=True)
class Effect:
    """The effect of a direction.

    auc: as of `Direction`; before, after: mean odds of the attribute at strength 0 and 1; side_effects: their mean.
    """

    auc: float
    before: float | None
    after: float | None
    side_effects: float | None


@dataclass(frozen=True)
class Translator:
    """A network, its whole data set, and the attribute to change:
    one of the data, or two groups that the user chose.
    """

    model: TrainedModel
    network: Autoencoder
    data: Dataset
    attribute: Attribute
    store: RunStore
    groups: Groups | None = None

    def direction(self, finder: str) -> Direction:
        """The direction that `finder` (of FINDERS) finds between the two groups.

        CodeError, in a sentence, if there is none.
        """
        if self.groups:
            codes = [
                encode(self.network, pictures_of(self.data, rows)) for rows in (self.groups.first, self.groups.second)
            ]
            (first, held_first), (second, held_second) = (parted(np.arange(len(each))) for each in codes)
            return direction(finder, codes[0][first], codes[1][second], codes[0][held_first], codes[1][held_second])
        parts = []
        for part in ("train", "test"):
            found = code_set(self.store, self.model, part, data=self.data)
            parts += [found.codes[rows] for rows in self.attribute.split(found, self.data)]
        return direction(finder, *parts)

    def start(self, side: int, seed: int) -> Start:
        """At most MEASURED pictures of the side without (0) or with (1), drawn by `seed`.

        CodeError if there are none.
        """
        x = pictures_of(self.data, np.random.default_rng(seed).permutation(self._rows(side))[:MEASURED])
        return Start(x, encode(self.network, x), predictions(self.data.name, x))

    def moved(self, codes: np.ndarray, found: Direction, strength: float | np.ndarray) -> Moved:
        """Codes (N, Z) moved along a direction by one strength, or by one for each, and decoded."""
        there = found.move(codes, strength)
        x = decoded(self.network, there)
        return Moved(x, predictions(self.data.name, x), self.gauge.percentiles(there))

    def effect(self, found: Direction, before: Moved, after: Moved) -> Effect:
        """The effect of a direction on the pictures, from before (strength 0) to after (strength 1)."""
        head, answer = head_of(self.attribute, after.odds), self.attribute.answer
        was, now = (float(each.odds[head][:, answer].mean()) if head else None for each in (before, after))
        effects = side_effects(before.odds, after.odds, head)
        return Effect(found.auc, was, now, float(np.mean(list(effects.values()))) if effects else None)

    @cached_property
    def gauge(self) -> Gauge:
        """Typical distances from the training codes."""
        left_out = str(self.model.settings.get("leave_out", ""))
        data = without_class(self.data, left_out)
        held_out = data.test.x[np.random.default_rng(0).permutation(len(data.test))[:HELD_OUT]]
        if left_out:
            seen = training_codes(self.model, data=data)
        else:  # the codes that find the direction, and the held-out ones
            seen = code_set(self.store, self.model, "train", data=data).codes
        return gauge(seen, encode(self.network, held_out))

    def _rows(self, side: int) -> np.ndarray:
        """Rows of the pictures to move: test pictures, or those of the group."""
        if self.groups:
            return (self.groups.first, self.groups.second)[side]
        return self.attribute.split(self.data.test, self.data)[side] + len(self.data.train) + len(self.data.validation)


def predictions(data: str, x: np.ndarray) -> dict[str, np.ndarray]:
    """Head -> odds (N, K) of the reference classifier; empty where there is none."""
    return reference_classifier(data).predictions(x) if has_reference_classifier(data) else {}


def head_of(attribute: Attribute, odds: dict[str, np.ndarray]) -> str:
    """The reference classifier's head for this attribute, "" if there is none."""
    if attribute.head == CLASS and CLASS not in odds:
        return "hair_style" if "hair_style" in odds else ""
    return attribute.head if attribute.head in odds else ""
