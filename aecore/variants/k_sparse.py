"""k-sparse autoencoder: only the k highest activations of the code are kept, the rest are set to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from aecore.nn.layers import ActivationName
from aecore.settings import SettingsError, knob
from aecore.variants.base import WIDEST, DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings

DEAD_AFTER = 4000
"""A unit that was not among the k highest for this many examples in a row counts as dead."""

REVIVAL = 1 / 32
"""Weight of the dead units' auxiliary loss. Gao et al. 2024, appendix A.2."""

SHARE = 4
"""One in this many examples of a batch is used for the auxiliary loss, which is cheaper and enough."""


@dataclass(frozen=True)
class Kept(WideCode):
    """The knobs that give the variant its name, second in the form."""

    k: int = knob(
        25,
        "How many units may speak for one example; the k highest are kept, the others set to zero.",
        label="Units kept (k)",
        low=1,
        high=WIDEST,
    )
    revive: bool = knob(
        True,
        "Units that are never among the highest learn nothing and stay dead. "
        "This lets them try to mend what the others leave.",
    )
    alpha: float = knob(
        1.0,
        "Once trained, keep this many times k: features for a classifier may profit from more than were trained with.",
        label="α",
        low=1.0,
        high=4.0,
        advanced=True,
    )


@dataclass(frozen=True)
class KSparseSettings(WideSettings, Kept):
    """A wide code of which k units are active at a time; linear units and tied weights, as in the paper."""

    code_activation: ActivationName = knob(
        "linear", "What the code layer does with its weighted sums before the highest are chosen.", advanced=True
    )
    output: Literal["sigmoid", "linear"] = knob(
        "linear",
        "The output unit; linear as in the paper, or a sigmoid, which keeps every pixel between 0 and 1.",
        advanced=True,
    )
    tied: bool = knob(True, "The decoder uses the encoder's weights, turned around, as in the paper.")

    def active_units(self, shape: tuple[int, ...]) -> int:
        """αk, which the trained network keeps."""
        return min(self.latent_size, round(self.alpha * self.k))

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if k exceeds the number of units."""
        super().check_shape(shape)
        if self.k > self.latent_size:
            raise SettingsError(
                f"k is {self.k}, but the code has only {self.latent_size} units to choose from; "
                f"choose k up to {self.latent_size}."
            )

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """A smaller k where the code is small."""
        chosen = super().defaults_for(shape, suggested)
        return chosen | {"k": min(25, max(1, chosen["latent_size"] // 10))}


class KSparse(DenseAutoencoder):
    """z = W x + b, all but the k highest set to zero, y = W^T z + c.

    Source: Makhzani & Frey 2013, "k-Sparse autoencoders", arXiv:1312.5663, algorithm 1; αk after training: section 2.2.
    Dead units, which the paper avoids by lowering k slowly, are revived as in Gao et al. 2024, arXiv:2406.04093, A.2.
    """

    silent_for: Tensor  # (Z,), a buffer: examples since each unit was last kept

    def __init__(self, settings: KSparseSettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape, rng)
        self.register_buffer("silent_for", torch.zeros(self.latent_size))

    def encode(self, x: Tensor) -> Tensor:
        """(B, *shape) -> (B, Z), at most k of the numbers in each row different from zero, αk once trained."""
        k = self.settings.k if self.training else self.settings.active_units(self.shape)
        return highest(self.encoder(x.flatten(1)), k)

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The reconstruction error, and in training the auxiliary loss of the dead units."""
        activations = self.encoder(noisy.flatten(1))
        z = highest(activations, self.settings.k) if self.training else self.encode(noisy)
        terms = self._reconstruction_term(self.decode_logits(z), clean)
        if self.settings.revive:
            terms["revival"] = self._revival(activations, z.detach(), clean) if self.training else z.new_zeros(())
        return terms

    def _revival(self, activations: Tensor, z: Tensor, clean: Tensor) -> Tensor:
        """Error with the dead units' k highest added to the code z, which is not changed.

        Zero if none is dead.

        For a linear decoder this is |e - V z_dead|^2 with the error e = x - y, Gao et al.'s auxiliary loss.
        """
        self.silent_for += len(z)
        self.silent_for.masked_fill_((z != 0).any(0), 0)
        is_dead, some = self.silent_for > DEAD_AFTER, slice(0, -(-len(z) // SHARE))
        own = activations[some].masked_fill(~is_dead, torch.finfo(activations.dtype).min)
        revived = highest(own, self.settings.k).masked_fill(~is_dead, 0)
        term = self._reconstruction_term(self.decode_logits(z[some] + revived), clean[some])["reconstruction"]
        return REVIVAL * term * is_dead.any()

    @torch.no_grad()
    def initialise_from(self, train: Tensor) -> None:
        """Starts output and code at the mean picture, so that no unit has to represent it."""
        mean = self.start_at_mean(train)
        first = self.encoder[0]  # type: ignore[index]  # a Sequential
        first.bias.copy_(-first.weight @ mean)


def highest(z: Tensor, k: int) -> Tensor:
    """z (B, Z) with all but the k highest of each row set to zero; ties are broken so that k remain."""
    values, places = z.topk(k, dim=1, sorted=False)
    return z.new_zeros(z.shape).scatter(1, places, values)
