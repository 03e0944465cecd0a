"""User-based AutoRec: one hidden layer; inputs and outputs are a user's ratings of all films."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.recommender.models.rated_rows import OfUsers
from aecore.recommender.models.rating_network import Recipe
from aecore.settings import Settings, knob


@dataclass(frozen=True)
class UserAutoRecSettings(Settings):
    """The settings of user-based AutoRec."""

    hidden_size: int = knob(100, "Units of the hidden layer.", low=1, high=2000)
    epochs: int = knob(60, "How often every user is seen.", low=1, high=2000)
    batch_size: int = knob(64, "Users per step.", low=1, high=100_000, log=True)
    learning_rate: float = knob(2e-3, "Step size of Adam at its highest.", low=1e-5, high=0.1, log=True)
    weight_decay: float = knob(
        5e-4,
        "How much the squares of the weights are held down, against one rating's squared error.",
        low=1e-5,
        high=1.0,
        log=True,
    )
    seed: int = knob(0, "Draws the first weights and the order of the users.", low=0, high=2**31 - 1, advanced=True)


class UserAutoRec(OfUsers):
    """h(r) = W g(V r + mu) + b, g the sigmoid, with the error of observed ratings only (Sedhain, Menon,
    Sanner & Xie 2015, WWW, eq. 1-2).

    r are the ratings minus their biases, so that the 0 of a missing rating means "as expected".
    """

    name = "user-autorec"
    settings_class = UserAutoRecSettings

    def recipe(self) -> Recipe:
        own = self.settings
        decays = (own.weight_decay,) * 4
        return Recipe(
            (own.hidden_size,),
            "sigmoid",
            0.0,
            0.0,
            False,
            0.0,
            decays,
            own.learning_rate,
            own.epochs,
            own.batch_size,
            own.seed,
        )
