"""Ratings of whole numbers in a large regular table, read by pandas; all others are read row by row."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from aecore.readers.columns import Kinds, fast_columns, line_of
from aecore.readers.delimited import DelimitedText
from aecore.readers.errors import UnreadableError

LARGE = 2**20
"""Bytes from which the fast reader is worth loading."""

HIGHEST_ID, LATEST = 10**9, 2**62
_ENCODINGS = ("utf-8", "latin-1", "cp1252")
_BLOCK = 2**22


@dataclass(frozen=True)
class RatingRows:
    """N ratings as a table gives them.

    users, films: (N,) indices in the order in which they first occur, into the names, which are as the table writes
    them. given: (N,) float64; times: (N,) int64, 0 if unknown. line_of: index of a rating -> its line in the file.
    """

    users: np.ndarray
    films: np.ndarray
    given: np.ndarray
    times: np.ndarray
    user_names: tuple[str, ...]
    film_names: tuple[str, ...]
    line_of: Callable[[int], int]


def fast_rows(
    table: DelimitedText, data: bytes, places: Mapping[str, int], highest: float, large: int = LARGE
) -> RatingRows | None:
    """The ratings of a large table that says nothing but whole numbers and ratings above 0 up to `highest`.

    None for any other, and for what would be refused. UnreadableError if it has too many rows.
    """
    if not _may_be_fast(table, data, places, large):
        return None
    kinds: Kinds = {places["user"]: np.int64, places["film"]: np.int64, places["stars"]: np.float64}
    if places["time"] >= 0:
        kinds[places["time"]] = np.int64
    opener: Any = partial(io.BytesIO, data)
    above = table.layout.first_line - 1
    columns = fast_columns(opener, table.separator, table.width, kinds, above, table.encoding)
    if columns is None:
        return None
    users, films, given, *rest = columns
    if len(given) > table.limits.rows > 0:
        line = line_of(opener, table.limits.rows, above)
        raise UnreadableError(table.name, f"at most {table.limits.rows:,} rows can be read", line, "Use a part of it.")
    times = rest[0] if rest else np.zeros(len(given), np.int64)
    whole = ((users, 2**63 - 1), (films, HIGHEST_ID), (times, LATEST))
    if not len(given) or any(each.min() < 0 or each.max() >= most for each, most in whole):
        return None
    if given.min() <= 0 or given.max() > highest:
        return None
    user_places, user_names = _numbered(users)
    film_places, film_names = _numbered(films)
    return RatingRows(
        user_places, film_places, given, times, user_names, film_names, lambda at: line_of(opener, at, above)
    )


def _may_be_fast(table: DelimitedText, data: bytes, places: Mapping[str, int], large: int) -> bool:
    used = [place for place in (places[what] for what in ("user", "film", "stars", "time")) if place >= 0]
    is_plain = table.encoding in _ENCODINGS and not table.damaged and len(table.separator) == 1
    is_bare = places["title"] < 0 and places["genres"] < 0 and len(set(used)) == len(used)
    if len(data) <= large or not is_plain or not is_bare or table.separator == " ":
        return False
    return _is_plainly_written(data, table.layout.first_line - 1)


def _is_plainly_written(data: bytes, above: int) -> bool:
    """Whether no number has a sign or a zero in front: "007" and "+7" are other names than "7".

    above: lines above the first row.
    """
    start = 0
    for _ in range(above):
        start = data.find(b"\n", start) + 1
    for at in range(start, len(data), _BLOCK):
        before = data[at - 1 : at] if at else b"\n"
        signs = np.frombuffer(before + data[at : at + _BLOCK + 1], np.uint8)
        is_digit = (signs >= ord("0")) & (signs <= ord("9"))
        begins = ~is_digit & (signs != ord("."))
        has_zero_in_front = begins[:-2] & (signs[1:-1] == ord("0")) & is_digit[2:]
        if has_zero_in_front.any() or (signs[1:] == ord("+")).any() or (signs[1:] == ord("-")).any():
            return False
    return True


def _numbered(values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Indices by first occurrence, and what the distinct values are written as."""
    import pandas as pd

    places, distinct = pd.factorize(values)
    return places, tuple(map(str, distinct.tolist()))
