"""Sparse autoencoder by dropout: units of the code are set to zero at random in training, so none relies on another."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from aecore.settings import knob
from aecore.variants.base import DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings


@dataclass(frozen=True)
class DropRate(WideCode):
    """The knob of the corruption, second in the form."""

    drop_rate: float = knob(
        0.5,
        "The share of the code's units set to zero at each training step, drawn anew for every example.",
        low=0.0,
        high=0.95,
    )


@dataclass(frozen=True)
class DropoutSettings(WideSettings, DropRate):
    """A wide code that loses units while it trains."""


class Dropout(DenseAutoencoder):
    """y = g(V (m ∘ z) / (1 - p) + c) with m_j ~ Bernoulli(1 - p) in training; all units are used afterwards.

    Source: Srivastava et al. 2014, "Dropout", JMLR 15, section 4, and section 10 for dividing by 1 - p in training
    instead of shrinking the weights afterwards.
    """

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The reconstruction error, with dropout on the code in training mode."""
        z = self.encode(noisy)
        return self._reconstruction_term(self.decode_logits(self.dropped(z, rng) if self.training else z), clean)

    def dropped(self, z: Tensor, rng: torch.Generator) -> Tensor:
        """z (B, Z) with units set to zero and the others amplified, so that its expectation is z."""
        rate = self.settings.drop_rate
        kept = torch.rand(z.shape, generator=rng, device=z.device) >= rate
        return z * kept / (1 - rate)
