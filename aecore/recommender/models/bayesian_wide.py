"""The Bayesian linear autoencoder for very many films: factors for those with enough ratings, a mean for the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from aecore.recommender.models.bayesian import Bayesian, BayesianSettings
from aecore.recommender.models.gibbs import Chain, kinds, shares
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, columns_of

if TYPE_CHECKING:
    from aecore.progress import Progress

LINKED = 4000
"""Films, the most often rated, of which it counts beforehand whether a user has rated them: the prior needs the
eigenvectors of a square matrix of as many rows.
"""

PRIOR_RATINGS = 5.0
"""Ratings of the overall mean that are added to those of a film without factors."""


class WideBayesian(Bayesian):
    """As `Bayesian`, of f of the F films; the others have a bias and no factors, and count little for a user's code.

    core: (f,) int32, ascending, the films with factors. core_factors: (S, f, K). linked: (t,) int32, ascending.
    core_links: (S, t, K). biases: (F,), of which those of the other films are used.
    """

    kept = (
        "mean", "core", "core_factors", "linked", "core_links", "biases", "prior_means", "prior_precisions",
        "noise_precisions",
    )  # fmt: skip
    core: np.ndarray
    core_factors: np.ndarray
    linked: np.ndarray
    core_links: np.ndarray
    biases: np.ndarray

    def __init__(self, settings: BayesianSettings | None = None, least_ratings: int = 1) -> None:
        """least_ratings: films with fewer have no factors."""
        super().__init__(settings)
        self.least_ratings = least_ratings

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        counts = np.bincount(ratings.films, minlength=ratings.films_count)
        often = counts >= self.least_ratings if counts.max() >= self.least_ratings else counts > 0
        self.core = np.flatnonzero(often).astype(np.int32)
        most = np.argsort(-counts[self.core], kind="stable")[:LINKED]
        self.linked = self.core[np.sort(most)]
        ids = ratings.movie_ids[self.core]
        narrow = _Narrow(np.sort(most), self.settings)
        self.biases = biases_of(counts, np.bincount(ratings.films, ratings.stars, ratings.films_count), ratings)
        for progress in narrow.learn(
            ratings.on(ids), films.on(ids), None if validation is None else validation.on(ids)
        ):
            self._take(narrow)
            yield progress

    def _take(self, narrow: _Narrow) -> None:
        """Takes the state of the chain so far."""
        self.mean, self.core_factors, self.core_links = narrow.mean, narrow.film_factors, narrow.links
        self.prior_means, self.prior_precisions = narrow.prior_means, narrow.prior_precisions
        self.noise_precisions = narrow.noise_precisions
        self.__dict__.pop("_differences", None)

    def factors_of(self, films: np.ndarray) -> np.ndarray:
        """As `Bayesian.factors_of`, with the bias alone for films without factors."""
        found = np.zeros((len(self.core_factors), len(films), self.core_factors.shape[2]), np.float32)
        found[..., 0] = self.biases[films]
        places = columns_of(films, self.core)
        found[:, places >= 0] = self.core_factors[:, places[places >= 0]]
        return found

    def links_of(self, films: np.ndarray) -> np.ndarray:
        """As `Bayesian.links_of`, 0 for films that are not linked."""
        if not self.core_links.shape[1]:
            return self.core_links
        found = np.zeros((len(self.core_links), len(films), self.core_links.shape[2]), np.float32)
        places = columns_of(films, self.linked)
        found[:, places >= 0] = self.core_links[:, places[places >= 0]]
        return found

    @cached_property
    def _differences(self) -> np.ndarray:
        """(K,) how much bias and factors differ from film to film: all that is known of those of another film."""
        return self.core_factors.var(1).mean(0)

    def _user(self, films: np.ndarray, stars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        code, half = self._code(films, stars)
        weights = code.copy()
        weights[:, 0] = 1
        unknown = float((weights**2).mean(0) @ self._differences) + float((half[:, 0] ** 2).sum(1).mean())
        mean = np.full(len(self.movie_ids), float(self.mean[0] + code[:, 0].mean()), np.float32) + self.biases
        spread = np.full(len(mean), np.sqrt(unknown + (1 / self.noise_precisions).mean()), np.float32)
        mean[self.core], spread[self.core] = self.stars_of(self.core_factors, code, half)
        return mean, spread

    def affinity(self, film: int) -> np.ndarray:
        """As `Bayesian.affinity`; nothing is similar to a film without factors, or the other way round."""
        out = np.zeros(len(self.movie_ids), np.float32)
        place = int(columns_of(np.array([film]), self.core)[0])
        if place >= 0:
            factors = self.core_factors[..., 1:]
            own = factors[:, place]
            lengths = np.maximum(np.linalg.norm(factors, axis=2), 1e-12)
            cosines = np.einsum("sfk,sk->sf", factors, own) / (
                lengths * np.maximum(np.linalg.norm(own, axis=1), 1e-12)[:, None]
            )
            out[self.core] = cosines.mean(0)
        return out


def biases_of(counts: np.ndarray, sums: np.ndarray, ratings: Ratings) -> np.ndarray:
    """(F,) float32: by how much the mean of each film, shrunk, lies above the mean of all these ratings.

    counts, sums: (F,) of the stars of each film, which may be those of more users.
    """
    mean = float(ratings.stars.mean(dtype=np.float64))
    return ((sums - counts * mean) / (counts + PRIOR_RATINGS)).astype(np.float32)


class _Narrow(Bayesian):
    """The model of the films with factors. linked: (t,) their columns among them."""

    def __init__(self, linked: np.ndarray, settings: BayesianSettings) -> None:
        super().__init__(settings)
        self.linked = linked

    def chain(self, ratings: Ratings, films: Films) -> Chain:
        return _WideChain(self.linked, ratings, films, self.settings)


class _WideChain(Chain):
    """The chain whose features of users are `linked` films, and of films their genres and decade."""

    def __init__(self, linked: np.ndarray, ratings: Ratings, films: Films, settings: BayesianSettings) -> None:
        self.linked = linked
        super().__init__(ratings, films, settings.rank, settings.features, settings.seed)

    def features(
        self, table: sparse.csr_matrix, flipped: sparse.csr_matrix, films: Films
    ) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        return shares(table)[:, self.linked].tocsr(), kinds(films)
