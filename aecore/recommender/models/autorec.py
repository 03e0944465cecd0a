"""What both forms of AutoRec share (Sedhain, Menon, Sanner & Xie 2015, WWW): one sigmoid layer, nothing hidden."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.recommender.models.rating_network import Recipe
from aecore.settings import Settings, knob


@dataclass(frozen=True)
class AutoRecSettings(Settings):
    """Settings of user-based AutoRec, and of item-based AutoRec unless it says otherwise."""

    hidden_size: int = knob(100, "Units of the hidden layer.", low=1, high=2000)
    epochs: int = knob(60, "How often every user is seen.", low=1, high=2000)
    batch_size: int = knob(64, "Users per step.", low=1, high=100_000, log=True)
    learning_rate: float = knob(2e-3, "Step size of Adam at its highest.", low=1e-5, high=0.1, log=True)
    weight_decay: float = knob(
        5e-4, "How much the squares of the weights are held down, against one rating's squared error.",
        low=1e-5, high=1.0, log=True,
    )  # fmt: skip
    seed: int = knob(0, "Draws the first weights and the order of the users.", low=0, high=2**31 - 1, advanced=True)

    @property
    def recipe(self) -> Recipe:
        """One sigmoid layer, all weights held down alike."""
        return Recipe(
            hidden_sizes=(self.hidden_size,),
            activation="sigmoid",
            decays=(self.weight_decay,) * 4,
            learning_rate=self.learning_rate,
            epochs=self.epochs,
            batch_size=self.batch_size,
            seed=self.seed,
        )
