"""The Bayesian linear autoencoder: the best predictor of stars, with their uncertainty."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, cast

import numpy as np

from aecore.recommender.models.attribution import Attribution, along_the_weights
from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.models.gibbs import Chain, with_one
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress


BLOCK = 1024
"""Films whose spread is computed at a time: for products this small the BLAS does not start its threads,
which would take longer.
"""


@dataclass(frozen=True)
class BayesianSettings(Settings):
    """The settings of the Bayesian linear autoencoder."""

    rank: int = knob(10, "Numbers that describe a film, and a user, besides their bias.", low=1, high=64)
    burn_in: int = knob(
        60, "Epochs before the first draw that counts; in each, all users and films are drawn once.", low=0, high=10000
    )
    draws: int = knob(300, "Epochs after that.", low=1, high=10000)
    kept_draws: int = knob(
        60, "Draws that are kept, evenly over these epochs; the predictions are their average.", low=1, high=1000
    )
    features: bool = knob(
        True,
        "Whether which films a user rated, who rated a film, its genres and its decade say something beforehand.",
    )
    seed: int = knob(0, "Draws everything.", low=0, high=2**31 - 1, advanced=True)


class Bayesian(Recommender):
    """stars = mean + a_i + b_j + u_i v_j + noise; [a_i, u_i] ~ N(m + x_i B, 1 / Λ),
    and likewise for films; all parameters are sampled.

    x_i says which films a user has rated, each 1 / sqrt(their number): the maps from ratings to a code and back are
    linear, hence a linear autoencoder. Salakhutdinov & Mnih 2008, Bayesian Probabilistic Matrix Factorization
    using MCMC, ICML; features as in Simm et al. 2017, Macau, arXiv:1509.04610. A new user's code is exact given
    each draw of the other parameters: a linear system of `rank` + 1 unknowns, without training on their ratings.

    S draws, K = rank + 1. mean: (1,). film_factors: (S, F, K), the bias first. links: (S, F, K) or (S, 0, K).
    prior_means: (S, K). prior_precisions: (S, K, K). noise_precisions: (S,).
    """

    name = "bayesian"
    settings_class = BayesianSettings
    kept: ClassVar[tuple[str, ...]] = (
        "mean",
        "film_factors",
        "links",
        "prior_means",
        "prior_precisions",
        "noise_precisions",
    )
    mean: np.ndarray
    film_factors: np.ndarray
    links: np.ndarray
    prior_means: np.ndarray
    prior_precisions: np.ndarray
    noise_precisions: np.ndarray

    def parameters(self, users: int, films: int) -> int:
        size, kept = self.settings.rank + 1, min(self.settings.kept_draws, self.settings.draws)
        return size * (kept * (2 * films + size + 2) + users + films)

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        from aecore.progress import Progress

        chain = self.chain(ratings, films)
        self.mean = np.array([chain.mean], np.float32)
        epochs, seconds = self.settings.burn_in + self.settings.draws, 0.0
        watch = None if validation is None else Watch(validation)
        chosen = np.unique(
            np.linspace(self.settings.burn_in, epochs - 1, min(self.settings.kept_draws, self.settings.draws))
            .round()
            .astype(int)
        )
        for step in range(epochs):
            started = time.perf_counter()
            chain.step()
            if step < self.settings.burn_in or step in chosen:
                self._keep(chain, slot=int(np.searchsorted(chosen, step)), slots=len(chosen))
            seconds += time.perf_counter() - started
            watched = {} if watch is None else {"RMSE": watch(chain, counts=step >= self.settings.burn_in)}
            speed = len(ratings) * (step + 1) / seconds
            yield Progress(
                step + 1, step + 1.0, seconds, speed, 0.0, {"RMSE": chain.error}, watched, None, (step + 1) / epochs
            )

    def chain(self, ratings: Ratings, films: Films) -> Chain:
        """The chain at its start."""
        return Chain(ratings, films, self.settings.rank, self.settings.features, self.settings.seed)

    def _keep(self, chain: Chain, slot: int, slots: int) -> None:
        """Stores the chain's state; a chain that is stopped early leaves a model of the draws so far."""
        users = chain.users
        state = (chain.films.factors, users.links, users.mean, users.precision, np.float64(chain.noise_precision))
        for name, value in zip(self.kept[1:], state, strict=True):
            if slot == 0:
                setattr(self, f"_all_{name}", np.zeros((slots, *np.shape(value)), np.float32))
            buffer = getattr(self, f"_all_{name}")
            buffer[slot] = value
            setattr(self, name, buffer[: slot + 1])

    def predict(self, given: Ratings) -> Scores:
        stars = np.empty((given.users, len(self.movie_ids)), np.float32)
        spread = np.empty_like(stars)
        for row in range(given.users):
            stars[row], spread[row] = self._user(*given.user(row))
        return Scores(stars, stars, spread)

    def _user(self, films: np.ndarray, stars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(F,) mean and (F,) standard deviation of the stars, over the draws, the user's code and the noise."""
        return self.stars_of(self.film_factors, *self._code(films, stars))

    def stars_of(self, factors: np.ndarray, code: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) mean and (n,) standard deviation of the stars for films of these factors (S, n, K).

        code, half: as `_code` gives them; half is changed.
        """
        weights = code.copy()
        weights[:, 0] = 1  # of the film's bias; the user's is added below
        each = (factors @ weights[..., None].astype(np.float32))[..., 0]
        each += (self.mean + code[:, :1]).astype(np.float32)
        first = half[:, :1].copy()
        half[:, 0] = 0
        variances = np.concatenate(
            [_mean_square(factors[:, place : place + BLOCK] @ half + first) for place in range(0, each.shape[1], BLOCK)]
        )
        variances += (1 / self.noise_precisions).mean() + each.var(0)
        return each.mean(0), np.sqrt(variances)

    def _code(self, films: np.ndarray, stars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(S, K) mean of a user's bias and factors and (S, K, K) a root R of their covariance R Rᵀ,
        given each draw of the other parameters.
        """
        inputs, left, links = self._inputs(films, stars)
        gram, seen = inputs.transpose(0, 2, 1) @ inputs, (inputs.transpose(0, 2, 1) @ left[..., None])[..., 0]
        noise = self.noise_precisions[:, None].astype(np.float64)
        means = self.prior_means + links.sum(1) / np.sqrt(max(1, len(films)))
        root = inverse_root(self.prior_precisions + noise[..., None] * gram)
        wanted = (self.prior_precisions @ means[..., None])[..., 0] + noise * seen
        return (root @ (root.transpose(0, 2, 1) @ wanted[..., None]))[..., 0], root.astype(np.float32)

    def _inputs(self, films: np.ndarray, stars: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(S, n, K) films' factors, with 1 in place of the bias; (S, n) stars minus mean and film bias;
        (S, n, K) the films' links, or (S, 1, K) of 0.
        """
        rated, links = self.factors_of(films).astype(np.float64), self.links_of(films).astype(np.float64)
        if not links.shape[1]:
            links = np.zeros((len(rated), 1, rated.shape[2]))
        return with_one(rated), stars - self.mean - rated[..., 0], links

    def factors_of(self, films: np.ndarray) -> np.ndarray:
        """(S, n, K): the factors of the films of these columns, the bias first."""
        return self.film_factors[:, films]

    def links_of(self, films: np.ndarray) -> np.ndarray:
        """(S, n, K): the links of the films of these columns; (S, 0, K) if there are no features."""
        return self.links[:, films] if self.links.shape[1] else self.links

    def attribution(self, given: Ratings, column: int, groups: np.ndarray) -> Attribution:
        """See the base class: each rating's part along the path on which the weights of all ratings grow; a group's
        part is the sum of its ratings'.
        """
        own = self.factors_of(np.array([column]))[:, 0]
        target, offset = with_one(own.astype(np.float64)), own[:, 0]
        start = float((self.mean + offset + (target * self.prior_means).sum(1)).mean())
        if not len(given):
            return Attribution(start, start, np.zeros(0), True)
        inputs, left, links = self._inputs(given.films, given.stars)
        prior = (self.prior_means, self.prior_precisions, self.noise_precisions)
        each = along_the_weights(inputs, left, links, *prior, target)
        code, _ = self._code(given.films, given.stars)
        value = float((self.mean + offset + (target * code).sum(1)).mean())
        return Attribution(start, value, np.bincount(groups, each), True, each)

    @classmethod
    def from_arrays(cls, settings: Settings, arrays: dict[str, np.ndarray]) -> Self:
        if cls is Bayesian and "core" in arrays:
            from aecore.recommender.models.bayesian_wide import WideBayesian

            return cast(Self, WideBayesian.from_arrays(settings, arrays))
        return super().from_arrays(settings, arrays)

    def affinity(self, film: int) -> np.ndarray:
        """Cosine similarity of the films' factors, a mean over the draws: films are similar if the same users
        like them more than expected.
        """
        factors = self.film_factors[..., 1:]
        lengths = np.maximum(np.linalg.norm(factors, axis=2), 1e-12)
        cosines = np.einsum("sfk,sk->sf", factors, factors[:, film]) / (lengths * lengths[:, film, None])
        return cosines.mean(0)


def inverse_root(matrices: np.ndarray) -> np.ndarray:
    """(S, K, K) positive definite -> (S, K, K) R with R Rᵀ = the inverse: the transposed inverse Cholesky factor.

    All S at once, column by column; LAPACK, called S times, would start its threads S times,
    which takes ten times as long.
    """
    numbers = matrices.shape[1]
    lower, inverse = np.zeros_like(matrices), np.zeros_like(matrices)
    for k in range(numbers):
        left = matrices[:, k:, k] - (lower[:, k:, :k] * lower[:, k, None, :k]).sum(2)
        lower[:, k:, k] = left / np.sqrt(left[:, :1])
        row = -(lower[:, k, :k, None] * inverse[:, :k]).sum(1)
        row[:, k] += 1
        inverse[:, k] = row / lower[:, k, k, None]
    return inverse.transpose(0, 2, 1)


def _mean_square(reach: np.ndarray) -> np.ndarray:
    """(S, n, K) -> (n,): squared lengths, a mean over the draws."""
    np.square(reach, out=reach)
    return reach.sum(0).sum(1) / len(reach)


class Watch:
    """Measures the validation error: of the current draw, and after burn-in of the mean of the draws so far."""

    def __init__(self, validation: Ratings) -> None:
        self.validation, self.total, self.draws = validation, np.zeros(len(validation)), 0

    def __call__(self, chain: Chain, counts: bool) -> float:
        """Root mean squared error after this epoch."""
        stars = chain.mean + chain.at(self.validation.rows, self.validation.films)
        if counts:
            self.total += stars
            self.draws += 1
            stars = self.total / self.draws
        return float(np.sqrt(np.mean((np.clip(stars, LOWEST, HIGHEST) - self.validation.stars) ** 2)))
