"""Numbers as tables write them."""

from __future__ import annotations

import re

_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*", re.ASCII)


def as_number(cell: str, has_decimal_comma: bool = False) -> float | None:
    """The number in a cell, also one that is not finite; None if it is none."""
    if "_" in cell:
        return None
    try:
        return float(cell.replace(",", ".") if has_decimal_comma else cell)
    except ValueError:
        return None


def is_number(cell: str) -> bool:
    """Whether a cell holds a number with a decimal point or a decimal comma."""
    return as_number(cell, True) is not None


def has_decimal_comma(cell: str) -> bool:
    """Whether a cell holds a number that only a decimal comma explains, such as "4,5"."""
    return _DECIMAL_COMMA.fullmatch(cell) is not None


def counts_up(cells: list[str]) -> bool:
    """Whether the cells are 0, 1, 2, … or 1, 2, 3, …, as programs number rows and columns."""
    return bool(cells) and cells[0] in ("0", "1") and cells == [str(int(cells[0]) + step) for step in range(len(cells))]
