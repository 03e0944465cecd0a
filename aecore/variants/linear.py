"""Linear autoencoder: no activation anywhere, so that its optimum is PCA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from aecore.nn.layers import stack
from aecore.settings import SettingsError, knob
from aecore.variants.base import WIDEST, Autoencoder, ModelSettings


@dataclass(frozen=True)
class LinearSettings(ModelSettings):
    """One knob: the size of the code."""

    output: ClassVar[str] = "linear"
    loss: ClassVar[str] = "mse"

    latent_size: int = knob(
        25, "Numbers in the code: how narrow the bottleneck is.", label="Code size", low=1, high=WIDEST
    )

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return self.latent_size

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the code is wider than the input."""
        refuse_wide_code(self.latent_size, shape)


class Linear(Autoencoder):
    """z = W x + b, y = V z + c, squared error. Its minimum spans the first Z principal components.

    Source: Baldi & Hornik 1989, "Neural networks and principal component analysis", Neural Networks 2(1), p. 53.
    """

    def __init__(self, settings: LinearSettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape)
        inputs = torch.Size(shape).numel()
        self.encoder = stack([inputs, self.latent_size], "linear", "linear", rng)
        self.decoder = stack([self.latent_size, inputs], "linear", "linear", rng)


def refuse_wide_code(latent_size: int, shape: tuple[int, ...]) -> None:
    """SettingsError if a code of `latent_size` is wider than an example of this shape."""
    inputs = torch.Size(shape).numel()
    if latent_size > inputs:
        raise SettingsError(
            f"latent_size is {latent_size}, wider than the {inputs} inputs; "
            f"choose at most {inputs}, or the overcomplete variant."
        )
