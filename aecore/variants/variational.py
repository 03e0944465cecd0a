"""Variational autoencoder: the code is a normal distribution instead of a point,
so that nearby codes decode to similar examples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from aecore.nn.layers import ActivationName, stack
from aecore.settings import Settings, SettingsError, knob
from aecore.variants.base import WIDEST, Autoencoder, DenseSettings

RECONSTRUCTION, DIVERGENCE = "reconstruction (nats)", "KL (nats)"


@dataclass(frozen=True)
class Cloud(Settings):
    """The knobs that stand first in the form; fields of the last base class come first."""

    latent_size: int = knob(
        20,
        "Numbers in the code: each gets a mean and a spread. Those that are not needed stay inactive.",
        label="Code size",
        low=1,
        high=WIDEST,
    )
    beta: float = knob(
        1.0,
        "How much it costs when a code's cloud differs from the standard one: "
        "1 is the variational bound, more tidies the code up.",
        label="β",
        low=0.0,
        high=20.0,
    )
    likelihood: Literal["bernoulli", "gaussian"] = knob(
        "bernoulli",
        "What the output means: the probability that a pixel is white, or a pixel's mean with the same "
        "Gaussian spread everywhere.",
    )
    spread: float = knob(
        0.1,
        "The Gaussian likelihood's standard deviation: how far a pixel may be off before it counts.",
        low=0.01,
        high=1.0,
        log=True,
        advanced=True,
    )
    binarise: bool = knob(
        False,
        "Tosses a coin for each pixel, its grey being the chance of white: "
        "anew at every step, one fixed toss for validation and test.",
    )


@dataclass(frozen=True)
class VariationalSettings(DenseSettings, Cloud):
    """A probabilistic code, and the likelihood of its decoder."""

    code_activation: ClassVar[str] = "linear"
    loss: ClassVar[str] = "mse"  # not used: `likelihood` replaces it

    widths: tuple[int, ...] = knob(
        (256,),
        "Sizes of the hidden layers between the input and the code; the decoder mirrors them.",
        label="Hidden layers",
        low=1,
        high=WIDEST,
    )
    activation: ActivationName = knob("gelu", "What every hidden layer does with its weighted sums.")

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code for examples of this shape."""
        return self.latent_size

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the output does not fit the likelihood."""
        super().check_shape(shape)
        if self.likelihood == "bernoulli" and self.output != "sigmoid":
            raise SettingsError(
                "likelihood is 'bernoulli', which needs probabilities: set output to 'sigmoid', "
                "or likelihood to 'gaussian'."
            )

    def parameters(self, shape: tuple[int, ...]) -> int:
        """Those of the dense layers, with a second number for each of the code: its spread."""
        before = self.layer_sizes(shape)[-2]
        return super().parameters(shape) + (before + 1) * self.latent_size

    @classmethod
    def defaults_for(cls, shape: tuple[int, ...], suggested: dict[str, Any]) -> dict[str, Any]:
        """A smaller learning rate than for other variants, because the loss is noisy;
        no Bernoulli likelihood for data other than 0 and 1.
        """
        chosen = super().defaults_for(shape, suggested) | {"learning_rate": 0.002}
        return chosen | {"likelihood": "gaussian"} if chosen.get("output") == "linear" else chosen


class Variational(Autoencoder):
    """q(z|x) = N(mean(x), diag(exp(log_variance(x)))), p(z) = N(0, I); maximises a lower bound of log p(x), in nats.

    loss = -E_q[log p(x|z)] + β KL(q(z|x) || p(z)), a sum over pixels and code, a mean over examples, with one sample of
    z for each. Source: Kingma & Welling 2014, arXiv:1312.6114, eq. 3 and 10; β: Higgins et al. 2017, "beta-VAE", eq. 4.
    """

    def __init__(self, settings: VariationalSettings, shape: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__(settings, shape)
        sizes = [math.prod(shape), *settings.widths]
        self.encoder = stack([*sizes, 2 * self.latent_size], settings.activation, "linear", rng)
        self.decoder = stack([self.latent_size, *sizes[::-1]], settings.activation, "linear", rng)

    def encode(self, x: Tensor) -> Tensor:
        """The mean of q(z|x): (B, *shape) -> (B, Z)."""
        return self.posterior(x)[0]

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mean and log_variance of q(z|x): (B, *shape) -> (B, Z) twice, in full precision."""
        mean, log_variance = self.encoder(x.flatten(1)).chunk(2, dim=1)
        return _full(mean), _full(log_variance)

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """-log p(x|z) for one sample of z, and β times the divergence; with binarised pixels if the settings say so."""
        if self.settings.binarise:
            noisy, clean = binarised(noisy, clean, rng)
        mean, log_variance = self.posterior(noisy)
        noise = torch.randn(mean.shape, generator=rng, device=mean.device, dtype=mean.dtype)
        z = mean + torch.exp(log_variance / 2) * noise  # Kingma & Welling, section 2.4: the reparameterisation
        return {
            RECONSTRUCTION: -self.log_likelihood(clean, z).mean(),
            DIVERGENCE: self.settings.beta * standard_kl(mean, log_variance).mean(),
        }

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z) in nats, a sum over pixels: x (B, *shape) and z (B, Z) -> (B,)."""
        x, logits = x.flatten(1), _full(self.decode_logits(z))
        if self.settings.likelihood == "bernoulli":
            return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)  # Kingma & Welling, eq. 11
        spread, y = self.settings.spread, torch.sigmoid(logits) if self.settings.output == "sigmoid" else logits
        return -((x - y).square() / (2 * spread**2) + math.log(spread * math.sqrt(2 * math.pi))).sum(1)  # eq. 12

    def generate(self, count: int, rng: torch.Generator) -> Tensor:
        """Generated examples: z drawn from p(z), decoded to means. (count, *shape)."""
        weight = next(self.parameters())
        return self.decode(
            torch.randn(count, self.latent_size, generator=rng, device=weight.device, dtype=weight.dtype)
        )

    def divergences(self, x: Tensor) -> Tensor:
        """KL(q(z_j|x) || N(0, 1)) of each unit j in nats, mean over x (B, *shape): (Z,)."""
        return unit_kl(*self.posterior(x)).mean(0)

    def initialise_from(self, train: Tensor) -> None:
        """Starts the output at the mean picture, so that the network only has to learn deviations from it."""
        self.start_at_mean(train)


def standard_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, diag(exp(log_variance))) || N(0, I)) in nats, a sum over the code: (B, Z) twice -> (B,)."""
    return unit_kl(mean, log_variance).sum(1)


def unit_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """The same for each unit of the code by itself: (B, Z) twice -> (B, Z)."""
    return (mean.square() + log_variance.exp() - 1 - log_variance) / 2  # Kingma & Welling, appendix B


def binarised(noisy: Tensor, clean: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Both binarised by one random draw per pixel; equal pixels stay equal. Salakhutdinov & Murray 2008.

    In training every epoch draws other values; evaluation restarts the generator and draws the same ones.
    """
    toss = torch.rand(clean.shape, generator=rng, device=clean.device)
    target = (toss < clean).to(clean.dtype)
    return (target if noisy is clean else (toss < noisy).to(clean.dtype)), target


def _full(x: Tensor) -> Tensor:
    """At least float32, for what is squared, exponentiated or summed."""
    return x if x.dtype == torch.float64 else x.float()
