"""Item-kNN: recommends films similar to those a user liked; films are similar if the same users rate them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from aecore.recommender.models.base import Scores, solved
from aecore.recommender.models.bias import Bias, BiasSettings
from aecore.recommender.models.ease import grade
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.settings import knob

if TYPE_CHECKING:
    from aecore.progress import Progress

BLOCK = 512
"""Films compared with all others at a time."""


@dataclass(frozen=True)
class ItemKnnSettings(BiasSettings):
    """The settings of item k-NN, on top of those of the biases."""

    neighbours: int = knob(
        100, "How many of the films rated most like a film its predicted stars depend on.", low=1, high=5000, log=True
    )
    similarity_shrinkage: float = knob(
        200.0,
        "For predicted stars: the similarity of two films counts half if this many users have rated both.",
        label="Similarity shrinkage",
        low=0.0,
        high=1000.0,
        former="likeness_shrinkage",
    )
    vote_shrinkage: float = knob(
        0.3,
        "How much similarity a user's films must add up to before they count in full.",
        label="Weight shrinkage",
        low=0.0,
        high=100.0,
    )
    order_neighbours: int = knob(
        1000,
        "How many of the films liked together with a film its place in the order depends on.",
        low=1,
        high=5000,
        log=True,
    )
    order_shrinkage: float = knob(
        10.0,
        "For the order: the similarity of two films counts half if this many users like both.",
        low=0.0,
        high=1000.0,
    )
    asymmetry: float = knob(
        0.65,
        "At 0.5 the likes of both films count alike; above, well-known films are recommended more readily.",
        low=0.0,
        high=1.0,
        advanced=True,
    )


class ItemKnn(Bias):
    """stars: biases plus a similarity-weighted mean of the residuals of the user's films (Koren 2010,
    eq. 3 with shrunk weights):

    b_ui + sum_j s_ij r_uj / (sum_j |s_ij| + vote_shrinkage) over the user's films j among the neighbours of i, s the
    correlation of the residuals of the users who rated both, times n / (n + similarity_shrinkage). order: sum_j
    g_uj cos_ij, g grades, cos their asymmetric cosine (Aiolli 2013, Efficient Top-N Recommendation, RecSys), shrunk
    in the same way. likeness_*, cosine_*: sparse (F, F) tables of the similarity and the cosine, stored under these
    names; row i holds the neighbours of film i.
    """

    name = "item-knn"
    settings_class = ItemKnnSettings
    kept = (
        *Bias.kept,
        *(f"{table}_{part}" for table in ("likeness", "cosine") for part in ("indptr", "indices", "values")),
    )

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        started = time.perf_counter()
        for _ in super().learn(ratings, films, validation):
            pass
        residual = ratings.matrix_of(self.residuals(ratings))
        graded = ratings.matrix_of(grade(ratings.stars, "graded"))
        self._keep("likeness", self.settings.neighbours, _correlations(residual, self.settings.similarity_shrinkage))
        self._keep(
            "cosine",
            self.settings.order_neighbours,
            shrunk_cosines(graded, self.settings.order_shrinkage, self.settings.asymmetry),
        )
        yield solved(started, len(ratings))

    def _keep(self, name: str, neighbours: int, rows: Callable[[slice], np.ndarray]) -> None:
        """Stores the nearest neighbours of every film.

        rows: a slice of b films -> (b, F), the similarities of all films to them.
        """
        count = len(self.movie_ids)
        kept = min(neighbours, count)
        indices, values, sizes = [], [], []
        for begin in range(0, count, BLOCK):
            strengths = rows(slice(begin, min(begin + BLOCK, count)))
            strengths[np.arange(len(strengths)), begin + np.arange(len(strengths))] = 0
            best = np.sort(np.argpartition(-np.abs(strengths), kept - 1, axis=1)[:, :kept], axis=1)
            found = np.take_along_axis(strengths, best, 1)
            some = found != 0
            indices.append(best[some].astype(np.int32))
            values.append(found[some].astype(np.float32))
            sizes.append(some.sum(1))
        indptr = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
        for part, array in (
            ("indptr", indptr),
            ("indices", np.concatenate(indices)),
            ("values", np.concatenate(values)),
        ):
            setattr(self, f"{name}_{part}", array)

    def _table(self, name: str) -> sparse.csr_matrix:
        indptr, indices, values = (getattr(self, f"{name}_{part}") for part in ("indptr", "indices", "values"))
        return sparse.csr_matrix((values, indices, indptr), shape=(len(self.movie_ids),) * 2)

    @cached_property
    def _by_rated_film(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix, sparse.csr_matrix]:
        """Similarity, its absolute value and cosine, transposed: row j holds the films of which j is a neighbour."""
        similarity, cosine = self._table("likeness").T.tocsr(), self._table("cosine").T.tocsr()
        return similarity, abs(similarity), cosine

    def predict(self, given: Ratings) -> Scores:
        similarity, size, cosine = self._by_rated_film
        total = (given.matrix_of(self.residuals(given)) @ similarity).toarray()
        weights = (given.matrix_of(np.ones_like(given.stars)) @ size).toarray()
        shift = np.divide(total, weights + self.settings.vote_shrinkage, out=np.zeros_like(total), where=weights > 0)
        order = (given.matrix_of(grade(given.stars, "graded")) @ cosine).toarray()
        return Scores(order, super().predict(given).stars + shift)

    def affinity(self, film: int) -> np.ndarray:
        """The asymmetric cosine of the grades of two films."""
        return self._table("cosine")[film].toarray()[0]


def _correlations(residual: sparse.csr_matrix, shrinkage: float) -> Callable[[slice], np.ndarray]:
    """Correlations of the residuals (P, F) over the users who rated both films,
    shrunk if these are few (Koren 2010, eq. 2).
    """
    rated, squared = residual.copy(), residual.copy()
    rated.data, squared.data = np.ones_like(residual.data), residual.data**2
    by_film = [each.T.tocsr() for each in (residual, rated, squared)]

    def rows(part: slice) -> np.ndarray:
        products, counts, left, right = (
            (one[part] @ other).toarray()
            for one, other in ((by_film[0], residual), (by_film[1], rated), (by_film[2], rated), (by_film[1], squared))
        )
        size = np.sqrt(left * right) * (counts + shrinkage)
        return np.divide(products * counts, size, out=np.zeros_like(products), where=size > 0)

    return rows


def shrunk_cosines(graded: sparse.csr_matrix, shrinkage: float, asymmetry: float) -> Callable[[slice], np.ndarray]:
    """x_i x_j / (|x_i|^2 ^ (1 - asymmetry) |x_j|^2 ^ asymmetry) of the columns of (P, F),
    times n / (n + shrinkage), n the users who like both.
    """
    graded = graded.copy()
    graded.eliminate_zeros()
    liked = graded.copy()
    liked.data = np.ones_like(graded.data)
    by_film, by_like = graded.T.tocsr(), liked.T.tocsr()
    squares = np.asarray(graded.multiply(graded).sum(0), np.float32).ravel()

    def rows(part: slice) -> np.ndarray:
        products, counts = (by_film[part] @ graded).toarray(), (by_like[part] @ liked).toarray()
        size = squares[part, None] ** (1 - asymmetry) * squares**asymmetry * (counts + shrinkage)
        return np.divide(products * counts, size, out=np.zeros_like(products), where=counts > 0)

    return rows
