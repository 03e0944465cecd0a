"""Networks that learn layer by layer before all layers learn together: the base of stacked and deep autoencoders."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from aecore.settings import Settings, SettingsError, knob
from aecore.variants.base import WIDEST, DenseAutoencoder, DenseSettings
from aecore.variants.phases import Phase


@dataclass(frozen=True)
class Plan(Settings):
    """The knobs that stand first in the form; fields of the last base class come first."""

    latent_size: int = knob(
        30, "Numbers in the code: how narrow the bottleneck is.", label="Code size", low=1, high=WIDEST
    )
    start: Literal["greedy", "random"] = knob(
        "greedy",
        "Greedy: each layer first learns alone, on the codes of the layer below. "
        "Random: all layers begin together, for comparison.",
    )
    layer_epochs: int = knob(
        10,
        "How often each layer sees every example while it learns alone.",
        label="Epochs for each layer",
        low=1,
        high=500,
        log=True,
    )


@dataclass(frozen=True)
class GreedySettings(DenseSettings, Plan):
    """A stack of at least two layers."""

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return self.latent_size

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError unless there is a stack, and a code smaller than the input."""
        super().check_shape(shape)
        if not self.widths:
            raise SettingsError(
                "widths: none is listed, and a stack of one layer is no stack: "
                "name at least one hidden layer, for example 100."
            )
        if self.latent_size >= math.prod(shape):
            raise SettingsError(
                f"latent_size is {self.latent_size}, but an example has only {math.prod(shape)} inputs; choose fewer."
            )

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """Narrower layers for small examples, and a few epochs for each layer."""
        size = math.prod(shape)
        narrow = (
            {"widths": tuple(max(2, round(size * share)) for share in (1.5, 0.75)), "layer_epochs": 30}
            if size < 400
            else {}
        )
        return {
            name: value for name, value in super().defaults_for(shape, suggested).items() if name != "widths"
        } | narrow


class Greedy(DenseAutoencoder):
    """Layers from x up to the code, and their mirror image down again; `depth` of them have begun to learn."""

    def __init__(self, settings: GreedySettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape, rng)
        self.up = [layer for layer in self.encoder.children() if isinstance(layer, nn.Linear)]
        self.down = [layer for layer in self.decoder.children() if isinstance(layer, nn.Linear)][
            ::-1
        ]  # down[k] undoes up[k]
        self.depth = len(self.up)

    def layer_phase(self, index: int, training: Any) -> Phase:
        """The phase that trains layer `index` alone."""
        raise NotImplementedError

    def phases(self, training: Any) -> tuple[Phase, ...]:
        """One phase for each layer, then one for all of them."""
        count = len(self.up)
        if self.settings.start == "random":
            return super().phases(training)
        alone = [self.layer_phase(index, training) for index in range(count)]
        return (*alone, Phase.of(training, self, label="fine-tuning", before=lambda: self.reach(count)))

    def reach(self, depth: int) -> None:
        """Uses only the lowest `depth` layers from now on."""
        self.depth = depth

    def below(self, x: Tensor, depth: int) -> Tensor:
        """Encodes x by the lowest `depth` layers: (N, *shape) -> (N, width)."""
        return self.encoder[: 2 * depth](x.flatten(1))  # type: ignore[index]  # a Sequential

    def above(self, h: Tensor, depth: int) -> Tensor:
        """Decodes h by the mirror images of the lowest `depth` layers, before the output unit:
        (N, width) -> (N, D).
        """
        return self.decoder[2 * (len(self.up) - depth) :](h)  # type: ignore[index]  # a Sequential

    def look(self, x: Tensor) -> Tensor:
        """x through the layers that have begun to learn, and back."""
        return self._shown(self.above(self.below(x, self.depth), self.depth))
