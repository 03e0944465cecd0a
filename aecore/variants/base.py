"""Base of every variant: an encoder, a decoder, and the weighted terms whose sum is minimised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor, nn

from aecore.nn.layers import ActivationName, TiedDecoder, reconstruction_loss, stack
from aecore.settings import Settings, SettingsError, knob
from aecore.variants.phases import Phase

WIDEST = 8192
DEEPEST = 8
NEVER_ZERO = ("sigmoid", "tanh")
"""Activations whose units are never exactly zero."""

FURTHEST_LOGIT = 5.0
"""Output biases start at most this far from zero: pixels that are always black can still become white."""


class ModelSettings(Settings):
    """Base of the settings of every variant. Each variant defines its own `code_size`."""

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        raise NotImplementedError

    def active_units(self, shape: tuple[int, ...]) -> int | None:
        """Numbers of the code that may differ from zero for one example: all, unless the variant keeps fewer.
        None if training decides.
        """
        return self.code_size(shape)

    @property
    def active_above(self) -> float:
        """A unit of the code counts as active when it is farther from zero than this."""
        return 0.1 if getattr(self, "code_activation", "relu") in NEVER_ZERO else 0.0

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if these settings are invalid for examples of this shape."""

    def layer_sizes(self, shape: tuple[int, ...]) -> list[int]:
        """Sizes from the input to the code, for instance [784, 25]."""
        return [math.prod(shape), *getattr(self, "widths", ()), self.code_size(shape)]

    def parameters(self, shape: tuple[int, ...]) -> int:
        """Weights and biases of the network: here of the dense layers of `layer_sizes` and of their mirror image."""
        sizes = self.layer_sizes(shape)
        weights = sum(inputs * outputs for inputs, outputs in pairwise(sizes))
        return weights * (1 if getattr(self, "tied", False) else 2) + sum(sizes[1:]) + sum(sizes[:-1])

    def step_numbers(self, shape: tuple[int, ...]) -> int:
        """About how many numbers a training step holds for each example: the sums, outputs and gradients of each layer
        and of its mirror image.
        """
        return 3 * (2 * sum(self.layer_sizes(shape)))

    def widest_layer(self, shape: tuple[int, ...]) -> int:
        """Numbers of the layer that has most, which an evaluation holds for each example."""
        return max(self.layer_sizes(shape))

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """Defaults for examples of a shape, given the data's suggestions:
        here a code narrower than the input.
        """
        size = {each.name: each.default for each in cls.knobs()}.get("latent_size")
        if size is not None and suggested.get("latent_size", size) >= math.prod(shape):
            return suggested | {"latent_size": max(1, math.prod(shape) // 2)}  # an upload of a few columns
        return suggested


@dataclass(frozen=True)
class DenseSettings(ModelSettings):
    """The knobs that every fully connected variant shares."""

    widths: tuple[int, ...] = knob(
        (),
        "Sizes of the hidden layers between the input and the code, for example 512, 128. "
        "Empty: the code is the only hidden layer. The decoder mirrors them.",
        label="Hidden layers",
        low=1,
        high=WIDEST,
    )
    activation: ActivationName = knob("relu", "The activation function of the hidden layers.")
    code_activation: ActivationName = knob(
        "relu", "The activation function of the code layer; linear leaves its weighted sums unchanged.", advanced=True
    )
    output: Literal["sigmoid", "linear"] = knob(
        "sigmoid",
        "The output unit. A sigmoid keeps every pixel between 0 and 1; linear does not bound it.",
        advanced=True,
    )
    loss: Literal["mse", "bce"] = knob(
        "mse",
        "What is minimised: the mean squared error per pixel, or the binary cross-entropy per pixel, "
        "which reads each pixel as the probability of white.",
    )

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if loss and output do not go together, or if there are too many layers."""
        if self.loss == "bce" and self.output != "sigmoid":
            raise SettingsError("loss is 'bce', which needs probabilities: set output to 'sigmoid', or loss to 'mse'.")
        if len(self.widths) > DEEPEST:
            raise SettingsError(f"widths: {len(self.widths)} layers are listed; at most {DEEPEST} are allowed.")


class Autoencoder(nn.Module):
    """Base of the variants. Subclasses set `encoder` and `decoder`, or override the methods below.

    x is (B, *shape) in [0, 1] and z is (B, Z). `decode` returns values in the range of the data; `decode_logits`
    returns the values before the output unit, on which the loss is computed.
    """

    settings: Any
    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, settings: Any, shape: tuple[int, ...]) -> None:
        super().__init__()
        settings.check_shape(shape)
        self.settings = settings
        self.shape = tuple(shape)
        self.latent_size: int = settings.code_size(shape)

    def extra_repr(self) -> str:
        """The first line of its repr: shapes and size, before the layers that torch lists."""
        weights = sum(weight.numel() for weight in self.parameters())
        return f"shape={self.shape}, latent_size={self.latent_size}, parameters={weights:,}"

    def encode(self, x: Tensor) -> Tensor:
        """(B, *shape) -> (B, Z)."""
        return self.encoder(x.flatten(1))

    def decode_logits(self, z: Tensor) -> Tensor:
        """(B, Z) -> (B, D), before the output unit."""
        return self.decoder(z)

    def decode(self, z: Tensor) -> Tensor:
        """(B, Z) -> (B, *shape)."""
        return self._shown(self.decode_logits(z))

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruction, (B, *shape) -> (B, *shape)."""
        return self.decode(self.encode(x))

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Label -> scalar, already weighted: the network sees `noisy` and is compared with `clean`."""
        z = self.encode(noisy)
        return self._reconstruction_term(self.decode_logits(z), clean) | self.penalties(z, noisy)

    def penalties(self, z: Tensor, x: Tensor) -> dict[str, Tensor]:
        """Label -> weighted scalar: penalties on the codes z (B, Z) of x (B, *shape) beside
        the reconstruction error.

        By convention each is the paper's, a sum over the code's units and a mean over examples, divided by
        the number of inputs: the papers sum the reconstruction error over the inputs too, so that their
        weights keep their meaning.
        """
        return {}

    def phases(self, training: Any) -> tuple[Phase, ...]:
        """The phases in which this network is trained; by default one, of all parameters,
        by the training settings.
        """
        return (Phase.of(training, self),)

    def look(self, x: Tensor) -> Tensor:
        """Reconstruction of x (B, *shape) at this moment of training: a stack uses only the
        layers that have begun to learn.
        """
        return self(x)

    def generate(self, count: int, rng: torch.Generator) -> Tensor | None:
        """Generated examples (count, *shape), or None for models that generate none."""
        return None

    def divergences(self, x: Tensor) -> Tensor | None:
        """For probabilistic codes: the KL divergence of each unit from the standard normal in
        nats, mean over x, (Z,).
        """
        return None

    def initialise_from(self, train: Tensor) -> None:
        """Called once with the training examples (N, *shape), before the first step:
        a variant may set biases from them.
        """

    def examine(self, x: Tensor, rng: torch.Generator) -> tuple[dict[str, Tensor], Tensor]:
        """The loss terms of uncorrupted x and its reconstruction, in one pass unless a variant has terms of its own."""
        if type(self).loss_terms is not Autoencoder.loss_terms:
            return self.loss_terms(x, x, rng), self(x)
        z = self.encode(x)
        logits = self.decode_logits(z)
        return self._reconstruction_term(logits, x) | self.penalties(z, x), self._shown(logits)

    @torch.no_grad()
    def start_at_mean(self, train: Tensor) -> Tensor:
        """Sets the output biases so that a zero code decodes to the mean (D,) of the training examples;
        returns it.
        """
        mean = train.flatten(1).mean(0)
        bias = self.decoder.biases[-1] if isinstance(self.decoder, TiedDecoder) else self.decoder[-2].bias  # type: ignore[index]  # a Sequential
        bias.copy_(self.as_logits(mean))
        return mean

    def as_logits(self, x: Tensor) -> Tensor:
        """Logits that the output unit maps to x, as far as possible: the inverse of `_shown`, without the shape."""
        return torch.logit(x).clamp(-FURTHEST_LOGIT, FURTHEST_LOGIT) if self.settings.output == "sigmoid" else x

    def _reconstruction_term(self, logits: Tensor, clean: Tensor) -> dict[str, Tensor]:
        loss = reconstruction_loss(self.settings.loss, self.settings.output, logits, clean.flatten(1))
        return {"reconstruction": loss}

    def _shown(self, logits: Tensor) -> Tensor:
        x = torch.sigmoid(logits) if self.settings.output == "sigmoid" else logits
        return x.unflatten(1, self.shape)

    def filters(self) -> Tensor | None:
        """First-layer weights as pictures: (units, *shape), or a convolution's kernels
        (units, channels, height, width).
        """
        first = next((layer for layer in self.encoder.modules() if isinstance(layer, nn.Linear)), None)
        return None if first is None else first.weight.detach().unflatten(1, self.shape)


class DenseAutoencoder(Autoencoder):
    """Fully connected layers down to the code, and the mirror image back up,
    with tied weights if `settings.tied`.
    """

    def __init__(self, settings: DenseSettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape)
        sizes = [math.prod(shape), *settings.widths, self.latent_size]
        self.encoder = stack(sizes, settings.activation, settings.code_activation, rng)
        is_tied = getattr(settings, "tied", False)
        self.decoder = (
            TiedDecoder(self.encoder, settings.activation)
            if is_tied
            else stack(sizes[::-1], settings.activation, "linear", rng)
        )
