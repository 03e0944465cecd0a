"""Dense layers with explicit randomness, activations and output units, shared by the variants."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import skip_init

ActivationName = Literal["relu", "gelu", "silu", "tanh", "sigmoid", "linear"]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}


def dense(inputs: int, outputs: int, activation: str, rng: torch.Generator) -> nn.Linear:
    """A fully connected layer (B, inputs) -> (B, outputs), its weights drawn from `rng` to suit what follows it.

    He et al. 2015 (arXiv:1502.01852) before rectifiers, Glorot & Bengio 2010 otherwise; biases start at zero.
    """
    layer = skip_init(nn.Linear, inputs, outputs)
    if activation in ("relu", "gelu", "silu"):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=rng)  # var 2 / fan_in
    else:
        gain = 4.0 if activation == "sigmoid" else 1.0  # sigma'(0) = 1/4
        bound = gain * math.sqrt(6 / (inputs + outputs))  # Glorot & Bengio eq. 16
        nn.init.uniform_(layer.weight, -bound, bound, generator=rng)
    nn.init.zeros_(layer.bias)
    return layer


def stack(sizes: list[int], hidden: str, last: str, rng: torch.Generator) -> nn.Sequential:
    """Dense layers through `sizes`, the activation `hidden` between them and `last` after the final one."""
    layers: list[nn.Module] = []
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:], strict=False)):
        activation = last if index == len(sizes) - 2 else hidden
        layers += [dense(inputs, outputs, activation, rng), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers)


def reconstruction_loss(loss: str, output: str, logits: Tensor, clean: Tensor) -> Tensor:
    """Mean over examples and pixels of the squared error or of the binary cross-entropy. Both (B, D) -> scalar.

    `logits` are the decoder's values before the output unit. With a linear output, cross-entropy reads the values
    themselves as log-odds, which is what the sigmoid's logits are.
    """
    if loss == "bce":
        return F.binary_cross_entropy_with_logits(logits.float(), clean)
    return F.mse_loss(torch.sigmoid(logits.float()) if output == "sigmoid" else logits.float(), clean)
