"""Deep autoencoder: restricted Boltzmann machines trained one on top of another, unrolled, and fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from aecore.nn.layers import ActivationName
from aecore.nn.rbm import Rbm
from aecore.settings import SettingsError, knob
from aecore.variants.base import WIDEST
from aecore.variants.greedy import Greedy, GreedySettings
from aecore.variants.phases import Phase

GAUSSIAN_SHARE = 0.01
"""The Gaussian machine on top takes steps this much smaller: 0.001 for 0.1 in the paper's supporting material."""

WEIGHT_DECAY = 2e-4
"""The paper's, there on the weights only, here on the biases too."""


@dataclass(frozen=True)
class DeepSettings(GreedySettings):
    """The network of Hinton & Salakhutdinov, its sizes and the training of its machines."""

    widths: tuple[int, ...] = knob(
        (1000, 500, 250),
        "Sizes of the layers below the code, each the hidden units of one machine.",
        label="Hidden layers",
        low=1,
        high=WIDEST,
    )
    rbm_rate: float = knob(
        0.1,
        "The size of each step while the machines learn; the one on top takes steps a hundredth as long.",
        label="Learning rate of the machines",
        low=1e-4,
        high=1.0,
        log=True,
    )
    activation: ActivationName = knob(
        "sigmoid",
        "What every hidden layer does with its weighted sums; the machines know sigmoids only.",
        advanced=True,
    )
    code_activation: ActivationName = knob(
        "linear", "What the code layer does with its weighted sums; linear as in the paper.", advanced=True
    )
    loss: Literal["mse", "bce"] = knob(
        "bce",
        "What fine-tuning minimises: the binary cross-entropy per pixel, as in the paper, or the mean squared error.",
    )

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """The units that the machines require, in place of the data's suggestions."""
        return {
            name: value
            for name, value in super().defaults_for(shape, suggested).items()
            if name not in ("activation", "code_activation")
        }

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the layers cannot be Boltzmann machines."""
        super().check_shape(shape)
        if self.start == "greedy" and (
            self.activation != "sigmoid"
            or self.code_activation not in ("linear", "sigmoid")
            or self.output != "sigmoid"
        ):
            raise SettingsError(
                "Boltzmann machines have sigmoid units (linear ones only on top): set activation and output to "
                "'sigmoid' and code_activation to 'linear', or start to 'random'."
            )


class Deep(Greedy):
    """x, then layers of sigmoid units h_k = σ(W_k h_(k-1) + c_k), and a linear code;
    unrolled with W_k^T on the way back.

    Each layer is a machine that learns from the expected hidden values of the one below; the code's units are
    Gaussian. A corruption is applied to x in the fine-tuning only. Source: Hinton & Salakhutdinov 2006, "Reducing the
    dimensionality of data with neural networks", doi:10.1126/science.1127647, with its supporting material.
    """

    def layer_phase(self, index: int, training: Any) -> Phase:
        """Layer `index` as a machine; when it is trained, its mirror image gets its weights, transposed."""
        is_top = index == len(self.up) - 1
        is_gaussian = is_top and self.settings.code_activation == "linear"
        machine = Rbm(self.up[index], self.down[index].bias, is_gaussian=is_gaussian)

        def begin() -> None:
            self.reach(index + 1)
            self.machines = (machine,)

        return Phase(
            machine,
            self.settings.layer_epochs,
            self.settings.rbm_rate * (GAUSSIAN_SHARE if is_gaussian else 1),
            optimiser="sgd",  # with momentum 0.9, as in the paper after its first epochs
            weight_decay=WEIGHT_DECAY,
            label=f"machine {index + 1}",
            feed=lambda x: self.below(x, index),
            is_corrupted=False,
            before=begin,
            after=self.unroll,
        )

    machines: tuple[Rbm, ...] = ()
    """The machine in training, if any; in a tuple, so that torch does not count its weights twice."""

    def reach(self, depth: int) -> None:
        """Uses the lowest `depth` layers from now on; in fine-tuning there is no machine."""
        super().reach(depth)
        self.machines = ()

    @torch.no_grad()
    def unroll(self) -> None:
        """Gives the decoder of the uppermost layer that has begun to learn that layer's weights, transposed."""
        self.down[self.depth - 1].weight.copy_(self.up[self.depth - 1].weight.t())

    def look(self, x: Tensor) -> Tensor:
        """x through the machines that have begun to learn, and back by their transposed weights."""
        if self.machines:
            self.unroll()
        return super().look(x)

    def generate(self, count: int, rng: torch.Generator) -> Tensor | None:
        """While a machine learns: its fantasy particles, shown through the layers below it. (count, *shape)."""
        if not self.machines:
            return None
        v = self.machines[0].fantasies(count, rng)
        return v.unflatten(1, self.shape) if self.depth == 1 else self._shown(self.above(v, self.depth - 1))
