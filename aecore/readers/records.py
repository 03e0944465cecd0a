"""Splits lines into cells, with or without quotes; a quoted cell may span several lines."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from aecore.readers.errors import UnreadableError

MOST_LETTERS = 131_072
"""Most letters in a cell, as in the csv module."""

_MOST_STRAYS = 20
COMMENT_MARKS = ("#", "%", "//")


class Row(NamedTuple):
    """Cells as written in the file.

    number: as a spreadsheet counts rows; line: where it begins, as an editor counts.
    """

    number: int
    line: int
    cells: list[str]


class Dialect(NamedTuple):
    """separator: one sign, "::", or a blank for any number of them. has_quotes: whether a quote at a
    cell's start encloses it.
    """

    separator: str
    has_quotes: bool = True


class Lines:
    """An iterator of lines that remembers those of the current row.

    is_comment: which lines with a comment mark are skipped where a row begins.
    longest: UnreadableError, naming `name`, for a longer line.
    """

    def __init__(self, lines: Iterable[str], name: str, is_comment: Callable[[str], bool], longest: int) -> None:
        self._lines, self._name, self._is_comment, self._longest = iter(lines), name, is_comment, longest
        self.row: list[str] = []
        self.number = self.line = 0
        self.is_cut = False

    def begin(self) -> None:
        """The next line is the first of a row."""
        self.row, self.number, self.is_cut = [], self.number + 1, False

    def again(self) -> None:
        """Yields all lines of this row but the first again, as rows of their own."""
        self._lines, self.line, self.row = chain(self.row[1:], self._lines), self.line - len(self.row) + 1, self.row[:1]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        while not self.row and line.startswith(COMMENT_MARKS) and self._is_comment(line):
            self.number += 1
            line = self._next()
        self.row.append(line)
        return line

    def _next(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.is_cut = bool(self.row)
            raise StopIteration
        self.line += 1
        if len(line) > self._longest:
            problem = f"the line has {len(line):,} letters; at most {self._longest:,} can be read"
            raise UnreadableError(self._name, problem, self.line, "Is this a table with a row on each line?")
        return line


def rows_of(lines: Lines, dialect: Dialect, name: str, is_patient: bool = False) -> Iterator[Row]:
    """Every row, blank ones too. UnreadableError, naming the line, if one cannot be read or a quote is never closed.

    is_patient: a row with a quote that is never closed is split at its separators instead,
    and its next lines are rows again.
    """
    return (
        _quoted(lines, dialect.separator, name, is_patient) if dialect.has_quotes else _plain(lines, dialect.separator)
    )


def split(line: str, separator: str) -> list[str]:
    """The cells of a line in which quotes mean nothing."""
    return line.split() if separator == " " else line.rstrip("\r\n").split(separator)


def _plain(lines: Lines, separator: str) -> Iterator[Row]:
    lines.begin()
    for line in lines:
        yield Row(lines.number, lines.line, line.split() if separator == " " else line.rstrip("\r\n").split(separator))
        lines.begin()


def _quoted(lines: Lines, separator: str, name: str, is_patient: bool) -> Iterator[Row]:
    strays = 0
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=separator == " ")
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableError(
                name, _said(error), lines.line - len(lines.row) + 1, "Mend this row, or save the table again."
            ) from None
        first = lines.line - len(lines.row) + 1
        if lines.is_cut:
            strays += 1
            if not is_patient or strays > _MOST_STRAYS:
                raise UnreadableError(name, "a quote is opened here and never closed", first, "Close it, or remove it.")
            cells = split(lines.row[0], separator) if len(lines.row) > 1 else cells
            lines.again()
            reader = csv.reader(lines, delimiter=separator, skipinitialspace=separator == " ")
        if separator == " " and cells and not cells[-1] and not lines.row[-1].rstrip().endswith('"'):
            del cells[-1]
        yield Row(lines.number, first, cells)


def _said(error: csv.Error) -> str:
    what = (
        f"a cell holds more than {MOST_LETTERS:,} letters; a quote may be missing"
        if "larger" in str(error)
        else str(error)
    )
    return f"the row cannot be read: {what}"
