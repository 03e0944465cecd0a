"""Bytes as text, whatever their encoding, and text as a table whose columns are found by name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aecore.recommender.profiles.importers.base import MAX_CELL, MAX_ROWS, ImportProblem

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMES = """
name year letterboxduri rating rating10 date const yourrating title titletype movieid imdbid tmdbid userid timestamp genres position url
averagerating
"""
_KNOWN = frozenset(_NAMES.split())


@dataclass(frozen=True)
class Table:
    """A CSV file. columns: small letters without spaces and signs -> place. has_bad_quotes: whether a quote is never closed."""

    file: str
    text: str
    separator: str
    columns: dict[str, int]
    header_row: int = 1
    cells_in_header: int = field(default=0)

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self.columns for name in names)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Row number and cells of every row after the header that is not blank. ImportProblem at one that cannot be read."""
        for number, cells in records(self.file, self.text, self.separator):
            if number > self.header_row:
                yield number, Row(cells, self.columns, self.cells_in_header)


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: list[str]
    columns: dict[str, int]
    cells_in_header: int

    def __getitem__(self, name: str) -> str:
        place = self.columns.get(name, -1)
        return self.cells[place].strip() if 0 <= place < len(self.cells) else ""

    @property
    def problem(self) -> str:
        """Why the cells do not stand under their columns, "" if they do."""
        count = len(self.cells)
        while count > self.cells_in_header and not self.cells[count - 1].strip():
            count -= 1
        if count > self.cells_in_header:
            return f"{count} cells under {self.cells_in_header} columns; a comma inside a title needs quotes around it"
        if len(self.cells) < self.cells_in_header:
            return f"only {len(self.cells)} of {self.cells_in_header} cells; the row is cut off"
        return ""


def as_text(file: str, data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, UTF-32 or Windows-1252. ImportProblem if it is no text."""
    text = _decoded(data)
    strange = len(re.findall(r"[\0-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff]", text[:100_000]))
    if "\0" in text or strange > max(3, len(text[:100_000]) // 50):
        raise ImportProblem(f"{file} is not a text file. Choose the ZIP, CSV or JSON file as it was exported.")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    zeros_first, zeros_second = data[:2000:2].count(0), data[1:2000:2].count(0)
    if max(zeros_first, zeros_second) > len(data[:2000]) // 5:
        return data.decode("utf-16-be" if zeros_first > zeros_second else "utf-16-le", "replace")
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if not bad or sum(each > "\x7f" for each in text) > 2 * bad:
        return text
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def as_table(file: str, text: str) -> Table | None:
    """The table, if its first lines name columns that are known; a Letterboxd list has four lines before them."""
    best: Table | None = None
    for separator in (",", ";", "\t"):
        for number, cells in records(file, text[:20_000], separator, is_whole=False):
            if number > 8:
                break
            columns = {key: place for place, cell in reversed(list(enumerate(cells))) if (key := re.sub(r"[\W_]", "", cell.casefold()))}
            if len(_KNOWN & columns.keys()) >= 2 and (best is None or len(_KNOWN & columns.keys()) > len(_KNOWN & best.columns.keys())):
                best = Table(file, text, separator, columns, number, len(cells))
    return best


def records(file: str, text: str, separator: str, is_whole: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every record that is not blank; a cell may hold line breaks. ImportProblem, unless it is only a beginning."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not is_whole:
                return
            what = f"a cell holds more than {MAX_CELL:,} letters; a quote may be missing" if "field larger" in str(error) else str(error)
            raise ImportProblem(f"{file}, row {number + 1:,}: {what}. Mend this row, or export the file again.") from None
        number += 1
        if number > MAX_ROWS:
            raise ImportProblem(f"{file} has more than {MAX_ROWS:,} rows, the most that can be read. Choose a file of one person's ratings.")
        if any(each.strip() for each in cells):
            yield number, cells
