"""Columns of numbers: the C parser of pandas for large regular tables,
a careful parser for all others and for errors.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Callable
from itertools import islice
from typing import IO, Any, cast

import numpy as np

from aecore.readers.delimited import DelimitedText, Opener
from aecore.readers.errors import UnreadableError, quoted

Kinds = dict[int, type[np.number[Any]] | type[str]]
"""Column -> what its cells become."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_CHUNK = 1 << 20


def fast_columns(
    opener: Opener, separator: str, width: int, kinds: Kinds, above: int = 0, encoding: str = "latin-1", most: int = 0
) -> list[np.ndarray] | None:
    """The columns of a table without quotes, comments and uneven rows; None if it is not as regular as that.

    above: lines above the first row. most: rows that may be there, 0 for any number; of a longer table, one more is
    read and no further, see `check_length`. Else the result equals that of `careful_columns`.
    """
    import pandas as pd

    places = {place * len(separator): kind for place, kind in kinds.items()}
    try:
        with opener() as stream:
            lines = [stream.readline() for _ in range(above)]
            counted = _Counted(stream, separator[:1].encode())
            table = pd.read_csv(
                io.BufferedReader(counted, _CHUNK), sep=separator[0], header=None, usecols=list(places), dtype=places,
                index_col=False, encoding=encoding, quoting=csv.QUOTE_NONE, na_filter=False,
                nrows=most + 1 if most else None,
            )  # fmt: skip
    except (ValueError, OverflowError, pd.errors.ParserError):
        return None
    is_even = len(table) > most > 0 or counted.separators == len(table) * (width - 1) * len(separator)
    if not is_even or counted.has_zeros or any(b"\r" in line.removesuffix(b"\r\n") for line in lines):
        return None
    columns = [_stripped(table[place]) if kind is str else table[place].to_numpy() for place, kind in places.items()]
    return columns if all(np.isfinite(each).all() for each in columns if each.dtype != object) else None


def check_length(table: DelimitedText, opener: Opener, columns: list[np.ndarray]) -> None:
    """UnreadableError if `fast_columns`, told the limit of the table, has found more rows: the careful parser would say
    the same many seconds later.
    """
    most = table.limits.rows
    if len(columns[0]) > most > 0:
        line = line_of(opener, most, table.layout.first_line - 1)
        raise UnreadableError(table.name, f"at most {most:,} rows can be read", line, "Use a part of it.")


def careful_columns(table: DelimitedText, kinds: Kinds) -> list[np.ndarray]:
    """The columns of any table.

    UnreadableError, naming the line, if a cell is missing, or is no finite number of its kind.
    """
    columns: list[tuple[int, Callable[[str], Any], Any]] = [
        (place, *_column(table, kind)) for place, kind in kinds.items()
    ]
    for row in table.rows():
        if len(row.cells) != table.width:
            problem = f"{len(row.cells)} fields instead of {table.width}; the file is damaged or cut short"
            raise UnreadableError(table.name, problem, row.line)
        for place, fitting, column in columns:
            number = fitting(row.cells[place].strip())
            if number is None:
                raise UnreadableError(
                    table.name, f"{quoted(row.cells[place])} is no number that can stand there", row.line
                )
            column.append(number)
    kept = [object if kind is str else kind for kind in kinds.values()]
    return [np.array(column, kind) for (_, _, column), kind in zip(columns, kept, strict=True)]


def line_of(opener: Opener, at: int, above: int = 0) -> int:
    """The line of the row at this place, counted from 0, of a table that `fast_columns` has read."""
    with opener() as stream:
        rows = (number for number, line in enumerate(stream, 1) if number > above and line.strip())
        return next(islice(rows, at, None), above + at + 1)


def _stripped(texts: Any) -> np.ndarray:
    return np.array([text.strip() for text in texts.tolist()], object)


def _column(table: DelimitedText, kind: Any) -> tuple[Callable[[str], Any], Any]:
    """The converter of cells to this kind, and an empty column."""
    if kind is str:
        return str, []
    return _fitting(table, kind), array("q" if np.issubdtype(kind, np.integer) else "d")


def _fitting(table: DelimitedText, kind: type[np.number[Any]]) -> Callable[[str], Any]:
    """The converter of a cell to a number of this kind; None if it is not finite or out of range."""
    if not np.issubdtype(kind, np.integer):
        highest = float(np.finfo(cast(Any, kind)).max)

        def finite(cell: str) -> float | None:
            number = table.number(cell)
            return number if number is not None and -highest <= number <= highest else None

        return finite
    low, high = int(np.iinfo(cast(Any, kind)).min), int(np.iinfo(cast(Any, kind)).max)

    def whole(cell: str) -> int | None:
        number: float | int | None = int(cell) if _WHOLE.fullmatch(cell) else table.number(cell)
        return int(number) if number is not None and low <= number <= high and number == int(number) else None

    return whole


class _Counted(io.RawIOBase):
    """A stream that counts the separators that are read from it, and tells whether there were zero bytes."""

    def __init__(self, stream: IO[bytes], separator: bytes) -> None:
        self._stream, self._separator = stream, separator
        self.separators, self.has_zeros = 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.separators += data.count(self._separator)
        self.has_zeros |= b"\0" in data
        return len(data)
