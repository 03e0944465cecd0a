"""Decodes files to text, and parses text into tables whose columns are found by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aecore.datasets.uploads.base import shown
from aecore.readers.delimited import DelimitedText, Limits, read_delimited
from aecore.readers.encoding import decode
from aecore.readers.errors import UnreadableError
from aecore.readers.layout import Expected
from aecore.readers.structure import plain_name
from aecore.recommender.profiles.importers.base import LIMITS, ImportProblem

_NAMES = """
name year letterboxduri rating rating10 date const yourrating myrating title titletype movieid imdbid tmdbid userid
timestamp genres position url averagerating
"""
_KNOWN = frozenset(_NAMES.split())


@dataclass(frozen=True)
class Table:
    """A table with known columns. columns: name in lower case without spaces and punctuation -> position."""

    file: str
    content: DelimitedText
    columns: dict[str, int]

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self.columns for name in names)

    def written(self, name: str) -> str:
        """The name of a column as the file writes it."""
        return shown((self.content.header or ())[self.columns[name]])

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yields the number, as in a spreadsheet, and the cells of every row after the header.

        ImportProblem at a row that cannot be read.
        """
        try:
            for number, _, cells in self.content.rows():
                yield number, Row(cells, self.columns, self.content.width)
        except UnreadableError as problem:
            raise ImportProblem(str(problem)) from None


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: list[str]
    columns: dict[str, int]
    width: int

    def __getitem__(self, name: str) -> str:
        place = self.columns.get(name, -1)
        return self.cells[place].strip() if 0 <= place < len(self.cells) else ""

    @property
    def problem(self) -> str:
        """Why the row does not match the header, "" if it does."""
        count = len(self.cells)
        if count > self.width:
            return f"{count} cells under {self.width} columns; a comma inside a title needs quotes around it"
        return f"only {count} of {self.width} cells; the row is cut off" if count < self.width else ""


def as_text(file: str, data: bytes) -> str:
    """Decodes a file in any usual encoding. ImportProblem if it is not text."""
    try:
        return decode(file, data).text
    except UnreadableError as refusal:
        raise ImportProblem(f"{file} {refusal.problem}. Choose the ZIP, CSV or JSON file as it was exported.") from None


def as_table(file: str, text: str) -> Table | None:
    """Parses a table whose first lines hold a header with known columns (a Letterboxd list has four lines before it);
    None if there is no such header.
    """
    try:
        content = read_delimited(file, text, Expected(_KNOWN, is_patient=True), Limits(rows=LIMITS.rows))
    except UnreadableError as problem:
        raise ImportProblem(str(problem)) from None
    names = [plain_name(cell) for cell in content.header or ()]
    columns = {name: place for place, name in reversed(list(enumerate(names))) if name}
    return Table(file, content, columns) if len(_KNOWN & columns.keys()) > 1 else None
