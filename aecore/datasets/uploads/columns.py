"""Columns of uploaded tables, brought to 0..1 together or each by its own lowest and highest number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import MAX_COLUMNS, Choice, refuse_too_many
from aecore.datasets.uploads.scales import find_scale, is_one_scale

_NAMED = 8
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Table:
    """x (N, ...) float32 in [0, 1]; for tables also the columns' names and the (low, high) that became 0 and 1.

    scale: of pictures, what became 0 and 1 in all of them.
    """

    x: np.ndarray
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()
    choices: tuple[Choice, ...] = ()
    scale: tuple[float, float] | None = None


def scale_columns(name: str, values: np.ndarray, columns: tuple[str, ...], wanted: str = "auto") -> Table:
    """The table of finite numbers (N, D) as x (N, D) in [0, 1]. DataError if it has one row or too many columns.

    Pixels share one scale. Else a column within 0..1 is kept, a constant one becomes 0 or stays if it lies there, any
    other is scaled. wanted: the setting `scale`.
    """
    refuse_too_many(name, *values.shape)
    refuse_wide(name, len(columns))
    if len(values) < 2:
        raise DataError(f"'{name}' has a single row. Upload at least 3: one each to train on, to validate and to test.")
    low, high = values.min(0).astype(np.float64), values.max(0).astype(np.float64)
    is_constant = low == high
    shared = find_scale(values, wanted)
    is_shared = wanted == shared.taken or (wanted == "auto" and is_one_scale(values, low, high))
    if is_shared:
        notes: tuple[str, ...] = (f"All columns share one scale. {shared.note}",)
        low, high = np.full_like(low, shared.low), np.full_like(high, shared.high)
    else:
        is_kept = (low >= 0) & (high <= 1)
        notes = _notes(columns, low, high, ~is_kept & ~is_constant)
        low, high = np.where(is_kept, 0, low), np.where(is_kept, 1, high)
    if is_constant.any():
        notes += (f"Always the same, and kept: {_list([columns[i] for i in np.flatnonzero(is_constant)])}.",)
    ranges = tuple(zip(low.tolist(), high.tolist(), strict=True))
    choice = Choice("scale", ("columns", *shared.options), shared.taken if is_shared else "columns")
    return Table(_scale(values, low, high), notes, columns, ranges, (choice,) if len(columns) > 1 else ())


def refuse_wide(name: str, columns: int) -> None:
    """DataError if there are more columns than can be read."""
    if columns > MAX_COLUMNS:
        raise DataError(f"'{name}' has {columns:,} columns; at most {MAX_COLUMNS:,} can be read. Remove some.")


def _scale(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    x = np.empty(values.shape, dtype=np.float32)
    step = max(1, _BLOCK // values.shape[1])
    with np.errstate(over="ignore"):
        half = np.where(np.isfinite(high - low), 1.0, 0.5)  # the width of -1e308..1e308 exceeds all floats
    width = high * half - low * half
    width[width == 0] = 1
    for start in range(0, len(values), step):
        block = values[start : start + step].astype(np.float64)
        x[start : start + step] = ((block * half - low * half) / width).clip(0, 1)
    return x


def _notes(columns: tuple[str, ...], low: np.ndarray, high: np.ndarray, is_scaled: np.ndarray) -> tuple[str, ...]:
    scaled = np.flatnonzero(is_scaled)
    notes = [f"Column '{columns[i]}' scaled from {low[i]:g}..{high[i]:g} to 0..1." for i in scaled[:_NAMED]]
    if len(scaled) > _NAMED:
        notes.append(f"{len(scaled) - _NAMED:,} more columns scaled in the same way.")
    return tuple(notes)


def _list(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + (f" and {rest:,} more columns" if rest > 0 else "")
