"""Structure of a table: whether the first row names the columns,
and whether the first column only counts the rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from aecore.readers.numbers import as_number, counts_up, is_number

_UNNAMED = re.compile(r"(unnamed: ?\d+)?", re.IGNORECASE)
_ROW_NAMES = ("index", "row", "rownumber", "rowid", "rowname", "rownames", "rownum", "lfdnr", "nr", "no")
_PREAMBLE = 8
"""Rows searched for a line of names; exports put their own title above it."""


def plain_name(cell: str) -> str:
    """A column's name without spaces and signs, in small letters: "User ID" and "user_id" are the same."""
    return re.sub(r"[\W_]", "", cell.casefold())


def find_names(rows: Sequence[list[str]], known: Collection[str]) -> tuple[int, int]:
    """Which of the first rows holds the most known names, and how many; 0 and 0 if none does."""
    counts = [len({plain_name(cell) for cell in row} & set(known)) for row in rows[:_PREAMBLE]]
    best = max(counts, default=0)
    return (counts.index(best), best) if best else (0, 0)


def is_line_of_names(first: list[str], below: Sequence[list[str]], known: Collection[str] = ()) -> bool:
    """Whether the first row names the columns: known names, words above numbers, numbered columns,
    or words found nowhere below.
    """
    cells = [cell.strip() for cell in first]
    columns = list(zip(*[row for row in below if len(row) == len(first)], strict=True))
    is_known = any(plain_name(cell) in known for cell in cells)
    if any(map(is_number, cells)):
        return _numbers_columns(cells, below, known) or (is_known and _is_nowhere_below(cells, columns, known))
    if is_known or not columns:
        return True
    if any(all(map(is_number, column)) for column in columns):
        return True
    seen = [{cell.strip().lower() for cell in column} for column in columns]
    is_new = not any(cell.lower() in column for cell, column in zip(cells, seen, strict=True))
    return len(columns[0]) > 1 and is_new and all(cell and " " not in cell for cell in cells)


def _numbers_columns(cells: list[str], below: Sequence[list[str]], known: Collection[str]) -> bool:
    """Whether columns are numbered 0, 1, 2, …, as pandas does, with or without a name for the
    row's number or the label.
    """
    numbers = [cell for cell in cells if plain_name(cell) not in known and not _UNNAMED.fullmatch(cell)]
    if len(numbers) < len(cells) and len(cells) - len(numbers) < 3 and counts_up(numbers):
        return True
    is_ramp = bool(below) and _rises_by_one(below[0])
    return len(cells) > 2 and counts_up(cells) and bool(below) and not is_ramp


def _rises_by_one(cells: list[str]) -> bool:
    numbers = [as_number(cell) for cell in cells]
    steps = zip(numbers, numbers[1:], strict=False)
    return all(one is not None and two is not None and two - one == 1 for one, two in steps)


def _is_nowhere_below(cells: list[str], columns: Sequence[tuple[str, ...]], known: Collection[str]) -> bool:
    """Whether the known names among the cells are no values of their columns."""
    seen = [{cell.strip().lower() for cell in column} for column in columns]
    return bool(seen) and not any(
        plain_name(cell) in known and cell.lower() in column for cell, column in zip(cells, seen, strict=True)
    )


def counts_rows(name: str | None, column: Sequence[str]) -> bool:
    """Whether a first column holds the rows' numbers: unnamed or called "Unnamed:
    0" as pandas does, or counting under such a name.
    """
    cells = [cell.strip() for cell in column]
    if name is None or len(cells) < 2:
        return False
    if _UNNAMED.fullmatch(name.strip()):
        return all(re.fullmatch(r"[0-9]{1,9}", cell) for cell in cells) and len(set(cells)) == len(cells)
    return (name.strip() == "#" or plain_name(name) in _ROW_NAMES) and counts_up(cells)
