"""Stacked autoencoder: each layer is trained as an autoencoder
on the codes of the layer below; then all together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aecore.nn.layers import ACTIVATIONS, ActivationName, reconstruction_loss
from aecore.settings import knob
from aecore.variants.base import WIDEST
from aecore.variants.greedy import Greedy, GreedySettings
from aecore.variants.phases import Phase


@dataclass(frozen=True)
class StackedSettings(GreedySettings):
    """A stack of small autoencoders."""

    widths: tuple[int, ...] = knob(
        (500, 250),
        "Sizes of the layers below the code, each an autoencoder of its own at first.",
        label="Hidden layers",
        low=1,
        high=WIDEST,
    )
    activation: ActivationName = knob("relu", "What every hidden layer does with its weighted sums.")
    code_activation: ActivationName = knob("linear", "What the code layer does with its weighted sums.", advanced=True)


class Stacked(Greedy):
    """h_k = f(W_k h_(k-1) + b_k), each pair of layers trained to reconstruct h_(k-1), then all to reconstruct x.

    A corruption is applied to x only: in the first layer's phase and in the fine-tuning. Deeper layers learn from
    uncorrupted codes of uncorrupted x. Source: Bengio et al. 2007, "Greedy layer-wise training of deep networks";
    denoising: Vincent et al. 2010, "Stacked denoising autoencoders", section 3.3 (where each layer's own input is
    corrupted; recent articles corrupt the first layer's).
    """

    def layer_phase(self, index: int, training: Any) -> Phase:
        """Layer `index` and its mirror image as an autoencoder with one hidden layer."""
        return Phase.of(
            training,
            Pair(self, index),
            epochs=self.settings.layer_epochs,
            label=f"layer {index + 1}",
            feed=(lambda x: x) if index == 0 else (lambda x: self.below(x, index)),
            is_corrupted=index == 0,
            before=lambda: self.reach(index + 1),
        )


class Pair(nn.Module):
    """Layer `index` of a stack and its mirror image: (B, width) -> (B, width)."""

    def __init__(self, model: Stacked, index: int) -> None:
        super().__init__()
        settings, is_top = model.settings, index == len(model.up) - 1
        self.up, self.down, self.settings, self.is_first = model.up[index], model.down[index], settings, index == 0
        self.code = ACTIVATIONS[settings.code_activation if is_top else settings.activation]()
        self.back = nn.Identity() if index == 0 else ACTIVATIONS[settings.activation]()

    def logits(self, x: Tensor) -> Tensor:
        """Values before the output unit for the first pair, codes of the layer below for the others."""
        return self.back(self.down(self.code(self.up(x.flatten(1)))))

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruction of x (B, ...), in its own shape."""
        y = self.logits(x)
        return (torch.sigmoid(y) if self.is_first and self.settings.output == "sigmoid" else y).view_as(x)

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The run's own loss for the first pair; for the others the mean squared error of the codes."""
        y, target = self.logits(noisy), clean.flatten(1)
        loss = (
            reconstruction_loss(self.settings.loss, self.settings.output, y, target)
            if self.is_first
            else F.mse_loss(y, target)
        )
        return {"reconstruction": loss}

    def examine(self, x: Tensor, rng: torch.Generator) -> tuple[dict[str, Tensor], Tensor]:
        """The loss terms of x and its reconstruction."""
        return self.loss_terms(x, x, rng), self(x)
