"""Mult-DAE: a denoising autoencoder with a multinomial likelihood over films."""

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
class MultDaeSettings(Settings):
    """The settings of Mult-DAE, chosen on validation users of latest-small."""

    hidden_size: int = knob(
        100, "Numbers in the code, the only layer between the ratings and the films.", low=1, high=2000
    )
    epochs: int = knob(100, "How often every user is seen.", low=1, high=1000)
    batch_size: int = knob(100, "Users per step.", low=1, high=10000, log=True)
    learning_rate: float = knob(
        3e-3, "Step size of Adam at the start; it falls to 0 along half a cosine.", low=1e-5, high=0.1, log=True
    )
    weight_decay: float = knob(
        0.003, "How much the squares of a step's film weights are held down.", low=1e-5, high=10.0, log=True
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
        0,
        "Draws the first weights, the order of the users, and what is hidden.",
        low=0,
        high=2**31 - 1,
        advanced=True,
    )


class MultDae(Multinomial):
    """Mult-DAE (Liang, Krishnan, Hoffman & Jebara 2018, Variational Autoencoders for Collaborative Filtering,
    section 2.4, arXiv:1802.05814).

    pi = softmax(W tanh(V x / |x| + a) + b), and the loss is - x log pi + weight_decay (|V|² + |W|²) / 2 over
    the films of a step. x holds grades, max(0, (stars - 2) / 3), and the share of the ratings that is hidden
    varies, as in Mult-VAE.
    """

    name = "mult-dae"
    settings_class = MultDaeSettings

    def parameters(self, users: int, films: int) -> int:
        hidden = self.settings.hidden_size
        return (films + 1) * hidden + films * (hidden + 1)

    def start(self, films: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        hidden = self.settings.hidden_size
        return {
            "input_weights": glorot(films, hidden, rng),
            "input_bias": np.zeros(hidden, np.float32),
            "output_weights": glorot(films, hidden, rng),
        }

    def draw_code(
        self, hidden: Tensor, weights: dict[str, Tensor], normal: Callable[[int], Tensor]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        return hidden, {
            "weight decay": 0.5 * (weights["input_weights"].square().sum() + weights["output_weights"].square().sum())
        }

    def code(self, hidden: np.ndarray) -> np.ndarray:
        return hidden

    @property
    def added_weight(self) -> float:
        return self.settings.weight_decay
