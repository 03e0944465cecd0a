"""Base of the variants with a wide code, in which a penalty or constraint prevents the identity mapping."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from aecore.settings import Settings, knob
from aecore.variants.base import WIDEST, DenseSettings


@dataclass(frozen=True)
class WideCode(Settings):
    """The knob that stands first in the form; fields of the last base class come first."""

    latent_size: int = knob(
        1000,
        "Numbers in the code. It may be wider than the input: something else keeps it from copying.",
        label="Code size",
        low=1,
        high=WIDEST,
    )


@dataclass(frozen=True)
class WideSettings(DenseSettings, WideCode):
    """A wide code, and the choice of tied weights."""

    tied: bool = knob(
        False,
        "The decoder uses the encoder's weights, transposed: half as many weights to learn.",
    )

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return self.latent_size

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """One layer of at most four units for each input; of the data's suggestions, only the training settings."""
        default = {each.name: each.default for each in cls.knobs()}["latent_size"]
        training = {name: value for name, value in suggested.items() if name in ("epochs", "batch_size")}
        return {**training, "latent_size": min(default, 4 * math.prod(shape)), "learning_rate": 0.002}
