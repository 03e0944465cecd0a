"""Denoising autoencoder of films: the best plain autoencoder for predicting stars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.recommender.models.rated_rows import OfFilms
from aecore.recommender.models.rating_network import Recipe
from aecore.recommender.ratings.films import Films
from aecore.settings import Settings, knob


@dataclass(frozen=True)
class DenoisingItemsSettings(Settings):
    """The settings of the denoising autoencoder of films, chosen on validation ratings of u1.base."""

    hidden_size: int = knob(300, "Units of the hidden layer.", low=1, high=2000)
    epochs: int = knob(30, "How often every film is seen.", low=1, high=5000)
    batch_size: int = knob(64, "Films per step; 0 takes all of them at once.", low=0, high=100_000)
    learning_rate: float = knob(1e-3, "Step size of Adam at its highest.", low=1e-5, high=0.1, log=True)
    weight_decay: float = knob(
        8e-4,
        "How much the squares of the later weights are held down, against the squared error of one rating.",
        low=0.0,
        high=1.0,
    )
    input_decay: float = knob(
        1.2e-4, "The same for the weights from the ratings into the first layer.", low=0.0, high=1.0, advanced=True
    )
    pattern_decay: float = knob(
        2e-5, "And for those from the pattern of what is rated.", low=0.0, high=1.0, advanced=True
    )
    feature_decay: float = knob(1.2e-3, "And for those from genres and decade.", low=0.0, high=1.0, advanced=True)
    hide_least: float = knob(0.1, "At least this share of the ratings is hidden in a step.", low=0.0, high=0.95)
    hide_most: float = knob(0.3, "At most this share.", low=0.0, high=0.95)
    dropout: float = knob(0.3, "The share of the hidden units that is switched off in a step.", low=0.0, high=0.95)
    fold_in_penalty: float = knob(
        10.0,
        "How strongly a new user's weights are drawn towards the mean of all users.",
        low=0.01,
        high=10_000.0,
        log=True,
        advanced=True,
    )
    seed: int = knob(0, "Draws the first weights and what is hidden.", low=0, high=2**31 - 1, advanced=True)


class DenoisingItems(OfFilms):
    """Inputs: a film's residuals and the mask of its ratings, some hidden at random,
    both divided by sqrt(count + 1); also genres and decade.

    One tanh layer, linear output, error of all ratings, hidden or not: AutoRec (Sedhain et al. 2015) with the
    corruption of Vincent et al. 2008, Extracting and Composing Robust Features with Denoising Autoencoders, ICML.
    """

    name = "denoising-items"
    settings_class = DenoisingItemsSettings

    def recipe(self) -> Recipe:
        own = self.settings
        return Recipe(
            hidden_sizes=(own.hidden_size,),
            activation="tanh",
            hide_least=own.hide_least,
            hide_most=max(own.hide_least, own.hide_most),
            masks=True,
            dropout=own.dropout,
            decays=(own.input_decay, own.pattern_decay, own.feature_decay, own.weight_decay),
            learning_rate=own.learning_rate,
            epochs=own.epochs,
            batch_size=own.batch_size,
            seed=own.seed,
        )

    def film_features(self, films: Films) -> np.ndarray | None:
        decades = np.unique(films.years // 10, return_inverse=True)[1]
        return np.hstack([films.genres, np.eye(decades.max() + 1)[decades]]).astype(np.float32)

    @property
    def fold_in(self) -> float:
        return self.settings.fold_in_penalty
