"""Delimited text of any program: `read_delimited` detects its format and reads its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from typing import IO

from aecore.readers.encoding import decode, lines_of, marked_encoding
from aecore.readers.errors import UnreadableError
from aecore.readers.layout import Expected, Layout, find_layout, is_comment
from aecore.readers.numbers import as_number
from aecore.readers.records import Lines, Row, rows_of
from aecore.readers.structure import plain_name

Opener = Callable[[], AbstractContextManager[IO[bytes]]]
"""Opens a file again, for one that is too large for memory."""

_SNIFFED = 2**16


@dataclass(frozen=True)
class Limits:
    """Largest number of bytes, of rows and of letters in a line. 0: no limit."""

    bytes: int = 0
    rows: int = 0
    line: int = 4_000_000


@dataclass(frozen=True)
class DelimitedText:
    """A table as text and its detected format; its rows are read each time.

    encoding: its name in Python, "" of what was text already. damaged: letters that could not be decoded.
    """

    name: str
    encoding: str
    damaged: int
    layout: Layout
    lines: Callable[[], Iterator[str]]
    limits: Limits
    is_patient: bool = False

    @property
    def separator(self) -> str:
        """The separator of cells."""
        return self.layout.dialect.separator

    @property
    def header(self) -> tuple[str, ...] | None:
        """The columns' names as written."""
        return self.layout.header

    @property
    def width(self) -> int:
        """Cells in a row."""
        return self.layout.width

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank; blank cells beyond the width are dropped. UnreadableError names the line."""
        dialect, width, first, given = self.layout.dialect, self.width, self.layout.first_line, 0
        source = Lines(
            self.lines(), self.name, lambda line: is_comment(line, dialect.separator, width), self.limits.line
        )
        for row in rows_of(source, dialect, self.name, self.is_patient):
            cells = row.cells
            if row.line < first or not ((cells and cells[0].strip()) or any(map(str.strip, cells))):
                continue
            if given == self.limits.rows > 0:
                raise UnreadableError(self.name, f"at most {given:,} rows can be read", row.line, "Use a part of it.")
            given += 1
            while len(cells) > width and not cells[-1].strip():
                del cells[-1]
            yield row

    def place(self, *names: str) -> int | None:
        """The column with one of these plain names, the first of these found."""
        plain = [plain_name(cell) for cell in self.header or ()]
        return next((plain.index(name) for name in names if name in plain), None)

    def number(self, cell: str) -> float | None:
        """The number in a cell, None if it is none; a comma is a decimal sign unless it separates."""
        return as_number(cell, self.separator != ",")


_ANYTHING, _UNLIMITED = Expected(), Limits()


def read_delimited(
    name: str, data: bytes | str | Opener, expected: Expected = _ANYTHING, limits: Limits = _UNLIMITED
) -> DelimitedText:
    """The table in a file, a text or a stream.

    UnreadableError if it is no text or too large; an empty one has no header and no rows.
    """
    encoding, damaged = "", 0
    if isinstance(data, bytes):
        decoded = decode(name, data, limits.bytes)
        data, encoding, damaged = decoded.text, decoded.encoding, decoded.damaged
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
        lines: Callable[[], Iterator[str]] = partial(lines_of, text)
    else:
        encoding = _sniffed(data)
        lines = partial(_streamed, data, encoding)
    layout = find_layout(name, lines, expected, limits.line)
    return DelimitedText(name, encoding, damaged, layout, lines, limits, expected.is_patient)


def _sniffed(opener: Opener) -> str:
    with opener() as stream:
        head = stream.read(_SNIFFED)
    encoding = marked_encoding(head)[0]
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return encoding or "latin-1"
    return encoding or "utf-8"


def _streamed(opener: Opener, encoding: str) -> Iterator[str]:
    with opener() as stream:
        for number, line in enumerate(TextIOWrapper(stream, encoding, "replace", newline="")):
            yield line if number else line.removeprefix("\ufeff")
