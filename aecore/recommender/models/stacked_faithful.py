"""The articles' stacked autoencoder exactly as they train it, one person at a time, only computed fifty times faster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.films import Films
from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.models.stacked_steps import Exact, Paired, forward, initial_weights, is_settled, split
from aecore.recommender.ratings import HIGHEST, LOWEST, Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from aecore.progress import Progress

SIZES = (20, 10, 20)
"""Units of the three hidden layers."""


@dataclass(frozen=True)
class StackedFaithfulSettings(Settings):
    """The knobs of the articles' training; their values are the articles'."""

    epochs: int = knob(200, "How often every person is seen.", low=1, high=1000)
    learning_rate: float = knob(0.01, "Step size of RMSprop.", low=1e-4, high=0.05, log=True)
    weight_decay: float = knob(0.5, "Added to the gradient, times the weight.", low=0.01, high=2.0)
    exact_epochs: int = knob(3, "So many first and as many last epochs are computed step by step, those between in blocks.", low=1, high=1000, advanced=True)
    block: int = knob(16, "People of a block, whose gradients are taken at the same weights.", low=2, high=256, advanced=True)
    seed: int = knob(0, "Draws the first weights.", low=0, high=2**31 - 1, advanced=True)


class StackedFaithful(Recommender):
    """Films - 20 - 10 - 20 - films, sigmoid, linear at the end; a person's stars in, 0 for films not rated, and their stars out.

    The loss is the mean over all films of the squared error, which counts only at the films the person rated. The articles' loop never
    sets the gradient back to zero, so that it sums up over the whole training; without this quirk their weight decay of 0.5 would
    shrink every weight to nothing. `stacked_steps` says how it is computed. What is reported is the articles' figure: the mean over
    people of the root of each one's mean squared error.

    weights: (n,) float32, all layers one after the other, see `stacked_steps.split`.
    """

    name = "stacked-faithful"
    settings_class = StackedFaithfulSettings
    kept = ("weights",)
    weights: np.ndarray

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        from aecore.progress import Progress

        own = self.settings
        people = np.flatnonzero(ratings.counts)
        table = ratings.take_people(people).matrix
        seconds = 0.0
        epochs = self._epochs(table)
        for epoch in range(1, own.epochs + 1):
            started = time.perf_counter()
            error = next(epochs)
            seconds += time.perf_counter() - started
            watched = {} if validation is None else {"person RMSE": self._error(ratings, validation)}
            steps = epoch * len(people)
            yield Progress(steps, float(epoch), seconds, steps / seconds, own.learning_rate, {"person RMSE": error}, watched, None, epoch / own.epochs)

    def _epochs(self, table: csr_matrix) -> Iterator[float]:
        """The error of every epoch; single steps first and last, between them many at once."""
        own = self.settings
        sizes = (table.shape[1], *SIZES, table.shape[1])
        exact = Exact(initial_weights(sizes, np.random.default_rng(own.seed)), sizes, own.learning_rate, own.weight_decay)
        many = max(0, own.epochs - 2 * own.exact_epochs) if is_settled(table.shape[1], own.learning_rate, own.weight_decay) else 0
        first = own.exact_epochs if many else own.epochs
        self.weights = exact.weights
        for _ in range(first):
            yield exact.epoch(table)
        paired = Paired(exact, own.block)
        for _ in range(many):
            error = paired.epoch(table)
            self.weights = paired.weights
            yield error
        self.weights = exact.weights
        paired.hand_back(exact)
        for _ in range(own.epochs - first - many):
            yield exact.epoch(table)

    def _error(self, ratings: Ratings, validation: Ratings, block: int = 512) -> float:
        """The articles' figure on the validation ratings, their people's other ratings as input."""
        people = np.flatnonzero(validation.counts)
        total = 0.0
        for start in range(0, len(people), block):
            part = people[start : start + block]
            asked = validation.take_people(part)
            stars = np.clip(self._stars(ratings.take_people(part))[asked.rows, asked.films], LOWEST, HIGHEST)
            total += np.sqrt(np.bincount(asked.rows, (stars - asked.stars) ** 2) / asked.counts).sum()
        return float(total / max(1, len(people)))

    def _stars(self, given: Ratings) -> np.ndarray:
        count = given.films_count
        layers = split(self.weights, (count, *SIZES, count))
        return forward(given.matrix, layers)[-1]

    def predict(self, given: Ratings) -> Scores:
        stars = self._stars(given)
        return Scores(stars, stars)

    def affinity(self, film: int) -> np.ndarray:
        """Cosine of the films' weights into the output."""
        count = len(self.movie_ids)
        output = split(self.weights, (count, *SIZES, count))[-1][0].T
        lengths = np.maximum(np.linalg.norm(output, axis=1), 1e-12)
        return output @ output[film] / (lengths * lengths[film])
