"""Reads the tables of a data set of ratings, from a folder or a ZIP; errors name file and line."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from aecore.readers.columns import careful_columns, fast_columns, line_of
from aecore.readers.delimited import DelimitedText, read_delimited
from aecore.readers.errors import UnreadableError, place, quoted
from aecore.readers.layout import Expected
from aecore.readers.structure import plain_name
from aecore.recommender.ratings.table import HIGHEST, LOWEST, RatingsError

MAX_BYTES = 4 * 2**30
"""A larger table is refused before it is read; the largest of MovieLens, 32M, has 0.9 GB."""


@dataclass(frozen=True)
class Source:
    """The files of a data set, in a folder or in the ZIP that was downloaded.

    prefix: the folder inside the ZIP, with a slash.
    """

    path: Path
    prefix: str = ""

    def has(self, name: str) -> bool:
        """Whether the data set has a file of this name."""
        if not self.prefix:
            return (self.path / name).is_file()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return self.prefix + name in archive.namelist()
        except (OSError, zipfile.BadZipFile):
            return False

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Opens one file for reading bytes. RatingsError if it is missing, too large, or the ZIP is damaged."""
        try:
            with ExitStack() as stack:
                yield self._opened(name, stack)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise RatingsError(
                f"{self.path} is damaged ({error}). Delete it and download the data set again."
            ) from None

    def _opened(self, name: str, stack: ExitStack) -> IO[bytes]:
        try:
            if not self.prefix:
                size = (self.path / name).stat().st_size
            else:
                archive = stack.enter_context(zipfile.ZipFile(self.path))
                size = archive.getinfo(self.prefix + name).file_size
            if size > MAX_BYTES:
                raise RatingsError(_too_large(name, size))
            return stack.enter_context(
                archive.open(self.prefix + name) if self.prefix else open(self.path / name, "rb")
            )
        except (FileNotFoundError, KeyError):
            raise RatingsError(
                f"'{name}' is missing from {self.path}. Delete what is there and download the data set again."
            ) from None
        except OSError as error:
            raise RatingsError(
                f"'{name}' in {self.path} cannot be read ({error.strerror or error}). Check its permissions."
            ) from None
        except RuntimeError:
            raise RatingsError(
                f"{self.path} is locked by a password. Delete it and download the data set again."
            ) from None


@dataclass(frozen=True)
class Form:
    """The published format of a file.

    separator: between its `columns` cells; names: of the header line, () if it has none.
    """

    separator: str
    columns: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class RatingColumns:
    """Ids of users and movies (N,) int32, stars (N,) float32 and times (N,) int64, in the order of the file."""

    users: np.ndarray
    movies: np.ndarray
    stars: np.ndarray
    times: np.ndarray
    line_of: Callable[[int], int]
    """Index of a rating, from 0 -> its line in the file."""


def read_ratings(source: Source, name: str, form: Form) -> RatingColumns:
    """Reads a table of users, movies, stars and times.

    A file in its published format takes the fast reader; one that another program has saved takes the general one.
    RatingsError, with file and line, if a field is missing or not a number, or the stars lie outside 0.5 to 5.
    """
    try:
        found = _as_published(source, name, form) or _carefully(source, name, form)
    except UnreadableError as error:
        raise RatingsError(f"{error} Mend it, or download the file again.") from None
    if not len(found.stars):
        raise RatingsError(f"'{name}' is empty. Download the data set again.")
    wrong = ~((found.stars >= LOWEST) & (found.stars <= HIGHEST))
    if wrong.any():
        at = int(np.argmax(wrong))
        where = place(name, found.line_of(at))
        raise RatingsError(f"{where}: {found.stars[at]:g} stars; ratings lie between {LOWEST:g} and {HIGHEST:g}.")
    return found


_KINDS = (np.int32, np.int32, np.float32, np.int64)


def _as_published(source: Source, name: str, form: Form) -> RatingColumns | None:
    """The ratings of a file in its published format; None if it is not in that format."""
    opener, above = partial(source.open, name), int(bool(form.names))
    if form.names:
        with opener() as stream:
            first = stream.readline(1000).decode("utf-8-sig", "replace")
        if [plain_name(each) for each in first.split(form.separator)] != [plain_name(each) for each in form.names]:
            return None
    columns = fast_columns(opener, form.separator, form.columns, dict(enumerate(_KINDS)), above)
    if columns is None:
        return None
    users, movies, stars, times = columns
    return RatingColumns(users, movies, stars, times, lambda at: line_of(opener, at, above))


def _carefully(source: Source, name: str, form: Form) -> RatingColumns:
    """The ratings of a file that another program saved, or that is damaged."""
    table = read_delimited(name, partial(source.open, name), Expected(_plain(form.names), bool(form.names)))
    users, movies, stars, times = careful_columns(table, dict(zip(_places(table, form), _KINDS, strict=True)))
    return RatingColumns(users, movies, stars, times, lambda at: next(islice(table.rows(), at, None)).line)


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(plain_name, names))


def _places(table: DelimitedText, form: Form) -> list[int]:
    """Positions of the form's columns. RatingsError if one is missing."""
    if table.width and not form.names and table.width != form.columns:
        problem = f"{table.width} fields instead of {form.columns}; the file is damaged or cut short"
        raise UnreadableError(table.name, problem, table.layout.first_line)
    if not form.names:
        return list(range(form.columns))
    places = [table.place(each) for each in _plain(form.names)]
    if None in places:
        where, here = place(table.name, table.layout.header_line or 1), quoted(", ".join(table.header or ()))
        raise RatingsError(f"{where}: the columns must be {', '.join(form.names)}; here are {here}.")
    return [each for each in places if each is not None]


def read_cells(source: Source, name: str, form: Form) -> Iterator[tuple[int, list[str]]]:
    """Yields line and cells of every row of a small file; the form's columns come first, in its order.

    RatingsError, with the line, if a row has fewer cells than the form.
    """
    try:
        with source.open(name) as stream:
            data = stream.read()
        separator = form.separator if not form.names else None
        table = read_delimited(
            name, data, Expected(_plain(form.names), bool(form.names), separator, None if form.names else False)
        )
        places = _places(table, form) if form.names else list(range(form.columns))
        for row in table.rows():
            if len(row.cells) < form.columns:
                problem = f"{len(row.cells)} fields instead of {form.columns}; the file is damaged or cut short"
                raise UnreadableError(name, problem, row.line)
            yield (
                row.line,
                [row.cells[each] if each < len(row.cells) else "" for each in places] + row.cells[form.columns :],
            )
    except UnreadableError as error:
        raise RatingsError(str(error)) from None


def whole(text: str, name: str, line: int, blank: int | None = None) -> int:
    """A field as a 32-bit integer; `blank` if the field is empty.

    RatingsError, with file and line, if it is not one.
    """
    if blank is not None and not text.strip():
        return blank
    try:
        number = int(text)
    except ValueError:
        number = 2**31
    if not -(2**31) <= number < 2**31:
        raise RatingsError(f"{place(name, line)}: {quoted(text)} is no whole number that can stand there.")
    return number


def _too_large(name: str, size: int) -> str:
    return (
        f"'{name}' would unpack to {size / 1e9:,.1f} GB; at most {MAX_BYTES / 1e9:.1f} GB are read. "
        "It is not the file of this data set."
    )
