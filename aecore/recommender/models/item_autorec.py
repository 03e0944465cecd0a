"""Item-based AutoRec: one hidden layer; inputs and outputs are a film's ratings by all users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.autorec import AutoRecSettings
from aecore.recommender.models.rated_rows import OfFilms
from aecore.recommender.models.rating_network import Recipe
from aecore.recommender.ratings.films import Films
from aecore.settings import knob


@dataclass(frozen=True)
class ItemAutoRecSettings(AutoRecSettings):
    """The settings of item-based AutoRec."""

    hidden_size: int = knob(200, "Units of the hidden layer.", low=1, high=2000)
    epochs: int = knob(60, "How often every film is seen.", low=1, high=2000)
    batch_size: int = knob(128, "Films per step.", low=1, high=100_000, log=True)
    seed: int = knob(0, "Draws the first weights and the order of the films.", low=0, high=2**31 - 1, advanced=True)
    fold_in_penalty: float = knob(
        10.0, "How strongly a new user's weights are drawn towards the mean of all users.",
        low=0.01, high=10_000.0, log=True, advanced=True,
    )  # fmt: skip


class ItemAutoRec(OfFilms):
    """h(r) = W g(V r + mu) + b, g the sigmoid, r a film's ratings minus their biases (Sedhain, Menon,
    Sanner & Xie 2015, WWW, eq. 1-2).
    """

    name = "item-autorec"
    settings_class = ItemAutoRecSettings

    def recipe(self) -> Recipe:
        return self.settings.recipe

    def film_features(self, films: Films) -> np.ndarray | None:
        return None

    @property
    def fold_in(self) -> float:
        return self.settings.fold_in_penalty
