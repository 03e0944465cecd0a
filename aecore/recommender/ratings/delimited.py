"""Tables of ratings as text: read fast, and where that fails, read again slowly for the file and the row to name."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from aecore.recommender.ratings.table import HIGHEST, LOWEST, RatingsError

MAX_BYTES = 4 * 2**30
"""A table that says it is larger is refused before it is read; the largest of MovieLens, 32M, has 0.9 GB."""


@dataclass(frozen=True)
class Source:
    """A data set's files, in a folder or in a ZIP as it was downloaded. prefix: the folder inside the ZIP, with a slash."""

    path: Path
    prefix: str = ""

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        if not self.prefix:
            return (self.path / name).is_file()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return self.prefix + name in archive.namelist()
        except (OSError, zipfile.BadZipFile):
            return False

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one file. RatingsError if it is missing, too large, or the ZIP is damaged."""
        try:
            with ExitStack() as stack:
                yield self._opened(name, stack)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise RatingsError(f"{self.path} is damaged ({error}). Delete it and download the data set again.") from None

    def _opened(self, name: str, stack: ExitStack) -> IO[bytes]:
        try:
            if not self.prefix:
                size = (self.path / name).stat().st_size
            else:
                archive = stack.enter_context(zipfile.ZipFile(self.path))
                size = archive.getinfo(self.prefix + name).file_size
            if size > MAX_BYTES:
                raise RatingsError(_too_large(name, size))
            return stack.enter_context(archive.open(self.prefix + name) if self.prefix else open(self.path / name, "rb"))
        except (FileNotFoundError, KeyError):
            raise RatingsError(f"'{name}' is missing from {self.path}. Delete what is there and download the data set again.") from None
        except OSError as error:
            raise RatingsError(f"'{name}' in {self.path} cannot be read ({error.strerror or error}). Check its permissions.") from None
        except RuntimeError:
            raise RatingsError(f"{self.path} is locked by a password. Delete it and download the data set again.") from None

    def text(self, name: str) -> str:
        """The whole of a small file, UTF-8 or else Latin-1."""
        with self.open(name) as stream:
            return decoded(stream.read())


def decoded(data: bytes) -> str:
    """UTF-8, with or without a mark at its beginning, or else Latin-1, which holds any bytes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


Opener = Callable[[], Any]
"""Opens the table anew, a context manager of bytes."""


def read_ratings(opener: Opener, name: str, separator: str, has_header: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """People, movies (N,) int32, stars float32 and times int64 of a table in MovieLens' order of columns.

    separator: ",", a tab, or "::". RatingsError that names the file and the row if a field is missing or is no number, or the stars
    lie outside 0.5 to 5.
    """
    import pandas as pd

    places = (0, 2, 4, 6) if separator == "::" else (0, 1, 2, 3)
    kinds = dict(zip(places, (np.int32, np.int32, np.float32, np.int64), strict=True))
    try:
        with opener() as stream:
            table = pd.read_csv(
                stream, sep=separator[0], header=None, skiprows=int(has_header), usecols=list(places), dtype=kinds,
                index_col=False, encoding="latin-1", quoting=csv.QUOTE_NONE, na_filter=False,
            )  # fmt: skip
        people, movies, stars, times = (table[place].to_numpy() for place in places)
    except pd.errors.EmptyDataError:
        raise RatingsError(f"'{name}' is empty. Download the data set again.") from None
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise RatingsError(_first_bad_row(opener, name, separator, has_header) or f"'{name}' cannot be read ({error}).") from None
    wrong = ~((stars >= LOWEST) & (stars <= HIGHEST))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RatingsError(f"'{name}', row {row + 1 + has_header}: {stars[row]:g} stars; ratings lie between {LOWEST:g} and {HIGHEST:g}.")
    return people, movies, stars, times


def _first_bad_row(opener: Opener, name: str, separator: str, has_header: bool) -> str:
    """A sentence on the first row that is no rating, "" if all are."""
    with opener() as stream:
        for number, line in enumerate(io.TextIOWrapper(stream, encoding="latin-1", newline="\n"), 1):
            if number == 1 and has_header:
                continue
            fields = line.rstrip("\r\n").split(separator)
            if len(fields) != 4:
                return f"'{name}', row {number}: {len(fields)} fields instead of 4; the file is damaged or cut short. Download it again."
            for field, kind in zip(fields, (int, int, float, int), strict=True):
                try:
                    in_range = -(2**31) <= kind(field) < 2**31
                except ValueError:
                    in_range = False
                if not in_range:
                    return f"'{name}', row {number}: {shown(field)} is no number that can stand there. Mend it, or download the file again."
    return ""


def read_rows(text: str, name: str, separator: str, columns: int, has_header: bool) -> Iterator[tuple[int, list[str]]]:
    """Row number, counted from 1 as an editor does, and the fields of each. separator: "," of a CSV with quotes, or any other without.

    RatingsError that names the row if there are fewer than `columns` fields.
    """
    lines: Any = csv.reader(io.StringIO(text, newline=""), strict=True) if separator == "," else (line.split(separator) for line in text.splitlines())
    try:
        for number, fields in enumerate(lines, 1):
            if (number == 1 and has_header) or not any(fields):
                continue
            if len(fields) < columns:
                raise RatingsError(f"'{name}', row {number}: {len(fields)} fields instead of {columns}; the file is damaged or cut short.")
            yield number, fields
    except csv.Error as error:
        raise RatingsError(f"'{name}' cannot be read as a table ({error}).") from None


def whole(text: str, name: str, row: int, blank: int | None = None) -> int:
    """A field as a whole number that fits into 32 bits. RatingsError that names file and row; `blank` where the field is empty."""
    if blank is not None and not text.strip():
        return blank
    try:
        number = int(text)
    except ValueError:
        number = 2**31
    if not -(2**31) <= number < 2**31:
        raise RatingsError(f"'{name}', row {row}: {shown(text)} is no whole number that can stand there.")
    return number


def shown(field: str) -> str:
    """What stands in a field, quoted and cut short, for a sentence."""
    text = "".join(each if each.isprintable() else " " for each in field[:41]).strip()
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def check_header(text: str, name: str, wanted: Sequence[str]) -> None:
    """RatingsError if the first line does not name these columns in this order."""
    first = [each.strip().strip('"').casefold() for each in text.lstrip("\ufeff").split("\n", 1)[0].split(",")]
    if first[: len(wanted)] != [each.casefold() for each in wanted]:
        raise RatingsError(f"'{name}', row 1: the columns must be {', '.join(wanted)}; here are {shown(', '.join(first))}.")


def _too_large(name: str, size: int) -> str:
    return f"'{name}' would unpack to {size / 1e9:,.1f} GB; at most {MAX_BYTES / 1e9:.1f} GB are read. It is not the file of this data set."
