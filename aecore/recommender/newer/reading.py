"""Reads a random part of the people of a large edition, in one pass and little memory, and counts the others."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from aecore.recommender.models.base import LIKED
from aecore.recommender.ratings.delimited import Source
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import check_count, films_and_source
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings, RatingsError, columns_of

ROWS = 500_000
"""Ratings that are read at a time."""

SPARE = 1.25
"""So many times the wanted people are kept before the superfluous ones are let go."""

NAME, HEADER = "ratings.csv", "userId,movieId,rating,timestamp"


@dataclass(frozen=True, eq=False)
class Totals:
    """Of all ratings of an edition: (F,) how many each film has, the sum of their stars, and how many like it.

    people: how many users there are.
    """

    counts: np.ndarray
    sums: np.ndarray
    likes: np.ndarray
    people: int

    def without(self, ratings: Ratings) -> Totals:
        """The same without the ratings of these people."""
        films = ratings.films_count
        return Totals(
            self.counts - np.bincount(ratings.films, minlength=films),
            self.sums - np.bincount(ratings.films, ratings.stars, films),
            self.likes - np.bincount(ratings.films, ratings.stars >= LIKED, films),
            self.people - ratings.users,
        )


@dataclass(frozen=True, eq=False)
class Sample:
    """All ratings of some people, drawn at random, with the films of the whole edition as columns."""

    ratings: Ratings
    films: Films
    totals: Totals


def read_sample(name: str, people: int, seed: int) -> Generator[float, None, Sample]:
    """Reads all ratings of `people` users; yields the share that has been read.

    The draw depends on the seed and the users' ids alone. RatingsError if the edition is not there, or is damaged.
    """
    films, source = films_and_source(name)
    counted, drawn = _Counted(films), _Drawn(people, seed)
    with source.open(NAME) as stream:
        read = _Watched(stream)
        for users, movies, stars in _chunks(read):
            columns = _columns(movies, films)
            counted.add(users, columns, stars)
            drawn.add(users, columns, stars)
            yield min(1.0, read.count / max(1, _size(source)))
    if not counted.ratings:
        raise RatingsError(f"'{NAME}' holds no ratings. Download the data set again.")
    if not source.prefix:  # a file in a ZIP has a checksum
        check_count(name, NAME, counted.ratings)
    return Sample(drawn.ratings(films.movie_ids), films, counted.totals())


def _size(source: Source) -> int:
    if not source.prefix:
        return (source.path / NAME).stat().st_size
    with zipfile.ZipFile(source.path) as archive:
        return archive.getinfo(source.prefix + NAME).file_size


def _chunks(stream: Any) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(n,) ids of users and films, and stars. RatingsError if the file is not as GroupLens publishes it."""
    import pandas as pd

    first = stream.readline().decode("utf-8-sig", "replace").strip()
    if first != HEADER:
        raise RatingsError(f"'{NAME}' begins with '{first[:60]}', not with '{HEADER}'. Download the data set again.")
    kinds = {0: np.int64, 1: np.int64, 2: np.float32}
    try:
        for part in pd.read_csv(
            stream, header=None, usecols=list(kinds), dtype=kinds, chunksize=ROWS, na_filter=False, engine="c",
        ):  # fmt: skip
            stars = part[2].to_numpy()
            if not ((stars >= LOWEST) & (stars <= HIGHEST)).all():
                raise RatingsError(
                    f"'{NAME}' has ratings outside {LOWEST:g} to {HIGHEST:g} stars. Download the data set again."
                )
            yield part[0].to_numpy(), part[1].to_numpy(), stars
    except pd.errors.EmptyDataError:
        return
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise  # the source says so in a sentence
    except RatingsError:
        raise
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise RatingsError(f"'{NAME}' is damaged or cut short ({error}). Download the data set again.") from None


def _columns(movies: np.ndarray, films: Films) -> np.ndarray:
    columns = columns_of(movies, films.movie_ids)
    if (columns < 0).any():
        missing = movies[int(np.argmin(columns))]
        raise RatingsError(f"'{NAME}' rates film {missing}, which is not in the list. Download the data set again.")
    return columns


@dataclass
class _Counted:
    """Counts the ratings of all people."""

    films: Films
    ratings: int = 0
    people: int = 0
    last: int = -1
    tables: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = [np.zeros(len(self.films)) for _ in range(3)]

    def add(self, users: np.ndarray, columns: np.ndarray, stars: np.ndarray) -> None:
        """The file is sorted by user."""
        self.ratings += len(users)
        self.people += int((np.diff(users, prepend=self.last) != 0).sum())
        self.last = int(users[-1])
        for table, weights in zip(self.tables, (None, stars, stars >= LIKED), strict=True):
            table += np.bincount(columns, weights, len(self.films))

    def totals(self) -> Totals:
        counts, sums, likes = self.tables
        return Totals(counts, sums, likes, self.people)


class _Drawn:
    """Keeps the ratings of the `most` people whose ids come first when hashed, whatever their number."""

    def __init__(self, most: int, seed: int) -> None:
        self.most, self.seed, self.below = most, seed, np.uint64(2**64 - 1)
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.known: dict[int, int] = {}

    def add(self, users: np.ndarray, columns: np.ndarray, stars: np.ndarray) -> None:
        marks = hashed(users, self.seed)
        kept = marks <= self.below
        self.parts.append((users[kept].astype(np.int32), columns[kept].astype(np.int32), stars[kept]))
        own, places = np.unique(users[kept], return_index=True)
        self.known.update(zip(own.tolist(), marks[kept][places].tolist(), strict=True))
        if len(self.known) > SPARE * self.most:
            self._let_go()

    def _let_go(self) -> None:
        if len(self.known) <= self.most:
            return
        self.below = np.uint64(sorted(self.known.values())[self.most - 1])
        self.known = {user: mark for user, mark in self.known.items() if mark <= self.below}
        self.parts = [tuple(column[hashed(part[0], self.seed) <= self.below] for column in part) for part in self.parts]

    def ratings(self, movie_ids: np.ndarray) -> Ratings:
        """Their ratings."""
        self._let_go()
        users, columns, stars = (np.concatenate(each) for each in zip(*self.parts, strict=True))
        self.parts = []
        return Ratings.of_ids(users, movie_ids[columns], stars, None, movie_ids)


def hashed(ids: np.ndarray, seed: int) -> np.ndarray:
    """(n,) uint64: ids mixed so that those of any kind look random (splitmix64; Steele, Lea & Flood 2014, OOPSLA)."""
    with np.errstate(over="ignore"):
        mixed = ids.astype(np.uint64) + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return mixed ^ (mixed >> np.uint64(31))


class _Watched:
    """A stream that counts what is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.count = stream, 0

    def read(self, size: int = -1) -> bytes:
        """Reads bytes."""
        data = self.stream.read(size)
        self.count += len(data)
        return data

    def readline(self) -> bytes:
        """Reads a line, of at most a thousand bytes."""
        data = self.stream.readline(1000)
        self.count += len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.stream)
