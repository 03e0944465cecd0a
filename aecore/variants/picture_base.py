"""Base of the convolutional variants: knobs, and a network that halves the picture step by
step and doubles it again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor, nn

from aecore.nn.convolution import Double, Halve, Shrink, Size, halved
from aecore.nn.layers import ACTIVATIONS, ActivationName, dense
from aecore.settings import SettingsError, knob
from aecore.variants.base import DEEPEST, WIDEST, Autoencoder, ModelSettings


@dataclass(frozen=True)
class ConvolutionalBaseSettings(ModelSettings):
    """The knobs of a convolutional autoencoder."""

    channels: tuple[int, ...] = knob(
        (16, 32),
        "How many filters each convolution has, for example 16, 32. Each convolution halves the picture's sides.",
        label="Filters",
        low=1,
        high=512,
    )
    kernel_size: int = knob(3, "The side of each filter, in pixels.", low=2, high=15)
    shrink: Shrink = knob(
        "pooling",
        "How the picture is halved: by keeping the strongest of each 2 x 2, or by strides, "
        "looking at every second pixel only.",
    )
    bottleneck: Literal["dense", "maps"] = knob(
        "dense", "What the code is: a dense layer behind the convolutions, or the last convolution's maps themselves."
    )
    latent_size: int = knob(
        32,
        "Numbers in the code, where the bottleneck is dense; maps have their own number.",
        label="Code size",
        low=1,
        high=WIDEST,
    )
    activation: ActivationName = knob("relu", "What every hidden layer does with its weighted sums.")
    code_activation: ActivationName = knob(
        "linear", "What the code layer does with its weighted sums; linear leaves them as they are.", advanced=True
    )
    output: Literal["sigmoid", "linear"] = knob(
        "sigmoid",
        "The output unit. A sigmoid keeps every pixel between 0 and 1; linear lets it go anywhere.",
        advanced=True,
    )
    loss: Literal["mse", "bce"] = knob(
        "mse",
        "What is minimised: the mean squared error per pixel, or the binary cross-entropy, "
        "which reads each pixel as the probability of white.",
    )

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for pictures of this shape."""
        return self.latent_size if self.bottleneck == "dense" else self.map_sizes(shape)[-1]

    def layer_sizes(self, shape: tuple[int, ...]) -> list[int]:
        """Numbers in the picture, in the maps after each halving, and in the code."""
        code = [self.latent_size] if self.bottleneck == "dense" else []
        return [math.prod(shape), *self.map_sizes(shape), *code]

    def map_sizes(self, shape: tuple[int, ...]) -> list[int]:
        """Numbers in all maps after each halving."""
        return [count * math.prod(size) for count, size in zip(self.channels, self.sides(shape)[1:], strict=True)]

    def sides(self, shape: tuple[int, ...]) -> list[Size]:
        """Height and width of the picture, and of the maps after each halving."""
        sizes = [(shape[1], shape[2])]
        for _ in self.channels:
            sizes.append(halved(sizes[-1]))
        return sizes

    def parameters(self, shape: tuple[int, ...]) -> int:
        """Weights and biases of the filters, of their mirror images, and of the dense layers around a dense code."""
        channels = [shape[0], *self.channels]
        filters = sum(inputs * outputs * self.kernel_size**2 for inputs, outputs in pairwise(channels))
        found = 2 * filters + sum(channels[1:]) + sum(channels[:-1])
        if self.bottleneck == "dense":
            maps = self.map_sizes(shape)[-1]
            found += 2 * maps * self.latent_size + self.latent_size + maps
        return found

    def step_numbers(self, shape: tuple[int, ...]) -> int:
        """As for dense layers; a convolution with pooling and its mirror image work at the size before the halving."""
        return 3 * (2 * sum(self._worked(shape)) + self.latent_size)

    def widest_layer(self, shape: tuple[int, ...]) -> int:
        """Numbers of the maps that have most, before they are halved."""
        return max(self._worked(shape))

    def _worked(self, shape: tuple[int, ...]) -> list[int]:
        """Numbers in what goes into each convolution and comes out of it."""
        sides, channels = self.sides(shape), [shape[0], *self.channels]
        pairs = zip(channels, channels[1:], sides, sides[1:], strict=False)
        is_late = self.shrink == "pooling"
        return [
            inputs * math.prod(size) + outputs * math.prod(size if is_late else half)
            for inputs, outputs, size, half in pairs
        ]

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if these are no pictures, or too small for the kernel or for the number of halvings."""
        if len(shape) != 3:
            raise SettingsError(
                f"A convolutional network needs pictures; these examples are rows of {math.prod(shape)} "
                "numbers. Choose undercomplete."
            )
        height, width = shape[1:]
        if not 1 <= len(self.channels) <= DEEPEST:
            raise SettingsError(
                f"channels: {len(self.channels)} convolutions are listed; there must be 1 to {DEEPEST}."
            )
        if self.kernel_size > min(height, width):
            raise SettingsError(
                f"kernel_size is {self.kernel_size}, larger than the pictures of {height} x {width} pixels; "
                f"choose at most {min(height, width)}."
            )
        most = (max(height, width) - 1).bit_length()
        if len(self.channels) > most:
            raise SettingsError(
                f"channels: {len(self.channels)} convolutions are listed, but {height} x {width} pixels can be "
                f"halved only {most} times."
            )
        if self.loss == "bce" and self.output != "sigmoid":
            raise SettingsError("loss is 'bce', which needs probabilities: set output to 'sigmoid', or loss to 'mse'.")

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """A smaller learning rate than for dense layers, as every filter is used at hundreds of positions."""
        return super().defaults_for(shape, suggested) | {"learning_rate": 0.003}


class ConvolutionalAutoencoder(Autoencoder):
    """Convolutions that halve the picture, a dense layer if the bottleneck is dense, and the mirror image back up."""

    def __init__(self, settings: ConvolutionalBaseSettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape)
        channels, sides = [shape[0], *settings.channels], settings.sides(shape)
        is_dense, last = settings.bottleneck == "dense", len(settings.channels) - 1
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        for index, (inputs, outputs) in enumerate(zip(channels, channels[1:], strict=False)):
            name = settings.code_activation if index == last and not is_dense else settings.activation
            down.append(Halve(inputs, outputs, settings.kernel_size, settings.shrink, (name, ACTIVATIONS[name]()), rng))
            mirror = Double(outputs, inputs, settings.kernel_size, settings.shrink, sides[index], rng)
            up = [mirror, ACTIVATIONS[settings.activation](), *up] if up else [mirror]
        numbers, maps = settings.map_sizes(shape)[-1], (channels[-1], *sides[-1])
        if is_dense:
            down += [
                nn.Flatten(),
                dense(numbers, self.latent_size, settings.code_activation, rng),
                ACTIVATIONS[settings.code_activation](),
            ]
            up = [
                dense(self.latent_size, numbers, settings.activation, rng),
                ACTIVATIONS[settings.activation](),
                nn.Unflatten(1, maps),
                *up,
            ]
        else:
            down, up = [*down, nn.Flatten()], [nn.Unflatten(1, maps), *up]
        self.encoder, self.decoder = nn.Sequential(*down), nn.Sequential(*up, nn.Flatten())

    def encode(self, x: Tensor) -> Tensor:
        """(B, channels, height, width) -> (B, Z); maps are concatenated."""
        return self.encoder(x)

    @torch.no_grad()
    def initialise_from(self, train: Tensor) -> None:
        """Starts the output at each colour's mean: mostly black pictures would otherwise
        inactivate the units first.
        """
        mean = train.mean((0, 2, 3))
        self.decoder[-2].convolution.bias.copy_(self.as_logits(mean))  # type: ignore[index]  # a Sequential

    def filters(self) -> Tensor:
        """The kernels of the first convolution, (units, channels, height, width)."""
        return self.encoder[0].convolution.weight.detach()  # type: ignore[index]  # a Sequential
