"""The stacked autoencoder of introductory tutorials, trained exactly as they do, one user at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress

SIZES = (20, 10, 20)
"""Units of the three hidden layers."""

Layers = list[tuple[np.ndarray, np.ndarray]]
"""Weights (inputs, outputs) and biases (outputs,) of each layer."""

WATCHED = 1000
"""Maximum number of validation users."""


@dataclass(frozen=True)
class StackedFaithfulSettings(Settings):
    """The settings of the tutorials' training; their values are the tutorials'."""

    epochs: int = knob(200, "How often every user is seen.", low=1, high=1000)
    learning_rate: float = knob(0.01, "Step size of RMSprop.", low=1e-4, high=0.05, log=True)
    weight_decay: float = knob(0.5, "Added to the gradient, times the weight.", low=0.0, high=2.0)
    seed: int = knob(0, "Draws the first weights.", low=0, high=2**31 - 1, advanced=True)


class StackedFaithful(Recommender):
    """Films - 20 - 10 - 20 - films, sigmoid, linear output; input: a user's stars, 0 for films not rated.

    The loss is the mean over all films of the squared error, which counts only for films the user rated.
    The tutorials' loop never zeroes the gradient, so that it accumulates over the whole training; without
    this quirk their weight decay of 0.5 would shrink every weight to zero. `stacked_kernel` takes the same
    steps, compiled. The reported error is the tutorials': the mean over users of each user's root mean
    squared error.

    weights: (n,) float32, all layers one after the other, see `split`.
    """

    name = "stacked-faithful"
    settings_class = StackedFaithfulSettings
    kept = ("weights",)
    weights: np.ndarray

    def parameters(self, users: int, films: int) -> int:
        return sum((inputs + 1) * outputs for inputs, outputs in pairwise((films, *SIZES, films)))

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        from aecore.progress import Progress
        from aecore.recommender.models.stacked_kernel import epoch as train_epoch

        own = self.settings
        users = ratings.take_users(np.flatnonzero(ratings.counts))
        self.weights = initial_weights(ratings.films_count, np.random.default_rng(own.seed))
        summed, squares = np.zeros_like(self.weights), np.zeros_like(self.weights)
        rate, decay, seconds = np.float32(own.learning_rate), np.float32(own.weight_decay), 0.0
        for epoch in range(1, own.epochs + 1):
            started = time.perf_counter()
            sizes = (ratings.films_count, *SIZES)
            error = train_epoch(
                users.indptr, users.films, users.stars, sizes, self.weights, summed, squares, rate, decay
            )
            seconds += time.perf_counter() - started
            watched = {} if validation is None else {"RMSE per user": self._error(ratings, validation)}
            steps = epoch * users.users
            yield Progress(
                steps,
                float(epoch),
                seconds,
                steps / seconds,
                own.learning_rate,
                {"RMSE per user": error},
                watched,
                None,
                epoch / own.epochs,
            )

    def _error(self, ratings: Ratings, validation: Ratings, block: int = 512) -> float:
        """The tutorials' error on the validation ratings of the first `WATCHED` users,
        with their other ratings as input.
        """
        users = np.flatnonzero(validation.counts)[:WATCHED]
        total = 0.0
        for start in range(0, len(users), block):
            part = users[start : start + block]
            asked = validation.take_users(part)
            stars = np.clip(self._stars(ratings.take_users(part))[asked.rows, asked.films], LOWEST, HIGHEST)
            total += np.sqrt(np.bincount(asked.rows, (stars - asked.stars) ** 2) / asked.counts).sum()
        return float(total / max(1, len(users)))

    def _stars(self, given: Ratings) -> np.ndarray:
        return forward(given.matrix, split(self.weights, given.films_count))

    def predict(self, given: Ratings) -> Scores:
        stars = self._stars(given)
        return Scores(stars, stars)

    def affinity(self, film: int) -> np.ndarray:
        """Cosine similarity of the films' output weights."""
        output = split(self.weights, len(self.movie_ids))[-1][0].T
        lengths = np.maximum(np.linalg.norm(output, axis=1), 1e-12)
        return output @ output[film] / (lengths * lengths[film])


def initial_weights(films: int, rng: np.random.Generator) -> np.ndarray:
    """Uniform within ± 1 / sqrt(inputs), as torch.nn.Linear initialises, in the layout of `split`."""
    parts = []
    for inputs, outputs in pairwise((films, *SIZES, films)):
        bound = 1 / math.sqrt(inputs)
        parts += [rng.uniform(-bound, bound, inputs * outputs), rng.uniform(-bound, bound, outputs)]
    return np.concatenate(parts).astype(np.float32)


def split(flat: np.ndarray, films: int) -> Layers:
    """Views of the layers.

    In `flat` each has its weights, then its biases; the output weights of a film are contiguous.
    """
    layers: Layers = []
    place = 0
    sizes = list(pairwise((films, *SIZES, films)))
    for inputs, outputs in sizes:
        middle, end = place + inputs * outputs, place + (inputs + 1) * outputs
        weights = flat[place:middle]
        is_last = len(layers) == len(sizes) - 1
        layers.append(
            (weights.reshape(outputs, inputs).T if is_last else weights.reshape(inputs, outputs), flat[middle:end])
        )
        place = end
    return layers


def forward(x: Any, layers: Layers) -> np.ndarray:
    """(B, F) stars, dense or sparse -> (B, F) predicted stars."""
    for place, (weights, bias) in enumerate(layers):
        x = x @ weights + bias
        x = x if place == len(layers) - 1 else 0.5 * (1 + np.tanh(0.5 * x))
    return x
