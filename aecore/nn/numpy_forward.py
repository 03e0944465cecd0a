"""The forward pass of a fully connected autoencoder in numpy, for pages that open before torch is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda v: v,
    "relu": lambda v: np.maximum(v, 0),
    "sigmoid": lambda v: (1 + np.tanh(v / 2)) / 2,  # the same, without overflow
    "tanh": np.tanh,
    "silu": lambda v: v * (1 + np.tanh(v / 2)) / 2,
}
"""Exact GELU needs the error function, which numpy lacks; a model with it needs torch."""


@dataclass(frozen=True)
class DenseLayer:
    """One layer: weight (outputs, inputs), bias (outputs,) and the name of its activation."""

    weight: np.ndarray
    bias: np.ndarray
    activation: str

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(B, inputs) -> (B, outputs)."""
        return FUNCTIONS[self.activation](x @ self.weight.T + self.bias)


def layers_of(part: str, weights: dict[str, np.ndarray], settings: dict[str, Any]) -> list[DenseLayer]:
    """The layers of "encoder" or "decoder", from a run's weights and settings.

    ValueError if an activation is not in numpy.
    """
    indices = sorted({int(name.split(".")[1]) for name in weights if name.startswith(f"{part}.")})
    hidden = settings.get("activation", "linear")
    last = settings.get("code_activation", "linear") if part == "encoder" else settings.get("output", "linear")
    if {hidden, last} - set(FUNCTIONS):
        raise ValueError(
            f"This model uses {', '.join(sorted({hidden, last} - set(FUNCTIONS)))}, which only torch computes."
        )
    return [
        DenseLayer(
            weights[f"{part}.{index}.weight"].astype(np.float32),
            weights[f"{part}.{index}.bias"].astype(np.float32),
            last if index == indices[-1] else hidden,
        )
        for index in indices
    ]


def apply(layers: list[DenseLayer], x: np.ndarray) -> np.ndarray:
    """Through all layers, one after the other."""
    for layer in layers:
        x = layer(x)
    return x
