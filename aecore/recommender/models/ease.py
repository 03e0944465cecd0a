"""EASE: a linear item-item autoencoder with zero diagonal, solved in closed form."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import linalg, sparse

from aecore.recommender.models.base import LIKED, Recommender, Scores, solved
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.settings import Settings, knob

if TYPE_CHECKING:
    from aecore.progress import Progress

Target = Literal["graded", "likes"]
BLOCK = 1024
"""Columns of the Gram matrix computed at a time."""


@dataclass(frozen=True)
class EaseSettings(Settings):
    """The settings of EASE."""

    target: Target = knob(
        "graded",
        "What a rating counts: graded from 0 for two stars to 1 for five, or 1 for a film liked and 0 for any other.",
    )
    penalty: float = knob(
        1600.0,
        "How strongly large weights are held back; with less, rare films are trusted more.",
        low=0.1,
        high=100_000.0,
        log=True,
    )
    most_films: int = knob(
        5_000,
        "Only this many films, those with most ratings, get weights. Memory grows with the square.",
        low=2,
        high=100_000,
        log=True,
    )


class Ease(Recommender):
    """B = I - P diag(1 / diag P) with P = (X^T X + penalty I)^-1 (Steck 2019, eq. 8, arXiv:1905.03375); order = X B.

    columns: (f,) int32, the films with weights. weights: (f, f) float32, B.
    """

    name = "ease"
    settings_class = EaseSettings
    kept = ("columns", "weights")
    is_closed_form = True
    columns: np.ndarray
    weights: np.ndarray

    def parameters(self, users: int, films: int) -> int:
        return min(films, self.settings.most_films) ** 2

    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        started = time.perf_counter()
        counts = np.bincount(ratings.films, minlength=ratings.films_count)
        most = np.argsort(-counts, kind="stable")[: self.settings.most_films]
        self.columns = np.sort(most[counts[most] > 0]).astype(np.int32)
        _check_memory(len(self.columns))
        self.weights = solve(self._x(ratings), self.settings.penalty)
        yield solved(started, len(ratings))

    def _x(self, ratings: Ratings) -> sparse.csr_matrix:
        """(P, f) of the grades of the ratings."""
        return ratings.matrix_of(grade(ratings.stars, self.settings.target))[:, self.columns]

    def predict(self, given: Ratings) -> Scores:
        order = np.zeros((given.users, len(self.movie_ids)), np.float32)
        order[:, self.columns] = self._x(given) @ self.weights
        return Scores(order)

    def affinity(self, film: int) -> np.ndarray:
        """The weights from this film to every other."""
        strengths = np.zeros(len(self.movie_ids), np.float32)
        place = np.flatnonzero(self.columns == film)
        if len(place):
            strengths[self.columns] = self.weights[place[0]]
        return strengths


def grade(stars: np.ndarray, target: Target) -> np.ndarray:
    """(N,) float32: the weight of a rating for a ranking, 0 to 1."""
    if target == "likes":
        return (stars >= LIKED).astype(np.float32)
    return np.clip((stars - 2) / 3, 0, 1).astype(np.float32)


def solve(x: sparse.csr_matrix, penalty: float) -> np.ndarray:
    """(f, f) float32 weights B with zero diagonal that minimise |X - XB|^2 + penalty |B|^2.

    x: (P, f). Needs 12 f^2 bytes.
    """
    count = x.shape[1]
    gram = np.empty((count, count))
    by_film = x.T.tocsr()
    for begin in range(0, count, BLOCK):
        gram[begin : begin + BLOCK] = (by_film[begin : begin + BLOCK] @ x).toarray()
    gram[np.diag_indices(count)] += penalty
    lower, failed = linalg.lapack.dpotrf(
        gram.T, lower=1, overwrite_a=1
    )  # gram.T is in Fortran order, so nothing is copied
    inverse, failed_too = linalg.lapack.dpotri(lower, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise RatingsError("EASE could not be solved with this penalty; take a larger one.")
    scale = -1 / np.diag(inverse)
    weights = np.empty((count, count), np.float32)
    for begin in range(0, count, BLOCK):
        rows = slice(begin, begin + BLOCK)
        full = np.tril(inverse[rows], begin) if begin else np.tril(inverse[rows])
        full[:, begin:] += np.triu(inverse[begin:, rows].T, 1)
        weights[rows] = full * scale
    weights[np.diag_indices(count)] = 0
    return weights


def _check_memory(films: int) -> None:
    """RatingsError if the weights of this many films do not fit into free memory."""
    needed, free = 12 * films**2, free_memory()
    if needed > free:
        most = int(np.sqrt(free / 12)) // 100 * 100
        have = f"EASE needs {needed / 1e9:.1f} GB for {films:,} films and {free / 1e9:.1f} GB are free."
        raise RatingsError(f"{have} Set most_films to {most:,} or less, or take another model.")


def free_memory() -> int:
    """Available memory in bytes; where the system does not report it, half of the total, or 4 GB."""
    try:
        with open("/proc/meminfo") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return 4 * 2**30
