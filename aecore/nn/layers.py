"""Dense layers with explicit randomness, activations with their slopes, and output units, shared by the variants."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Layer = TypeVar("Layer", nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
ActivationName = Literal["relu", "gelu", "silu", "tanh", "sigmoid", "linear"]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}

SLOPES: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": lambda a: (a > 0).to(a.dtype),
    "gelu": lambda a: (1 + torch.erf(a / math.sqrt(2))) / 2 + a * torch.exp(-a.square() / 2) / math.sqrt(2 * math.pi),
    "silu": lambda a: torch.sigmoid(a) * (1 + a * (1 - torch.sigmoid(a))),
    "tanh": lambda a: 1 - torch.tanh(a).square(),
    "sigmoid": lambda a: torch.sigmoid(a) * (1 - torch.sigmoid(a)),
    "linear": torch.ones_like,
}
"""Activation -> its derivative f'(a) at the weighted sum a, for the chain rule written out."""


def dense(inputs: int, outputs: int, activation: str, rng: torch.Generator) -> nn.Linear:
    """A fully connected layer (B, inputs) -> (B, outputs), its weights drawn from `rng` for the activation.

    He et al. 2015 (arXiv:1502.01852) before rectifiers, Glorot & Bengio 2010 otherwise; biases start at zero.
    """
    return drawn(undrawn(nn.Linear, inputs, outputs), inputs, outputs, activation, rng)


def undrawn(kind: type[Layer], *arguments: Any, **options: Any) -> Layer:
    """A layer with uninitialised weights: PyTorch's own initialisation would use its global generator.

    `torch.nn.utils.skip_init` does the same by way of the meta device, and imports sympy for it: 1 processor second.
    """
    return _undrawn(kind)(*arguments, **options)


@cache
def _undrawn(kind: type[Layer]) -> type[Layer]:
    return type(kind.__name__, (kind,), {"reset_parameters": lambda self: None})


def drawn(layer: Layer, fan_in: int, fan_out: int, activation: str, rng: torch.Generator) -> Layer:
    """The layer with its weights drawn as `dense` says; fan_in and fan_out count the connections of one unit."""
    if activation in ("relu", "gelu", "silu"):
        bound = math.sqrt(6 / fan_in)  # uniform with variance 2 / fan_in: He et al. eq. 10
    else:
        gain = 4.0 if activation == "sigmoid" else 1.0  # sigma'(0) = 1/4
        bound = gain * math.sqrt(6 / (fan_in + fan_out))  # Glorot & Bengio eq. 16
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


class TiedDecoder(nn.Module):
    """The mirror image of dense layers, with tied weights and biases of its own: (B, Z) -> (B, D).

    The layers are the encoder's and are not listed among this module's parameters a second time.
    """

    def __init__(self, encoder: nn.Sequential, hidden: str) -> None:
        super().__init__()
        self._layers = tuple(layer for layer in encoder if isinstance(layer, nn.Linear))[
            ::-1
        ]  # a tuple hides them from torch
        self.biases = nn.ParameterList(torch.zeros(layer.in_features) for layer in self._layers)
        self.activation = ACTIVATIONS[hidden]()

    def forward(self, z: Tensor) -> Tensor:
        """y = W^T z + c, layer by layer, with no activation after the last."""
        for index, (layer, bias) in enumerate(zip(self._layers, self.biases, strict=True)):
            z = F.linear(self.activation(z) if index else z, layer.weight.t(), bias)
        return z


def reconstruction_loss(loss: str, output: str, logits: Tensor, clean: Tensor) -> Tensor:
    """Mean over examples and pixels of the squared error or of the binary cross-entropy. Both (B, D) -> scalar.

    `logits` are the decoder's values before the output unit. With a linear output, cross-entropy takes the
    values as logits.
    """
    if loss == "bce":
        return F.binary_cross_entropy_with_logits(logits.float(), clean)
    return F.mse_loss(torch.sigmoid(logits.float()) if output == "sigmoid" else logits.float(), clean)
