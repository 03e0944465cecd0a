"""Overcomplete autoencoder: a code at least as large as the input, so that it can become the identity."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aecore.settings import Settings, knob
from aecore.variants.base import DenseAutoencoder, DenseSettings


@dataclass(frozen=True)
class Expansion(Settings):
    """The knob that stands first in the form; fields of the last base class come first."""

    expansion: float = knob(
        1.5, "Size of the code as a multiple of the input: 1 is as many numbers as there are inputs.", low=1.0, high=4.0
    )


@dataclass(frozen=True)
class OvercompleteSettings(DenseSettings, Expansion):
    """A code as large as the input or larger."""

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return round(self.expansion * math.prod(shape))


class Overcomplete(DenseAutoencoder):
    """The same network with a code at least as large as x. Nothing forces it to learn structure of the data.

    It can reach a small error by passing each input through a node of its own. Source: Goodfellow, Bengio & Courville
    2016, "Deep Learning", section 14.1; Bengio 2009, doi:10.1561/2200000006, section 4.6.
    """
