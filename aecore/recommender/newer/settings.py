"""Settings of a training on newer films, kept by its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aecore.recommender.models.hybrid import HybridSettings
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.runs.run import NEWER
from aecore.settings import Settings, SettingsError, knob

EDITION = "ml-32m"
TITLE = f"Newer films · {EDITIONS[EDITION].title}"


@dataclass(frozen=True)
class NewerSettings(Settings):
    """Settings that keep time, memory and the trained recommender small on a large edition.

    Found on generated ratings of its size, and, for what bears on quality, on MovieLens 1M.
    """

    people: int = knob(40_000, "Users it learns from, drawn at random.", low=20, high=200_000, log=True)
    tested: int = knob(1000, "Users held out of the training, to measure both recommenders.", low=10, high=20_000)
    watched: int = knob(200, "Users held out of the training, for its curve and its last setting.", low=5, high=2000)
    most_films: int = knob(
        24_000, "Films with weights of their own, the most often rated; the others have a mean.", low=10, high=50_000
    )
    least_ratings: int = knob(5, "Films with fewer ratings have a mean, too.", low=1, high=1000)
    epochs: int = knob(24, "How often each network sees every user.", low=1, high=1000)
    batch_size: int = knob(250, "Users per step.", low=1, high=10_000, log=True)
    sampled_films: int = knob(
        4096, "Films in the sum of a step's softmax, drawn from those that none of its users has rated.",
        low=1, high=100_000, log=True,
    )  # fmt: skip
    weight_decay: float = knob(0.001, "Of the denoising autoencoders.", low=1e-5, high=10.0, log=True)
    ease_films: int = knob(2000, "Films of EASE.", low=2, high=5000, log=True)
    ease_penalty: float = knob(2000.0, "How strongly its weights are held back.", low=0.1, high=100_000.0, log=True)
    burn_in: int = knob(30, "Epochs of the Bayesian model before its first draw counts.", low=0, high=1000)
    draws: int = knob(60, "Epochs after that.", low=1, high=1000)
    kept_draws: int = knob(10, "Draws of it that are kept.", low=1, high=100)
    seed: int = knob(0, "Draws everything.", low=0, high=2**31 - 1, advanced=True)

    def hybrid(self) -> HybridSettings:
        """The settings of the recommender of the page, of which the rest are as they are built in."""
        return HybridSettings(
            epochs=self.epochs,
            weight_decay=self.weight_decay,
            ease_films=self.ease_films,
            ease_penalty=self.ease_penalty,
            burn_in=self.burn_in,
            draws=self.draws,
            kept_draws=self.kept_draws,
            seed=self.seed,
        )

    def as_run(self) -> dict[str, Any]:
        """What the folder of a run keeps; `of_run` reads it back."""
        return {"kind": NEWER, "data": EDITION, "model": "hybrid", **self.to_dict()}

    @classmethod
    def of_run(cls, values: dict[str, Any]) -> NewerSettings:
        """Settings from a run's folder. SettingsError if it is of another kind, or a value is out of bounds."""
        if (values.get("kind"), values.get("data")) != (NEWER, EDITION):
            raise SettingsError("The settings are not of a training on newer films.")
        return cls.from_dict({name: value for name, value in values.items() if name not in ("kind", "data", "model")})
