"""Recommenders from a rating network, whose rows are users (what a user rated) or films
(who rated a film).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Self
from zlib import crc32

import numpy as np
from scipy import sparse

from aecore.files import BrokenFileError
from aecore.recommender.models.base import Recommender, Scores, is_measured
from aecore.recommender.models.bias import Bias, BiasSettings
from aecore.recommender.models.rating_network import Network, Recipe, train
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings
from aecore.settings import Settings

if TYPE_CHECKING:
    from aecore.progress import Progress

WATCHED = 1000
"""Maximum number of validation users."""

MOST_FEATURES = 40
"""Genres and decades of films, at most."""


class RatedRows(Recommender):
    """stars = biases + the output of a network on the residuals, the ratings minus their biases.

    bias: the bias model.
    """

    uses_gpu = True
    keeps_best_epoch = True
    bias: Bias
    network: Network

    @abstractmethod
    def recipe(self) -> Recipe:
        """Architecture and training of the network."""

    def table(self, ratings: Ratings) -> sparse.csr_matrix:
        """(P, F) float32 of the residuals."""
        return ratings.matrix_of(self.bias.residuals(ratings).astype(np.float32))

    def fit_bias(self, ratings: Ratings, films: Films) -> None:
        """Fits the bias model, before the network."""
        self.bias = Bias(BiasSettings())
        for _ in self.bias.fit(ratings, films):
            pass

    def records(
        self, trained: Iterator[tuple[Network, int, float, float]], rows: int, error: Callable[[], float] | None
    ) -> Iterator[Progress]:
        """Yields a record per epoch. error: () -> root mean squared error of the validation ratings, or None."""
        from aecore.progress import Progress

        recipe = self.recipe()
        for epoch, (self.network, step, seconds, train_error) in enumerate(trained, 1):
            watched = {} if error is None else {"RMSE": error()}
            speed = rows * epoch / seconds
            yield Progress(
                step,
                float(epoch),
                seconds,
                speed,
                recipe.learning_rate,
                {"RMSE": train_error},
                watched,
                None,
                epoch / recipe.epochs,
            )

    def arrays(self) -> dict[str, np.ndarray]:
        own = {"mean": self.bias.mean, "film_biases": self.bias.film_biases, "features": self.network.features}
        for place, (weights, bias) in enumerate(self.network.layers):
            own |= {f"weights_{place}": weights, f"bias_{place}": bias}
        return super().arrays() | own

    @classmethod
    def from_arrays(cls, settings: Settings, arrays: dict[str, np.ndarray]) -> Self:
        model = super().from_arrays(settings, arrays)
        try:
            model.bias = Bias.from_arrays(BiasSettings(), arrays)
            count = len(model.recipe().hidden_sizes) + 1
            layers = [(arrays[f"weights_{place}"], arrays[f"bias_{place}"]) for place in range(count)]
            model.network = Network(model.recipe(), layers, arrays["features"])
        except KeyError as error:
            raise BrokenFileError(
                f"The weights hold no {error}; they are not of a model called '{cls.name}'."
            ) from None
        return model


class OfUsers(RatedRows):
    """User-based: a user's residuals in, residuals of all films out."""

    is_parallel = True

    def parameters(self, users: int, films: int) -> int:
        return self.recipe().parameters(films)

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        self.fit_bias(ratings, films)
        error: Callable[[], float] | None = None
        if validation is not None:
            users = np.flatnonzero(validation.counts)[:WATCHED]
            given, asked = ratings.take_users(users), validation.take_users(users)
            error = partial(self._error, given, asked)
        trained = train(self.table(ratings), self.recipe(), None, self.device, self.ranks)
        yield from self.records(trained, ratings.users, error)

    def _error(self, given: Ratings, asked: Ratings) -> float:
        predicted = self.predict(given).stars
        assert predicted is not None
        return _rmse(predicted[asked.rows, asked.films], asked.stars)

    def predict(self, given: Ratings) -> Scores:
        bias = self.bias.predict(given).stars
        assert bias is not None
        stars = bias + self.network.outputs(self.table(given)).astype(np.float32)
        return Scores(stars, stars)

    def affinity(self, film: int) -> np.ndarray:
        """Cosine similarity of the films' output weights."""
        return cosines(self.network.layers[-1][0].T, film)


class OfFilms(RatedRows):
    """Item-based: a film's residuals, one per user, in; residuals of all users out.

    A user is an output unit of the network: weights on the films' codes, the last hidden layer. A new user's weights
    are a ridge regression of their residuals on the codes of their films, regularised towards the mean weights of
    all users. A user of the training set with unchanged ratings keeps the trained weights.

    codes: (F, H). person_weights: (P, H + 1), the bias last, under the name they are stored by. fingerprints: (P,)
    int64, of each user's ratings.
    """

    kept = ("codes", "person_weights", "fingerprints")
    codes: np.ndarray
    person_weights: np.ndarray
    fingerprints: np.ndarray

    def parameters(self, users: int, films: int) -> int:
        recipe = self.recipe()
        kept = (users + films) * (recipe.hidden_sizes[-1] + 1)  # `person_weights` and `codes`
        return recipe.parameters(users, MOST_FEATURES) + kept

    @abstractmethod
    def film_features(self, films: Films) -> np.ndarray | None:
        """(F, d) float32: features of the films besides their ratings, or None."""

    @property
    @abstractmethod
    def fold_in(self) -> float:
        """The penalty of the ridge regression for a new user."""

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        self.fit_bias(ratings, films)
        self.fingerprints = fingerprints(ratings)
        rows = self.table(ratings).T.tocsr()
        rows.sort_indices()
        features = self.film_features(films)
        base = (
            None
            if validation is None
            else self.bias.mean
            + self.bias.user_biases(ratings)[validation.rows]
            + self.bias.film_biases[validation.films]
        )

        def keep() -> None:
            weights, bias = self.network.layers[-1]
            self.codes = self.network.hidden(rows, features).astype(np.float32)
            self.person_weights = np.ascontiguousarray(np.column_stack([weights.T, bias]))

        def error() -> float:
            own = self.person_weights[validation.rows]
            said = np.einsum("nh,nh->n", self.codes[validation.films], own[:, :-1]) + own[:, -1]
            return _rmse(np.clip(base + said, LOWEST, HIGHEST), validation.stars)

        def kept(trained: Iterator[tuple[Network, int, float, float]]) -> Iterator[tuple[Network, int, float, float]]:
            last = self.recipe().epochs
            for epoch, each in enumerate(trained, 1):
                self.network = each[0]
                if validation is not None or is_measured(epoch, last) or epoch == 1:
                    keep()
                yield each

        try:
            yield from self.records(
                kept(train(rows, self.recipe(), features, self.device)),
                ratings.films_count,
                None if validation is None else error,
            )
        finally:
            keep()

    def predict(self, given: Ratings) -> Scores:
        own = self.weights_of(given)
        said = own[:, :-1] @ self.codes.T + own[:, -1:]
        stars = (self.bias.predict(given).stars + said).astype(np.float32)
        return Scores(stars, stars)

    def weights_of(self, given: Ratings) -> np.ndarray:
        """(B, H + 1): the trained weights of users of the training set; those of others by ridge regression."""
        known = {print_: place for place, print_ in enumerate(self.fingerprints.tolist())}
        mean = self.person_weights.mean(0)
        residuals = self.bias.residuals(given)
        out = np.empty((given.users, len(mean)), np.float32)
        for row, print_ in enumerate(fingerprints(given).tolist()):
            if print_ in known:
                out[row] = self.person_weights[known[print_]]
                continue
            part = slice(given.indptr[row], given.indptr[row + 1])
            inputs = np.column_stack([self.codes[given.films[part]], np.ones(part.stop - part.start)])
            gram = inputs @ inputs.T + self.fold_in * np.eye(len(inputs))
            out[row] = mean + inputs.T @ np.linalg.solve(gram, residuals[part] - inputs @ mean)
        return out

    def affinity(self, film: int) -> np.ndarray:
        """Cosine similarity of the films' centred codes."""
        return cosines(self.codes - self.codes.mean(0), film)


def cosines(vectors: np.ndarray, row: int) -> np.ndarray:
    """(F, D) -> (F,): cosine similarity of each row to this one."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    return vectors @ vectors[row] / (lengths * lengths[row])


def fingerprints(ratings: Ratings) -> np.ndarray:
    """(P,) int64: a hash of each user's films and stars; two users collide with probability 2^-63."""
    out = np.empty(ratings.users, np.int64)
    for row in range(ratings.users):
        films, stars = ratings.user(row)
        first, second = crc32(films.astype("<i4").tobytes()), crc32(stars.astype("<f4").tobytes(), len(films))
        out[row] = (first << 31) ^ second
    return out


def _rmse(predicted: np.ndarray, actual: np.ndarray) -> float:
    return float(np.sqrt(np.mean((np.clip(predicted, LOWEST, HIGHEST) - actual) ** 2)))
