"""Base of Mult-VAE and Mult-DAE: graded ratings in, a probability for every film out;
a training step updates only the rows of the films in its batch.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.models.multinomial_training import LIKELIHOOD, Training
from aecore.recommender.models.sparse_batches import cosine
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError, columns_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from torch import Tensor

    from aecore.progress import Progress


WATCHED = 1000
"""Maximum number of validation users."""


def grades(stars: np.ndarray) -> np.ndarray:
    """max(0, (stars - 2) / 3): the grade of a rating, 1 for 5 stars and 0 for 2 or fewer.

    (N,) -> (N,) float32.
    """
    return np.maximum(0, (stars - 2) / 3).astype(np.float32)


def any_graded(given: Ratings) -> np.ndarray:
    """(B,) bool: whether each user has given a film a grade above 0."""
    return np.bincount(given.rows, grades(given.stars) > 0, given.users) > 0


class Multinomial(Recommender):
    """A network with a softmax over films as output, trained to put probability on the films a user graded highly.

    columns (f,) int32: the films with at least `least_ratings` ratings. Other films have too few to learn from: they
    are no inputs, and every user gets their share of all grades, log_shares (F,). input_weights (f, H), input_bias
    (H,): the first layer, h = tanh(W x / |x| + b). output_weights (f, L), output_bias (f,): the last layer, log
    probability of a film = output_weights @ code + output_bias - log of the sum. The subclass adds the layers between.
    """

    kept: ClassVar[tuple[str, ...]] = (
        "columns",
        "log_shares",
        "input_weights",
        "input_bias",
        "output_weights",
        "output_bias",
    )
    uses_gpu = True
    keeps_best_epoch = True
    is_parallel = True
    dense: ClassVar[tuple[str, ...]] = ("input_bias",)
    """The arrays without a row per film; every step updates them."""

    columns: np.ndarray
    log_shares: np.ndarray
    input_weights: np.ndarray
    input_bias: np.ndarray
    output_weights: np.ndarray
    output_bias: np.ndarray

    @abstractmethod
    def start(self, films: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Random initial weights, by the names in `kept`; the output biases are initialised from how
        often films are liked.
        """

    @abstractmethod
    def draw_code(
        self, hidden: Tensor, weights: dict[str, Tensor], normal: Callable[[int], Tensor]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """(B, H) -> (B, L), and the terms added to the loss: a mean over users, or of the weights alone.

        normal: a size -> (B, size) standard normal noise for these users.
        """

    @abstractmethod
    def code(self, hidden: np.ndarray) -> np.ndarray:
        """(B, H) -> (B, L) without sampling, in NumPy."""

    @property
    @abstractmethod
    def added_weight(self) -> float:
        """The full weight of the terms that `draw_code` adds to the loss."""

    def growth(self, done: float) -> float:
        """The factor on that weight when the share `done` of the training is over."""
        return 1.0

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        from aecore.progress import Progress

        x = self._choose_films(ratings)
        training = Training(self, x)
        users, seconds = np.flatnonzero(np.diff(x.indptr)), 0.0
        for epoch in range(self.settings.epochs):
            started = time.perf_counter()
            train = training.epoch(users, epoch)
            seconds += time.perf_counter() - started
            watched = {} if validation is None else {LIKELIHOOD: self.loss(ratings, validation)}
            done = (epoch + 1) / self.settings.epochs
            rate = cosine(self.settings.learning_rate, done)
            yield Progress(
                training.step,
                epoch + 1.0,
                seconds,
                len(users) * (epoch + 1) / seconds,
                rate,
                train,
                watched,
                None,
                done,
            )

    def _choose_films(self, ratings: Ratings) -> csr_matrix:
        """Sets `columns` and `log_shares`; returns (P, f) of the grades above 0. RatingsError if there are none."""
        values = grades(ratings.stars)
        if not values.any():
            raise RatingsError(
                "Nobody gave more than 2 stars, so there is nothing to recommend by; "
                "add ratings of films that users liked."
            )
        sums = np.bincount(ratings.films, values, ratings.films_count)
        self.log_shares = np.log((sums + 0.1) / (sums.sum() + 0.1 * len(sums))).astype(np.float32)
        often = np.bincount(ratings.films, minlength=ratings.films_count) >= self.settings.least_ratings
        self.columns = np.flatnonzero(often & (sums > 0) if (often & (sums > 0)).any() else sums > 0).astype(np.int32)
        liked = ratings.only(values > 0)
        x = liked.matrix_of(values[values > 0])
        return x if len(self.columns) == x.shape[1] else x[:, self.columns]

    def keep(self, arrays: dict[str, np.ndarray]) -> None:
        """Takes the weights in training, without a copy, so that a training that is stopped leaves a usable model."""
        for name in self.kept[2:]:
            setattr(self, name, arrays[name])

    def loss(self, ratings: Ratings, validation: Ratings, block: int = 256) -> float:
        """Negative log-likelihood of the validation ratings, weighted by grade,
        a mean over the first `WATCHED` of their users.
        """
        target, total = validation.matrix_of(grades(validation.stars)), 0.0
        users = np.flatnonzero(validation.counts)[:WATCHED]
        for start in range(0, len(users), block):
            part = users[start : start + block]
            total -= float(target[part].multiply(self.log_probabilities(ratings.take_users(part))).sum())
        return total / max(1, len(users))

    def log_probabilities(self, given: Ratings) -> np.ndarray:
        """(B, F) float32: log probability of each film."""
        x = given.matrix_of(grades(given.stars))[:, self.columns]
        length = np.sqrt(np.asarray(x.multiply(x).sum(1)))
        hidden = np.tanh((x @ self.input_weights) / np.maximum(length, 1e-12) + self.input_bias)
        logits = self.code(hidden) @ self.output_weights.T + self.output_bias
        top = logits.max(1, keepdims=True)
        logits -= top + np.log(np.exp(logits - top).sum(1, keepdims=True))
        out = np.tile(self.log_shares, (given.users, 1))
        out[:, self.columns] = logits
        return out

    def tells_likes(self, given: Ratings) -> np.ndarray:
        return any_graded(given)

    def predict(self, given: Ratings) -> Scores:
        return Scores(self.log_probabilities(given))

    def knows(self, film: int) -> bool:
        """Whether the film of this column has weights."""
        return bool(columns_of(np.array([film]), self.columns)[0] >= 0)

    def directions(self, films: np.ndarray) -> np.ndarray:
        """(n, L): the output weights of the films of these columns, scaled to length 1; 0 for one without weights."""
        out, places = np.zeros((len(films), self.output_weights.shape[1]), np.float32), columns_of(films, self.columns)
        own = self.output_weights[places[places >= 0]]
        out[places >= 0] = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
        return out

    def affinity(self, film: int) -> np.ndarray:
        """Cosine similarity of the films' output weights: films are similar if they are recommended together.

        For a film without weights, the popularity of each film.
        """
        if not self.knows(film):
            return self.popularity * 1e-6
        lengths = np.maximum(np.linalg.norm(self.output_weights, axis=1), 1e-12)
        place = np.searchsorted(self.columns, film)
        out = np.zeros(len(self.movie_ids), np.float32)
        out[self.columns] = self.output_weights @ self.output_weights[place] / (lengths * lengths[place])
        return out


def glorot(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    """(rows, columns) float32, normal of variance 2 / (rows + columns) (Glorot & Bengio 2010, eq. 12)."""
    weights = rng.standard_normal((rows, columns), np.float32)
    weights *= np.float32(np.sqrt(2 / (rows + columns)))
    return weights
