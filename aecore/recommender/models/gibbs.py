"""Gibbs sampler of the Bayesian linear autoencoder: factors of users and films whose prior means are
linear in features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings

MOST_FEATURES = 12_000
"""The prior of the features needs the eigenvectors of a square matrix; with more rows than this it takes hours."""

PRIOR_COUNT = 2.0
"""The number of rows that the prior of a mean counts as (β0 of Salakhutdinov & Mnih 2008)."""


class Ridge:
    """Solves (XᵀX + λI) b = y for changing λ, from the eigenvectors of the smaller of XᵀX and XXᵀ. x: (n, d) sparse."""

    def __init__(self, x: sparse.csr_matrix) -> None:
        self.x, self.is_wide = x, x.shape[1] > x.shape[0]
        square = (x @ x.T if self.is_wide else x.T @ x).toarray().astype(np.float64)
        values, self.vectors = np.linalg.eigh(square)
        self.values = np.maximum(values, 0)

    def solve(self, y: np.ndarray, precision: float) -> np.ndarray:
        """(d, K) -> (d, K); for wide X by the Woodbury identity."""
        if not self.is_wide:
            return self.vectors @ ((self.vectors.T @ y) / (self.values + precision)[:, None])
        inner = self.vectors @ ((self.vectors.T @ (self.x @ y)) / (self.values + precision)[:, None])
        return (y - self.x.T @ inner) / precision


@dataclass
class Side:
    """The parameters of n users or n films: d features and K factors each, of which the first is a bias.

    rated: (n, m), sparse ratings. x: (n, d) features or None. factors: (n, K). mean: (K,) and precision: (K, K) of
    their prior, whose mean is mean + x links. links: (d, K), regularised towards 0 with link_precision.
    """

    rated: sparse.csr_matrix
    x: sparse.csr_matrix | None
    factors: np.ndarray
    mean: np.ndarray
    precision: np.ndarray
    links: np.ndarray
    link_precision: float = 5.0
    ridge: Ridge | None = None

    @classmethod
    def start(
        cls, rated: sparse.csr_matrix, x: sparse.csr_matrix | None, numbers: int, rng: np.random.Generator
    ) -> Side:
        """Initialises with small random factors."""
        factors = 0.1 * rng.standard_normal((rated.shape[0], numbers))
        links = np.zeros((0 if x is None else x.shape[1], numbers))
        return cls(rated, x, factors, np.zeros(numbers), np.eye(numbers), links, ridge=None if x is None else Ridge(x))

    def prior_means(self) -> np.ndarray:
        """(n, K), the prior mean of each row."""
        return self.mean if self.x is None else self.mean + self.x @ self.links

    def draw_factors(self, other: np.ndarray, noise_precision: float, rng: np.random.Generator) -> None:
        """Samples the factors given the other side's (m, K): each row is a Bayesian linear regression (Salakhutdinov &
        Mnih 2008, eq. 11-13).

        `rated` holds the ratings minus their mean; the other side's biases are subtracted,
        and its factors, with 1 in place of the bias, are the inputs.
        """
        left = self.rated.copy()
        left.data = left.data - other[left.indices, 0]
        means, precisions = posterior(left, with_one(other), self.prior_means(), self.precision, noise_precision)
        lower = np.linalg.cholesky(precisions)
        noise = rng.standard_normal((*means.shape, 1))
        self.factors = means + np.linalg.solve(lower.transpose(0, 2, 1), noise)[..., 0]

    def draw_prior(self, rng: np.random.Generator) -> None:
        """Samples mean and precision (Normal-Wishart), then the links and theirs (Simm et al. 2017, section 3)."""
        rest = self.factors if self.x is None else self.factors - self.x @ self.links
        count, numbers = rest.shape
        average = rest.mean(0)
        spread = (rest - average).T @ (rest - average) + count * PRIOR_COUNT / (count + PRIOR_COUNT) * np.outer(
            average, average
        )
        spread += np.eye(numbers) + self.link_precision * self.links.T @ self.links
        self.precision = wishart(np.linalg.inv(spread), numbers + count + len(self.links), rng)
        covariance = np.linalg.inv(self.precision)
        half = np.linalg.cholesky(covariance)
        self.mean = count / (count + PRIOR_COUNT) * average + half @ rng.standard_normal(numbers) / np.sqrt(
            count + PRIOR_COUNT
        )
        if self.x is not None:
            self._draw_links(half, rng)

    def _draw_links(self, half: np.ndarray, rng: np.random.Generator) -> None:
        assert self.x is not None
        assert self.ridge is not None
        noisy = self.factors - self.mean + rng.standard_normal(self.factors.shape) @ half.T
        wanted = self.x.T @ noisy + np.sqrt(self.link_precision) * rng.standard_normal(self.links.shape) @ half.T
        self.links = self.ridge.solve(wanted, self.link_precision)
        size = np.einsum("dk,kl,dl->", self.links, self.precision, self.links)
        self.link_precision = rng.gamma(1 + self.links.size / 2) / (1 + size / 2)


def with_one(factors: np.ndarray) -> np.ndarray:
    """A copy with 1 in place of the bias, (..., K)."""
    inputs = factors.copy()
    inputs[..., 0] = 1
    return inputs


def posterior(
    left: sparse.csr_matrix,
    inputs: np.ndarray,
    prior_means: np.ndarray,
    prior_precision: np.ndarray,
    noise_precision: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means (n, K) and precisions (n, K, K) of n linear regressions of the rows of `left`
    (n, m) on `inputs` (m, K).
    """
    numbers = inputs.shape[1]
    upper = np.triu_indices(numbers)
    pattern = sparse.csr_matrix((np.ones(left.nnz), left.indices, left.indptr), left.shape)
    products = pattern @ (inputs[:, upper[0]] * inputs[:, upper[1]])
    precisions = np.empty((left.shape[0], numbers, numbers))
    precisions[:, upper[0], upper[1]] = products
    precisions[:, upper[1], upper[0]] = products
    precisions = prior_precision + noise_precision * precisions
    wanted = np.broadcast_to(prior_means, (left.shape[0], numbers)) @ prior_precision + noise_precision * (
        left @ inputs
    )
    return np.linalg.solve(precisions, wanted[..., None])[..., 0], precisions


def wishart(scale: np.ndarray, freedom: int, rng: np.random.Generator) -> np.ndarray:
    """A sample of the Wishart distribution with mean freedom * scale, (K, K) (Bartlett decomposition)."""
    numbers = len(scale)
    lower = np.tril(rng.standard_normal((numbers, numbers)), -1)
    lower[np.diag_indices(numbers)] = np.sqrt(rng.chisquare(freedom - np.arange(numbers)))
    root = np.linalg.cholesky(scale) @ lower
    return root @ root.T


class Chain:
    """The Gibbs chain of the model mean + a_i + b_j + u_i v_j + noise.

    error: root mean squared error of the current draw on the training ratings.
    """

    def __init__(self, ratings: Ratings, films: Films, rank: int, features: bool, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.mean = float(ratings.stars.mean(dtype=np.float64))
        table = ratings.matrix_of(ratings.stars.astype(np.float64) - self.mean)
        flipped = table.T.tocsr()
        of_users, of_films = self.features(table, flipped, films) if features else (None, None)
        self.users = Side.start(table, of_users, rank + 1, self.rng)
        self.films = Side.start(flipped, of_films, rank + 1, self.rng)
        self.rows, self.columns, self.target = ratings.rows, ratings.films, table.data
        self.noise_precision, self.error = 1.0 / max(float(self.target.var()), 1e-3), 0.0

    def features(
        self, table: sparse.csr_matrix, flipped: sparse.csr_matrix, films: Films
    ) -> tuple[sparse.csr_matrix | None, sparse.csr_matrix | None]:
        """What is known of users, and of films, beforehand; None where that would be too much.

        table: (P, F) of the ratings; flipped: its transpose.
        """
        if min(table.shape) > MOST_FEATURES:
            return None, None
        return shares(table), film_features(flipped, films)

    def step(self) -> None:
        """One epoch: samples the priors, users, films and noise."""
        self.users.draw_prior(self.rng)
        self.users.draw_factors(self.films.factors, self.noise_precision, self.rng)
        self.films.draw_prior(self.rng)
        self.films.draw_factors(self.users.factors, self.noise_precision, self.rng)
        squares = float(((self.target - self.at(self.rows, self.columns)) ** 2).sum())
        self.noise_precision = self.rng.gamma(1 + len(self.target) / 2) / (1 + squares / 2)
        self.error = float(np.sqrt(squares / len(self.target)))

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """(N,) predictions of this draw for pairs of user and film, without the mean."""
        a, b = self.users.factors, self.films.factors
        return a[rows, 0] + b[columns, 0] + np.einsum("nk,nk->n", a[rows, 1:], b[columns, 1:])


def shares(rated: sparse.csr_matrix) -> sparse.csr_matrix:
    """(n, m): the mask of the ratings, each row of length 1."""
    counts = np.diff(rated.indptr)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    return sparse.csr_matrix((values, rated.indices, rated.indptr), rated.shape)


def film_features(rated: sparse.csr_matrix, films: Films) -> sparse.csr_matrix:
    """(F, d): the users who rated a film, its genres, and its decade; each of the three of length 1."""
    return sparse.hstack([shares(rated), kinds(films)]).tocsr()


def kinds(films: Films) -> sparse.csr_matrix:
    """(F, d): the genres of a film, and its decade; each of the two of length 1."""
    genres = films.genres / np.sqrt(np.maximum(films.genres.sum(1, keepdims=True), 1))
    decades, place = np.unique(films.years // 10, return_inverse=True)
    decade = sparse.csr_matrix((np.ones(len(place)), (np.arange(len(place)), place)), (len(place), len(decades)))
    return sparse.hstack([sparse.csr_matrix(genres), decade]).tocsr()
