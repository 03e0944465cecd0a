"""k-sparse autoencoder: only the k highest activations of the code are kept, the rest are set to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from aecore.layers import ActivationName
from aecore.settings import SettingsError, knob
from aecore.variants.base import WIDEST, DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings


@dataclass(frozen=True)
class Kept(WideCode):
    """The knob that gives the variant its name, second in the form."""

    k: int = knob(
        25, "How many units may speak for one example; the k highest are kept, the others are set to zero.", label="Units kept (k)", low=1, high=WIDEST
    )


@dataclass(frozen=True)
class KSparseSettings(WideSettings, Kept):
    """A wide code of which k units speak at a time; linear units and tied weights, as in the paper."""

    code_activation: ActivationName = knob("linear", "What the code layer does with its weighted sums before the highest are chosen.", advanced=True)
    tied: bool = knob(True, "The decoder uses the encoder's weights, turned around, as in the paper.")

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if more units are to be kept than there are."""
        super().check_shape(shape)
        if self.k > self.latent_size:
            raise SettingsError(f"k is {self.k}, but the code has only {self.latent_size} units to choose from; choose k up to {self.latent_size}.")

    @classmethod
    def suit(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """The same share of the units where the code is small."""
        chosen = super().suit(shape, suggested)
        return chosen | {"k": min(25, max(1, chosen["latent_size"] // 10))}


class KSparse(DenseAutoencoder):
    """z = W x + b, all but the k highest set to zero, y = W^T z + c.

    Source: Makhzani & Frey 2013, "k-Sparse autoencoders", arXiv:1312.5663, algorithm 1.
    """

    def encode(self, x: Tensor) -> Tensor:
        """(B, *shape) -> (B, Z), at most k of the numbers in each row different from zero."""
        return highest(super().encode(x), self.settings.k)


def highest(z: Tensor, k: int) -> Tensor:
    """z (B, Z) with all but the k highest of each row set to zero; among equals, some are chosen so that k remain."""
    values, places = z.topk(k, dim=1, sorted=False)
    return z.new_zeros(z.shape).scatter(1, places, values)
