"""Mult-VAE: a variational autoencoder with a multinomial likelihood over films."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.models.multinomial import Multinomial, glorot
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class MultVaeSettings(Settings):
    """The settings of Mult-VAE, chosen on validation users of latest-small."""

    hidden_size: int = knob(100, "Units of the layer that reads the ratings.", low=1, high=2000)
    latent_size: int = knob(64, "Numbers in the code.", low=1, high=1000)
    epochs: int = knob(120, "How often every user is seen.", low=1, high=1000)
    batch_size: int = knob(100, "Users per step.", low=1, high=10000, log=True)
    learning_rate: float = knob(
        3e-3, "Step size of Adam at the start; it falls to 0 along half a cosine.", low=1e-5, high=0.1, log=True
    )
    kl_weight: float = knob(
        0.2,
        "How much the code is pulled towards a standard normal one, at its full strength.",
        label="KL weight",
        low=0.0,
        high=2.0,
    )
    annealing: float = knob(
        0.5, "The share of the training over which that pull grows from nothing.", low=0.0, high=1.0, advanced=True
    )
    least_ratings: int = knob(
        3,
        "Films with fewer ratings are ranked by popularity alone.",
        label="Fewest ratings of a film",
        low=1,
        high=10_000,
    )
    fewest_given: int = knob(
        3,
        "In training, at least about this many ratings of a user are shown; the network finds the others.",
        label="Fewest ratings shown",
        low=1,
        high=1000,
        advanced=True,
    )
    most_given: int = knob(
        100, "In training, at most about this many ratings of a user are shown.", label="Most ratings shown", low=1,
        high=100000, advanced=True,
    )  # fmt: skip
    sampled_films: int = knob(
        8192,
        "The softmax includes only this many of the films that no user of a batch has rated, drawn at random.",
        low=1,
        high=1000000,
        log=True,
        advanced=True,
    )
    seed: int = knob(
        0, "Draws the first weights, the order of the users, and what is hidden.", low=0, high=2**31 - 1, advanced=True
    )


class MultVae(Multinomial):
    """Mult-VAE (Liang, Krishnan, Hoffman & Jebara 2018, Variational Autoencoders for Collaborative Filtering,
    WWW, arXiv:1802.05814).

    z ~ N(mean(x), diag(variance(x))), pi = softmax(W z + b), and the loss is - x log pi + kl_weight KL(z | N(0, I))
    (eq. 7). Two things differ from the paper: x holds grades, max(0, (stars - 2) / 3), not ones for four stars and
    more; and the share of the ratings that is hidden varies, see `kept_inputs`. The decoder is one linear layer,
    which scores 100,000 films in milliseconds.

    mean_weights (H, L), mean_bias (L,); variance_weights (H, L), variance_bias (L,): of the log variance,
    used in training only.
    """

    name = "mult-vae"
    settings_class = MultVaeSettings
    dense = ("input_bias", "mean_weights", "mean_bias", "variance_weights", "variance_bias")
    kept = (*Multinomial.kept, *dense[1:])
    mean_weights: np.ndarray
    mean_bias: np.ndarray

    def parameters(self, users: int, films: int) -> int:
        hidden, latent = self.settings.hidden_size, self.settings.latent_size
        return (films + 1) * hidden + 2 * (hidden + 1) * latent + films * (latent + 1)

    def start(self, films: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        hidden, latent = self.settings.hidden_size, self.settings.latent_size
        return {
            "input_weights": glorot(films, hidden, rng),
            "input_bias": np.zeros(hidden, np.float32),
            "mean_weights": glorot(hidden, latent, rng),
            "mean_bias": np.zeros(latent, np.float32),
            "variance_weights": glorot(hidden, latent, rng),
            "variance_bias": np.zeros(latent, np.float32),
            "output_weights": glorot(films, latent, rng),
        }

    def draw_code(
        self, hidden: Tensor, weights: dict[str, Tensor], normal: Callable[[int], Tensor]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        mean = hidden @ weights["mean_weights"] + weights["mean_bias"]
        log_variance = hidden @ weights["variance_weights"] + weights["variance_bias"]
        noise = normal(mean.shape[1])
        divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean()
        return mean + (0.5 * log_variance).exp() * noise, {"KL divergence": divergence}

    def code(self, hidden: np.ndarray) -> np.ndarray:
        return hidden @ self.mean_weights + self.mean_bias

    @property
    def added_weight(self) -> float:
        return self.settings.kl_weight

    def growth(self, done: float) -> float:
        return min(1.0, done / self.settings.annealing) if self.settings.annealing else 1.0
