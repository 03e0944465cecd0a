"""Sparse autoencoder with an L1 penalty: activations cost in proportion to their size, so few units are active."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from aecore.settings import knob
from aecore.variants.base import DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings


@dataclass(frozen=True)
class L1Strength(WideCode):
    """The penalty's knob, second in the form."""

    sparsity: float = knob(
        0.05,
        "Weight of the L1 penalty: a larger one gives fewer active units and rougher reconstructions.",
        low=1e-4,
        high=10.0,
        log=True,
    )


@dataclass(frozen=True)
class SparseL1Settings(WideSettings, L1Strength):
    """A wide code whose activations are penalised."""

    def active_units(self, shape: tuple[int, ...]) -> None:
        """None: the penalty decides."""
        return None


class SparseL1(DenseAutoencoder):
    """loss = |x - y|^2 + λ Σ_j |z_j|: the gradient of |z| does not vanish near zero, so small activations become zero.

    Source: Olshausen & Field 1996, doi:10.1038/381607a0, eq. 2-4 with S(z) = |z|; Goodfellow, Bengio & Courville 2016,
    "Deep Learning", section 14.2.1, eq. 14.2 and 14.8.
    """

    def penalties(self, z: Tensor, x: Tensor) -> dict[str, Tensor]:
        """λ times the sum of |z_j| over the code, mean over examples, divided by the number of inputs."""
        return {"sparsity (L1)": self.settings.sparsity * z.float().abs().sum(1).mean() / x[0].numel()}
