"""Hybrid recommender: some models rank the films, another predicts their stars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
from scipy.special import ndtr

from aecore.files import BrokenFileError
from aecore.recommender.models.attribution import Attribution
from aecore.recommender.models.base import DISLIKED, LIKED, Recommender, Scores
from aecore.recommender.models.bayesian import Bayesian, BayesianSettings
from aecore.recommender.models.ease import Ease, EaseSettings
from aecore.recommender.models.mult_dae import MultDae, MultDaeSettings
from aecore.recommender.models.mult_vae import MultVae, MultVaeSettings
from aecore.recommender.models.multinomial import Multinomial, any_graded
from aecore.recommender.models.ranks import ALONE
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress


@dataclass(frozen=True)
class HybridSettings(Settings):
    """The settings of the hybrid, chosen on validation users of latest-small."""

    hidden_size: int = knob(100, "Units of each network that ranks.", low=1, high=2000)
    latent_size: int = knob(64, "Numbers in the code of the one that is a variational autoencoder.", low=1, high=1000)
    epochs: int = knob(100, "How often every user is seen by the networks.", low=1, high=1000)
    weight_decay: float = knob(0.003, "Of the denoising autoencoders.", low=1e-5, high=10.0, log=True)
    ease_films: int = knob(
        1400,
        "EASE has a weight for every pair of films, so it covers only this many: those with most ratings.",
        low=2,
        high=20_000,
        log=True,
    )
    ease_penalty: float = knob(
        400.0, "How strongly the weights of EASE are held back.", low=0.1, high=100_000.0, log=True
    )
    ease_weight: float = knob(
        32.0, "How much what EASE says counts beside the log chances of the networks.", low=0.0, high=1000.0
    )
    stars_weight: float = knob(
        1.5,
        "How much the chance counts that the film will be liked rather than disliked, by the stars predicted.",
        low=0.0,
        high=100.0,
    )
    dislike_weight: float = knob(
        1.5, "How many films liked it takes to make up for one disliked.", low=0.0, high=100.0, advanced=True
    )
    burn_in: int = knob(60, "Epochs of the Bayesian model before its first draw counts.", low=0, high=10000)
    draws: int = knob(300, "Epochs after that.", low=1, high=10000)
    kept_draws: int = knob(10, "Draws of it that are kept.", low=1, high=1000)
    seed: int = knob(0, "Draws everything.", low=0, high=2**31 - 1, advanced=True)


class Hybrid(Recommender):
    """Order: the sum of the log probabilities of a Mult-VAE and two Mult-DAE, the scores of EASE for the
    best-known films, and what the predicted stars say (`stars_bonus`). Stars and spread: a Bayesian linear autoencoder.

    Neither can do both: ranking by predicted stars favours obscure films of high average, and the probability of
    being watched and liked, which is learned from likes alone, knows nothing of what a user dislikes. parts: by the
    names in PARTS.
    """

    name = "hybrid"
    settings_class = HybridSettings
    earlier: ClassVar[Mapping[str, Any]] = {"stars_weight": 0.0}
    uses_gpu = True
    is_parallel = True
    PARTS: ClassVar[dict[str, type[Recommender]]] = {
        "vae": MultVae,
        "dae": MultDae,
        "second dae": MultDae,
        "ease": Ease,
        "stars": Bayesian,
    }
    parts: dict[str, Recommender]

    def untrained(self) -> dict[str, Recommender]:
        """The parts, in the order of their training."""
        own = self.settings
        rank = {"hidden_size": own.hidden_size, "epochs": own.epochs}
        return {
            "vae": MultVae(MultVaeSettings(**rank, latent_size=own.latent_size, seed=own.seed)),
            "dae": MultDae(MultDaeSettings(**rank, weight_decay=own.weight_decay, seed=own.seed)),
            "second dae": MultDae(MultDaeSettings(**rank, weight_decay=own.weight_decay, seed=own.seed + 1)),
            "ease": Ease(EaseSettings(most_films=own.ease_films, penalty=own.ease_penalty)),
            "stars": Bayesian(
                BayesianSettings(burn_in=own.burn_in, draws=own.draws, kept_draws=own.kept_draws, seed=own.seed)
            ),
        }

    def parameters(self, users: int, films: int) -> int:
        return sum(part.parameters(users, films) for part in self.untrained().values())

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        """Of several processes, the first trains what is no network by itself, and the others leave it out."""
        self.parts, waiting = {}, self.untrained()
        step, seconds = 0, 0.0
        for place, (name, part) in enumerate(waiting.items()):
            if self.ranks.rank and not part.is_parallel:
                continue
            self.parts[name], part.device = part, self.device
            part.ranks = self.ranks if part.is_parallel else ALONE
            progress = None
            for progress in part.fit(ratings, films, validation):
                share = (place + progress.share) / len(waiting)
                yield replace(
                    progress, step=step + progress.step, seconds=seconds + progress.seconds, share=share, phase=name
                )
            step, seconds = step + progress.step, seconds + progress.seconds

    def predict(self, given: Ratings) -> Scores:
        """Scores by the parts trained so far, if training was stopped before the last part."""
        order = sum(part.predict(given).order for part in self._networks())
        if "ease" in self.parts:
            order = order + np.float32(self.settings.ease_weight) * self.parts["ease"].predict(given).order
        if "stars" not in self.parts:
            return Scores(order)
        scores = self.parts["stars"].predict(given)
        assert scores.stars is not None
        lift = np.maximum(0, LEVEL - self._usual(scores.stars))[:, None].astype(np.float32)
        bonus = stars_bonus(replace(scores, stars=scores.stars + lift), self.settings.dislike_weight)
        weighted = np.float32(self.settings.stars_weight) * bonus
        return Scores(order + weighted, scores.stars, scores.spread, order)

    def tells_likes(self, given: Ratings) -> np.ndarray:
        return any_graded(given)

    def without_likes(self, given: Ratings) -> Scores:
        """See the base class: log popularity in place of each network's log probability. Films whose predicted stars
        fall more than those of the usual film, since they are like those disliked, move down, and none moves up for it.
        """
        least = self.popularity[self.popularity > 0].min(initial=1.0) / 2
        fame = len(self._networks()) * np.log(np.maximum(self.popularity, least))
        likes = np.tile(fame, (given.users, 1)).astype(np.float32)
        order = likes
        if "stars" in self.parts:
            expected, usual = (
                self.parts["stars"].predict(each).stars for each in (given, Ratings.of_tastes([{}], self.movie_ids))
            )
            assert expected is not None
            assert usual is not None
            fall = expected - usual
            fall -= self._usual(fall)[:, None]
            order = likes + self.settings.stars_weight * PER_STAR * np.clip(fall, -DEEPEST, 0)
        return Scores(order.astype(np.float32), likes=likes)

    def attribution(self, given: Ratings, column: int, groups: np.ndarray) -> Attribution:
        """See the base class: of the stars, which one part predicts."""
        part = self.parts.get("stars")
        return super().attribution(given, column, groups) if part is None else part.attribution(given, column, groups)

    def _usual(self, stars: np.ndarray) -> np.ndarray:
        """(B, F) -> (B,): the mean over films, by popularity."""
        return stars @ (self.popularity / max(float(self.popularity.sum()), 1e-9))

    def _networks(self) -> list[Multinomial]:
        return [part for part in self.parts.values() if isinstance(part, Multinomial)]

    def affinity(self, film: int) -> np.ndarray:
        """The mean similarity of the networks; for a film without weights in them, that of the Bayesian model."""
        networks = self._networks()
        if "stars" in self.parts and not networks[0].knows(film):
            return self.parts["stars"].affinity(film)
        return np.mean([part.affinity(film) for part in networks], 0)

    def directions(self, films: np.ndarray) -> np.ndarray:
        """(n, D): of the films of these columns, unit vectors in every network, and one of length 1/3 from the first
        draw of the Bayesian model, which has factors for films without weights in the networks.
        """
        networks = [part.directions(films) for part in self._networks()]
        factors = cast(Bayesian, self.parts["stars"]).factors_of(films)[0, :, 1:]
        return np.hstack([*networks, factors / (3 * np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12))])

    def arrays(self) -> dict[str, np.ndarray]:
        shared = ("movie_ids", "popularity")
        inner = {
            f"{name}.{key}": value
            for name, part in self.parts.items()
            for key, value in part.arrays().items()
            if key not in shared
        }
        return {name: getattr(self, name) for name in shared} | inner

    @classmethod
    def from_arrays(cls, settings: Settings, arrays: dict[str, np.ndarray]) -> Self:
        model = super().from_arrays(settings, arrays)
        shared = {name: arrays[name] for name in ("movie_ids", "popularity")}
        model.parts = {}
        for name, kind in cls.PARTS.items():
            own = {key.removeprefix(f"{name}."): value for key, value in arrays.items() if key.startswith(f"{name}.")}
            if own:
                model.parts[name] = kind.from_arrays(kind.settings_class(), shared | own)
        if not model._networks():
            raise BrokenFileError(f"The weights hold no part that ranks; they are not of a model called '{cls.name}'.")
        return model


PER_STAR, DEEPEST = 2.5, 0.25
"""What a star less counts where no film was liked, about as much as in the bonus of a usual film; and how many stars
count at most, so that films as much alike keep their order.
"""
LEVEL = 3.0
"""The lowest mean of the stars expected of a user, over films by popularity: below it they are all raised, since else,
with few films liked and some disliked, every film would seem to be disliked, and the dislikes would change nothing.
"""
STEP = 0.5
"""Between two values that stars can have."""
LEAST = 0.02
"""The bonus falls no further than its logarithm."""


def stars_bonus(scores: Scores, dislike_weight: float) -> np.ndarray:
    """(B, F) float32: log(max(P(liked) - dislike_weight P(disliked), LEAST)), by predicted stars and their spread.

    A film rated is liked with 4 stars or more and disliked with 2 or fewer; stars are taken as normal, rounded to
    halves. So among films as likely to be watched, those that are likely to be disliked stand further down.

    Of validation users, a ridge model of dislikes by what else was liked and disliked tells liked from disliked films
    no better than these stars do, and with larger weights NDCG@10 falls, too, where ten or twenty ratings are given.
    """
    assert scores.stars is not None
    spread = np.float32(1.0) if scores.spread is None else scores.spread
    liked = ndtr((scores.stars - np.float32(LIKED - STEP / 2)) / spread)
    disliked = ndtr((np.float32(DISLIKED + STEP / 2) - scores.stars) / spread)
    return np.log(np.maximum(liked - np.float32(dislike_weight) * disliked, np.float32(LEAST))).astype(np.float32)
