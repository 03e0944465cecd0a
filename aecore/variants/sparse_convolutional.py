"""Sparse convolutional autoencoder: feature maps in which few positions are active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from aecore.nn.layers import ActivationName
from aecore.settings import Settings, knob
from aecore.variants.picture_base import ConvolutionalAutoencoder, ConvolutionalBaseSettings


@dataclass(frozen=True)
class MapCost(Settings):
    """The penalty's knob, first in the form."""

    sparsity: float = knob(
        0.01,
        "Weight of the L1 penalty on the code: a larger one gives fewer active places and rougher reconstructions.",
        low=1e-4,
        high=10.0,
        log=True,
    )


@dataclass(frozen=True)
class SparseConvolutionalSettings(ConvolutionalBaseSettings, MapCost):
    """Convolutions whose code is penalised; the code is the last maps by default."""

    bottleneck: Literal["dense", "maps"] = knob(
        "maps", "What the code is: a dense layer behind the convolutions, or the last convolution's maps themselves."
    )
    code_activation: ActivationName = knob(
        "relu", "The activation function of the code layer; with ReLU most numbers can be zero.", advanced=True
    )

    def active_units(self, shape: tuple[int, ...]) -> None:
        """None: the penalty decides."""
        return None

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """The same, except for the code's activation, which must be able to be zero."""
        return super().defaults_for(
            shape, {name: value for name, value in suggested.items() if name != "code_activation"}
        )


class SparseConvolutional(ConvolutionalAutoencoder):
    """loss = |x - y|^2 + λ Σ_j |z_j| over all numbers z of the code, which for maps are all filters at all positions.

    Source: the penalty of Olshausen & Field 1996, doi:10.1038/381607a0, eq. 2-4, on a network as in Masci et al. 2011,
    doi:10.1007/978-3-642-21735-7_7.
    """

    def penalties(self, z: Tensor, x: Tensor) -> dict[str, Tensor]:
        """λ times the sum of |z_j| over the code, mean over examples, divided by the number of inputs."""
        return {"sparsity (L1)": self.settings.sparsity * z.float().abs().sum(1).mean() / x[0].numel()}
