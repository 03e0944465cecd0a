"""Decimal signs of a table: a comma or a point, told from thousands separators by all numbers of the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from aecore.readers.delimited import DelimitedText
from aecore.readers.errors import UnreadableError
from aecore.readers.numbers import as_number

_GROUPED = {"point": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", "comma": r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+"}
_QUOTED_COMMA, _COMMA = re.compile(rb'"[ \t]*[+-]?[0-9][0-9.]*,[0-9]'), re.compile(rb",\x00?[0-9]")
"""Without such bytes a file has no comma in a number; between commas, such a number is quoted."""

_OTHER = {"point": ",", "comma": "."}
_SIGN = {"point": ".", "comma": ","}
_NAMES = {"point": "Commas", "comma": "Points"}


@dataclass(frozen=True)
class Decimals:
    """How numbers are read. taken: the decimal sign, "" if cells decide each for itself; is_open: whether it could be
    the other one; number: the number in a cell, None if there is none. note: what was done, "" if that is plain.
    """

    taken: str
    is_open: bool
    number: Callable[[str], float | None]
    note: str = ""


def find_decimals(table: DelimitedText, data: bytes, wanted: str = "auto") -> Decimals:
    """The decimal sign of a table, from all of its cells where they can hold both signs."""
    if not (_QUOTED_COMMA if table.separator == "," else _COMMA).search(data):
        return Decimals("", False, table.number)
    seen = _Seen()
    try:
        for row in table.rows():
            for column, cell in enumerate(row.cells):
                seen.add(column, cell.strip())
    except UnreadableError:  # the error is raised when the rows are read
        return Decimals("", False, table.number)
    found = seen.decimal
    taken = wanted if wanted in _SIGN and seen.is_open else found
    if not taken or (taken == "point" and not seen.is_open and not seen.grouped["point"]):
        return Decimals("", seen.is_open, table.number)
    grouped = seen.grouped[taken]
    is_guess = not seen.surely and seen.is_open
    note = f"{_NAMES[taken]} group thousands: {grouped} was read as {re.sub('[.,]', '', grouped)}." if grouped else ""
    if is_guess and not grouped and (other := seen.grouped[_opposite(taken)]):
        note = f"Commas are decimal signs: {other} was read as {other.replace(',', '.')}."
    return Decimals(taken, seen.is_open, _reader(taken), note)


def _opposite(taken: str) -> str:
    return "comma" if taken == "point" else "point"


def _reader(taken: str) -> Callable[[str], float | None]:
    grouped = re.compile(_GROUPED[taken] + rf"(?:{re.escape(_SIGN[taken])}\d*)?", re.ASCII)

    def number(cell: str) -> float | None:
        if grouped.fullmatch(cell.strip()):
            cell = cell.replace(_OTHER[taken], "")
        return as_number(cell, taken == "comma")

    return number


class _Seen:
    """What the numbers of a table tell of its decimal sign.

    surely: signs that a number proves, as 4,5 proves a decimal comma and 1,234,567 a decimal point. grouped: for each
    decimal sign, the first number whose other sign would group thousands. small, long: columns that hold whole numbers
    of up to three digits, of more; unclear: columns with numbers such as 1,234.
    """

    def __init__(self) -> None:
        self.surely: set[str] = set()
        self.grouped = {"point": "", "comma": ""}
        self.is_open = False
        self.small: set[int] = set()
        self.long: set[int] = set()
        self.unclear: set[int] = set()
        self._once = {each: re.compile(pattern, re.ASCII) for each, pattern in _GROUPED.items()}

    def add(self, column: int, cell: str) -> None:
        """Counts a cell."""
        if "," not in cell and "." not in cell:
            if cell.isascii() and cell.isdigit():
                (self.small if len(cell) <= 3 else self.long).add(column)
            return
        for sign, once in self._once.items():
            if found := once.match(cell):
                rest = cell[found.end() :]
                if rest and not re.fullmatch(rf"{re.escape(_SIGN[sign])}\d*", rest):
                    continue
                self.grouped[sign] = self.grouped[sign] or cell
                if rest or found[0].count(_OTHER[sign]) > 1:
                    self.surely.add(sign)
                else:
                    self.is_open = True
                    self.unclear.add(column)
                return
        if as_number(cell, True) is not None:
            self.surely.add("comma" if "," in cell else "point")

    @property
    def decimal(self) -> str:
        """The decimal sign; a guess where all numbers with a sign have three digits behind it: beside 987 in the same
        column, and no 1234, the comma of 1,234 groups thousands.
        """
        if len(self.surely) == 1:
            return next(iter(self.surely))
        if not self.surely and self.grouped["comma"] and not self.grouped["point"]:
            return "point"
        if self.surely or not self.grouped["point"] or self.grouped["comma"]:
            return ""
        return "point" if self.unclear & self.small and not self.unclear & self.long else "comma"
