"""Dialect of a delimited text, detected from its first lines:
Excel's `sep=` line, separators, loose quotes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from aecore.readers.errors import UnreadableError
from aecore.readers.numbers import has_decimal_comma, is_number
from aecore.readers.records import Dialect, Lines, rows_of, split

SEPARATORS = {
    "::": "double colons",
    "\t": "tabs",
    ";": "semicolons",
    ",": "commas",
    "|": "vertical bars",
    " ": "blanks",
}
"""By falling preference where several fit: between tabs or semicolons a comma is a decimal sign."""

_SEP_LINE = re.compile(r'\s*"?sep=(::|\\t|[^"\r\n]?)"?\s*', re.IGNORECASE)


def separator_of_excel(line: str) -> str | None:
    """The separator in Excel's line `sep=;`, "" if it names none; None for any other line."""
    found = _SEP_LINE.fullmatch(line)
    return found[1].replace("\\t", "\t") if found else None


def sample_rows(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """The cells of the rows at the beginning of a text that are not blank."""
    source = Lines(lines, "", lambda line: False, max(map(len, lines), default=0))
    rows: list[list[str]] = []
    with suppress(UnreadableError):  # the error is raised when the text itself is read
        for row in rows_of(source, dialect, ""):
            if any(map(str.strip, row.cells)):
                rows.append(row.cells)
    return rows


def find_separator(lines: Sequence[str]) -> str:
    """The separator that gives most rows as many cells as the first; a comma if none gives more than one."""
    candidates: dict[str, list[list[str]]] = {}
    for separator in SEPARATORS:
        if separator != " " and any(separator in line for line in lines):
            rows = sample_rows(lines, Dialect(separator, separator != "::"))
            if rows and len(rows[0]) > 1:
                candidates[separator] = rows
    if not candidates:
        return " " if _is_separated_by_blanks(lines) else ","
    order = list(candidates)
    if {",", "|"} <= candidates.keys() and _beats_comma(candidates["|"], candidates[","]):
        order.remove(",")
        order.append(",")
    return max(order, key=lambda separator: _evenness(candidates[separator]))


def _evenness(rows: list[list[str]]) -> float:
    """The share of rows with as many cells as the first, empty ones at the end not counted."""
    width = len(rows[0])
    return sum(len(row) == width or _width(row) == _width(rows[0]) for row in rows) / len(rows)


def _width(row: list[str]) -> int:
    return next((count for count in range(len(row), 0, -1) if row[count - 1].strip()), 0)


def _beats_comma(bars: list[list[str]], commas: list[list[str]]) -> bool:
    """Whether commas between vertical bars are decimal signs, or there are more bars than commas."""
    with_comma = [cell for row in bars for cell in row if "," in cell]
    return len(bars[0]) >= len(commas[0]) or (bool(with_comma) and all(map(has_decimal_comma, with_comma)))


def _is_separated_by_blanks(lines: Sequence[str]) -> bool:
    """Whether all lines have as many words, and one column of them is all numbers below the first line.

    The first may have one word less: R writes no name above the rows' numbers.
    """
    rows = [row for row in sample_rows(lines, Dialect(" ")) if row]
    widths = {len(row) for row in rows[1:]}
    if not rows or len(rows[0]) < 2 or len(widths) > 1 or not widths <= {len(rows[0]), len(rows[0]) + 1}:
        return False
    if len(rows) == 1:
        return all(map(is_number, rows[0]))
    return any(all(map(is_number, column)) for column in zip(*rows[1:], strict=True))


def has_loose_quotes(lines: Iterable[str], separator: str) -> bool:
    """Whether quotes enclose nothing: taken as enclosing they leave uneven rows or an error,
    and taken as letters they do not.
    """
    plain, width, is_even = [], 0, True
    for line in lines:
        if line.strip():
            plain.append(line)
            width = width or len(split(line, separator))
            is_even &= len(split(line, separator)) == width
    if not is_even or width < 2:
        return False
    try:
        return any(cells and len(cells) != width for cells in csv.reader(plain, delimiter=separator, strict=True))
    except csv.Error:
        return True
