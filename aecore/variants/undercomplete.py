"""Undercomplete autoencoder: a code smaller than the input, so that it has to compress."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aecore.settings import Settings, SettingsError, knob
from aecore.variants.base import WIDEST, DenseAutoencoder, DenseSettings


@dataclass(frozen=True)
class CodeSize(Settings):
    """The knob that stands first in the form; fields of the last base class come first."""

    latent_size: int = knob(
        25, "Numbers in the code: how narrow the bottleneck is.", label="Code size", low=1, high=WIDEST
    )


@dataclass(frozen=True)
class UndercompleteSettings(DenseSettings, CodeSize):
    """A code smaller than the input."""

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return self.latent_size

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the code is not smaller than the input."""
        super().check_shape(shape)
        if self.latent_size >= math.prod(shape):
            raise SettingsError(
                f"latent_size is {self.latent_size}, but an example has only {math.prod(shape)} "
                "inputs: an undercomplete code must be smaller. Choose at most "
                f"{math.prod(shape) - 1}, or the overcomplete variant."
            )


class Undercomplete(DenseAutoencoder):
    """z = f(W x + b) with fewer numbers than x; y = g(V z + c); the error is the distance between x and y.

    Source: Rumelhart, Hinton & Williams 1986, "Learning internal representations by error propagation" (the encoder
    problem); the deep form: Hinton & Salakhutdinov 2006, doi:10.1126/science.1127647.
    """
