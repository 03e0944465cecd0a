"""Sparse autoencoder by a target activation: each unit should be active for a small share of the examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from aecore.settings import knob
from aecore.variants.base import DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings

NEARLY_NEVER = 1e-6
"""Mean activations are kept this far from 0 and 1, where the divergence is infinite."""


@dataclass(frozen=True)
class Target(WideCode):
    """The knobs of the penalty, second in the form."""

    target: float = knob(
        0.05,
        "The mean activation asked of each unit: 0.05 means on for one example in twenty.",
        label="Target activation",
        low=0.005,
        high=0.5,
    )
    sparsity: float = knob(
        1.0, "How strongly the mean activations are drawn to their target.", low=1e-3, high=100.0, log=True
    )


@dataclass(frozen=True)
class SparseKlSettings(WideSettings, Target):
    """A wide code of sigmoid units, each between 0 (off) and 1 (on)."""

    code_activation: ClassVar[str] = "sigmoid"

    def active_units(self, shape: tuple[int, ...]) -> None:
        """None: the penalty decides."""
        return None


class SparseKl(DenseAutoencoder):
    """loss = |x - y|^2 + β Σ_j KL(ρ || ρ̂_j), where ρ̂_j is the mean activation of unit j over the batch.

    Source: A. Ng 2011, "Sparse autoencoder", CS294A lecture notes, p. 14-15, which averages over the whole training
    set; the idea of a target: Lee, Ekanadham & Ng 2008, "Sparse deep belief net model for visual area V2", eq. 1.
    """

    def penalties(self, z: Tensor, x: Tensor) -> dict[str, Tensor]:
        """β times the sum of the divergences over the code, divided by the number of inputs."""
        divergence = bernoulli_kl(self.settings.target, z.float().mean(0)).sum()
        return {"sparsity (KL)": self.settings.sparsity * divergence / x[0].numel()}


def bernoulli_kl(target: float, mean: Tensor) -> Tensor:
    """KL(target || mean) of two Bernoulli distributions, for each mean activation in [0, 1]. Ng 2011, p. 14."""
    mean = mean.clamp(NEARLY_NEVER, 1 - NEARLY_NEVER)
    return target * torch.log(target / mean) + (1 - target) * torch.log((1 - target) / (1 - mean))
