"""Ratings in memory: a sparse table of stars, one row per user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from aecore.datasets.base import DataError

LOWEST, HIGHEST = 0.5, 5.0
"""The range of stars."""


class RatingsError(DataError):
    """Ratings that cannot be used; the message says what is wrong, where, and what to do about it."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """P users, F films, N ratings, as compressed sparse rows.

    indptr: (P + 1,) int64; user i has the entries indptr[i] to indptr[i + 1]. films: (N,) int32 columns, strictly
    ascending within a user. stars: (N,) float32, 0.5 to 5. times: (N,) int64 seconds since 1970, or None.
    user_ids: (P,) int64; movie_ids: (F,) int64, MovieLens' own ids; both without repeats.
    """

    indptr: np.ndarray
    films: np.ndarray
    stars: np.ndarray
    times: np.ndarray | None
    user_ids: np.ndarray
    movie_ids: np.ndarray

    @classmethod
    def of(
        cls,
        users: np.ndarray,
        films: np.ndarray,
        stars: np.ndarray,
        times: np.ndarray | None,
        user_ids: np.ndarray,
        movie_ids: np.ndarray,
    ) -> Ratings:
        """Builds ratings from triples in any order; users, films: (N,) rows and columns.

        If a user rated a film twice, the last entry counts.

        RatingsError if stars lie outside 0.5 to 5, or rows and columns outside the tables of ids.
        """
        users, films = np.asarray(users, np.int64), np.asarray(films, np.int64)
        stars = np.asarray(stars, np.float32)
        times = None if times is None else np.asarray(times, np.int64)
        _check(users, films, stars, len(user_ids), len(movie_ids))
        key = users * max(1, len(movie_ids)) + films
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable")
            is_last = np.append(np.diff(key[order]) > 0, True) if len(order) else np.ones(0, bool)
            order = order[is_last]
            users, films, stars = users[order], films[order], stars[order]
            times = None if times is None else times[order]
        indptr = np.zeros(len(user_ids) + 1, np.int64)
        np.cumsum(np.bincount(users, minlength=len(user_ids)), out=indptr[1:])
        return cls(
            indptr,
            films.astype(np.int32),
            stars,
            times,
            np.asarray(user_ids, np.int64),
            np.asarray(movie_ids, np.int64),
        )

    @classmethod
    def of_ids(
        cls,
        users: np.ndarray,
        movies: np.ndarray,
        stars: np.ndarray,
        times: np.ndarray | None = None,
        movie_ids: np.ndarray | None = None,
    ) -> Ratings:
        """Builds ratings from triples of ids.

        movie_ids: the columns, which must contain every movie; if None, all movies that occur, ascending.
        """
        user_ids, rows = _numbered(np.asarray(users, np.int64))
        if movie_ids is None:
            movie_ids, columns = np.unique(np.asarray(movies, np.int64), return_inverse=True)
        else:
            columns = columns_of(np.asarray(movies, np.int64), movie_ids)
        return cls.of(rows, columns, stars, times, user_ids, movie_ids)

    @classmethod
    def of_tastes(cls, tastes: Sequence[Mapping[int, float]], movie_ids: np.ndarray) -> Ratings:
        """Builds ratings from one mapping of movie id to stars per user; films not in `movie_ids` are left out.

        Users are numbered from 0.
        """
        sizes = [len(each) for each in tastes]
        users = np.repeat(np.arange(len(tastes)), sizes)
        movies = np.fromiter((movie for each in tastes for movie in each), np.int64, sum(sizes))
        stars = np.fromiter((value for each in tastes for value in each.values()), np.float32, sum(sizes))
        columns = columns_of(movies, movie_ids)
        known = columns >= 0
        return cls.of(users[known], columns[known], stars[known], None, np.arange(len(tastes)), movie_ids)

    def __len__(self) -> int:
        return len(self.films)

    @property
    def users(self) -> int:
        """P, the number of users."""
        return len(self.user_ids)

    @property
    def films_count(self) -> int:
        """F, the number of films."""
        return len(self.movie_ids)

    @property
    def counts(self) -> np.ndarray:
        """(P,) int64: number of ratings of each user."""
        return np.diff(self.indptr)

    @cached_property
    def rows(self) -> np.ndarray:
        """(N,) int32: the row of the user who gave each rating."""
        return np.repeat(np.arange(self.users, dtype=np.int32), self.counts)

    @property
    def matrix(self) -> sparse.csr_matrix:
        """(P, F) float32 of stars; shares memory with these ratings, so copy it before changing it in place."""
        return self.matrix_of(self.stars)

    def matrix_of(self, values: np.ndarray) -> sparse.csr_matrix:
        """(P, F) with `values` (N,) in place of the stars."""
        return sparse.csr_matrix((values, self.films, self.indptr), shape=(self.users, self.films_count), copy=False)

    def user(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns and stars of one user."""
        part = slice(self.indptr[row], self.indptr[row + 1])
        return self.films[part], self.stars[part]

    def taste(self, row: int) -> dict[int, float]:
        """Movie id -> stars of one user."""
        films, stars = self.user(row)
        return dict(zip(self.movie_ids[films].tolist(), stars.tolist(), strict=True))

    def take_users(self, rows: np.ndarray | slice) -> Ratings:
        """The users of these rows, in this order (a row may be repeated); all films are kept."""
        rows = np.arange(self.users)[rows]
        counts = self.counts[rows]
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        picks = np.arange(indptr[-1]) + np.repeat(self.indptr[rows] - indptr[:-1], counts)
        return self._picked(picks, indptr, self.user_ids[rows])

    def only(self, mask: np.ndarray) -> Ratings:
        """The ratings for which `mask` (N,) is true; all users and films are kept."""
        kept = np.concatenate([[0], np.cumsum(mask)]).astype(np.int64)
        return self._picked(np.flatnonzero(mask), kept[self.indptr], self.user_ids)

    def _picked(self, picks: np.ndarray, indptr: np.ndarray, user_ids: np.ndarray) -> Ratings:
        times = None if self.times is None else self.times[picks]
        return Ratings(indptr, self.films[picks], self.stars[picks], times, user_ids, self.movie_ids)

    def on(self, movie_ids: np.ndarray) -> Ratings:
        """The same ratings with the columns `movie_ids`; ratings of other films are left out."""
        if movie_ids is self.movie_ids or np.array_equal(movie_ids, self.movie_ids):
            return self
        columns = columns_of(self.movie_ids, movie_ids)[self.films]
        known = columns >= 0
        times = None if self.times is None else self.times[known]
        return Ratings.of(self.rows[known], columns[known], self.stars[known], times, self.user_ids, movie_ids)

    def transposed(self) -> Ratings:
        """The transpose: films become the rows, users the columns. Linear in N."""
        places = sparse.csr_matrix(
            (np.arange(len(self)), self.films, self.indptr), shape=(self.users, self.films_count)
        ).tocsc()
        times = None if self.times is None else self.times[places.data]
        return Ratings(
            places.indptr.astype(np.int64),
            places.indices.astype(np.int32),
            self.stars[places.data],
            times,
            self.movie_ids,
            self.user_ids,
        )

    def without_times(self) -> Ratings:
        """The same ratings without their times."""
        return replace(self, times=None)


def columns_of(movies: np.ndarray, movie_ids: np.ndarray) -> np.ndarray:
    """(N,) int64: the column of each movie id in `movie_ids` (F,), which may be unsorted; -1 if absent."""
    if not len(movie_ids):
        return np.full(len(movies), -1)
    order = np.argsort(movie_ids, kind="stable")
    places = order[np.minimum(np.searchsorted(movie_ids, movies, sorter=order), len(order) - 1)]
    return np.where(np.asarray(movie_ids)[places] == movies, places, -1)


def _numbered(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct ids, ascending, and the index of each entry among them; sorts only if they are unsorted."""
    steps = np.diff(ids)
    if not len(ids) or (steps < 0).any():
        return np.unique(ids, return_inverse=True)
    begins = np.append(True, steps > 0)
    return ids[begins], np.cumsum(begins) - 1


def _check(users: np.ndarray, films: np.ndarray, stars: np.ndarray, user_count: int, film_count: int) -> None:
    if not len(users) == len(films) == len(stars):
        raise RatingsError(
            f"There are {len(users)} users, {len(films)} films and {len(stars)} stars for as many ratings; "
            "the three must be as long."
        )
    for name, rows, count in (("user", users, user_count), ("film", films, film_count)):
        if len(rows) and (rows.min() < 0 or rows.max() >= count):
            place = int(np.argmax((rows < 0) | (rows >= count)))
            raise RatingsError(f"Rating {place + 1} is of a {name} that is not in the table of {count}.")
    wrong = ~((stars >= LOWEST) & (stars <= HIGHEST))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise RatingsError(
            f"Rating {place + 1} is {stars[place]:g} stars; ratings lie between {LOWEST:g} and {HIGHEST:g}."
        )
