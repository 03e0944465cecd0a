"""Contractive autoencoder: a penalty makes the code insensitive to small changes of the input."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aecore.nn.layers import ACTIVATIONS, SLOPES, ActivationName
from aecore.settings import knob
from aecore.variants.base import DenseAutoencoder
from aecore.variants.wide import WideCode, WideSettings

LARGEST_JACOBIAN = 2**25
"""Numbers of a batch's Jacobians held at once where no gradients are needed."""


@dataclass(frozen=True)
class Contraction(WideCode):
    """The penalty's knob, second in the form."""

    contraction: float = knob(0.1, "How much the code's sensitivity to the input costs.", low=1e-4, high=10.0, log=True)


@dataclass(frozen=True)
class ContractiveSettings(WideSettings, Contraction):
    """A wide code that resists small changes of the input; sigmoid units and tied weights, as in the paper."""

    code_activation: ActivationName = knob(
        "sigmoid",
        "What the code layer does with its weighted sums; a sigmoid resists by staying near 0 or 1.",
        advanced=True,
    )
    tied: bool = knob(
        True,
        "The decoder uses the encoder's weights, turned around. Otherwise the encoder may shrink while "
        "the decoder amplifies.",
    )

    def step_numbers(self, shape: tuple[int, ...]) -> int:
        """More with hidden layers: the Jacobian of each example has a number for each pair of a unit of the code and a
        unit of a hidden layer, several times over.
        """
        *_, code = self.layer_sizes(shape)
        return super().step_numbers(shape) + 8 * code * sum(self.widths)


class Contractive(DenseAutoencoder):
    """loss = L(x, y) + λ ||∂z/∂x||_F^2: the code keeps only the directions in which the data vary.

    Source: Rifai et al. 2011, "Contractive auto-encoders: explicit invariance during feature extraction", ICML, eq. 4.
    """

    def penalties(self, z: Tensor, x: Tensor) -> dict[str, Tensor]:
        """λ times the squared norm of the Jacobian, mean over examples, divided by the number of inputs."""
        names = [self.settings.activation] * len(self.settings.widths) + [self.settings.code_activation]
        layers = [layer for layer in self.encoder.children() if isinstance(layer, nn.Linear)]
        largest = max((layer.in_features for layer in layers[1:]), default=1) * len(z[0])
        parts = x.flatten(1).split(len(x) if self.training else max(1, LARGEST_JACOBIAN // largest))
        norms = torch.cat([squared_jacobian(layers, names, part) for part in parts])
        return {"contraction": self.settings.contraction * norms.mean() / x[0].numel()}


def squared_jacobian(layers: list[nn.Linear], names: list[str], x: Tensor) -> Tensor:
    """||∂z/∂x||_F^2 of each example: (B, D) -> (B,), exact, by the chain rule written out.

    `names` are the layers' activations f. With slopes s = f'(W x + b), the Jacobian is diag(s_L) W_L ... diag(s_1)
    W_1. One layer needs no matrices at all: Σ_j s_j^2 Σ_i W_ji^2, which for a sigmoid is eq. 5 of Rifai et al. In
    deeper ones the last factor W_1, the largest, enters only as W_1 W_1^T, which all examples share.
    """
    slopes = []
    for layer, name in zip(layers, names, strict=True):
        a = layer(x)
        slopes.append(SLOPES[name](a.float()))
        x = ACTIVATIONS[name]()(a)
    first = layers[0].weight
    if len(layers) == 1:
        return slopes[0].square() @ first.float().square().sum(1)  # eq. 5
    jacobian = slopes[-1].unsqueeze(2) * layers[-1].weight  # (B, Z, H)
    for layer, slope in zip(layers[-2:0:-1], slopes[-2:0:-1], strict=True):
        jacobian = F.linear(jacobian * slope.unsqueeze(1), layer.weight.t())
    jacobian = jacobian * slopes[0].unsqueeze(1)  # ∂z / ∂(W_1 x + b_1)
    return (F.linear(jacobian, first @ first.t()) * jacobian).float().sum((1, 2))
