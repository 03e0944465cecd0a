"""The tutorials' stacked autoencoder done right: batches, centred ratings, hidden inputs,
and an error only where there is a rating.
"""

from __future__ import annotations

from dataclasses import dataclass

from aecore.recommender.models.rated_rows import OfUsers
from aecore.recommender.models.rating_network import Recipe
from aecore.settings import Settings, knob


@dataclass(frozen=True)
class StackedSettings(Settings):
    """The settings of the stacked autoencoder, chosen on validation ratings of u1.base."""

    hidden_sizes: tuple[int, ...] = knob((300, 300), "Units of the hidden layers.", low=1, high=2000)
    epochs: int = knob(40, "How often every user is seen.", low=1, high=2000)
    batch_size: int = knob(64, "Users per step.", low=1, high=100_000, log=True)
    learning_rate: float = knob(2e-3, "Step size of Adam at its highest.", low=1e-5, high=0.1, log=True)
    weight_decay: float = knob(
        5e-4,
        "How much the squares of the later weights are held down, against the squared error of one rating.",
        low=0.0,
        high=1.0,
    )
    input_decay: float = knob(
        3e-4, "The same for the weights from the ratings into the first layer.", low=0.0, high=1.0, advanced=True
    )
    pattern_decay: float = knob(
        5e-5, "And for those from the pattern of what is rated.", low=0.0, high=1.0, advanced=True
    )
    hide_least: float = knob(0.2, "At least this share of the ratings is hidden in a step.", low=0.0, high=0.95)
    hide_most: float = knob(0.5, "At most this share.", low=0.0, high=0.95)
    dropout: float = knob(
        0.3, "The share of the units of the last hidden layer that is switched off in a step.", low=0.0, high=0.95
    )
    seed: int = knob(
        0,
        "Draws the first weights, the order of the users and what is hidden.",
        low=0,
        high=2**31 - 1,
        advanced=True,
    )


class Stacked(OfUsers):
    """The tutorials' layers, trained as a denoising autoencoder (Vincent et al. 2010,
    Stacked Denoising Autoencoders, JMLR 11).

    Inputs: residuals and the mask of the ratings, some hidden at random,
    both divided by sqrt(count + 1); tanh; linear output.
    """

    name = "stacked"
    settings_class = StackedSettings

    def recipe(self) -> Recipe:
        own = self.settings
        return Recipe(
            hidden_sizes=own.hidden_sizes,
            activation="tanh",
            hide_least=own.hide_least,
            hide_most=max(own.hide_least, own.hide_most),
            masks=True,
            dropout=own.dropout,
            decays=(own.input_decay, own.pattern_decay, 0.0, own.weight_decay),
            learning_rate=own.learning_rate,
            epochs=own.epochs,
            batch_size=own.batch_size,
            seed=own.seed,
        )
