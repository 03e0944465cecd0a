"""Columns of uploaded tables, each brought to 0..1 by its own lowest and highest number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import MAX_COLUMNS, refuse_too_many

_PIXELS = 64
"""From so many columns on, whole numbers within 0..255 are taken for pixels, which share one scale."""
_NAMED = 8
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Table:
    """x (N, ...) float32 in [0, 1]; for tables also the columns' names and the (low, high) that became 0 and 1."""

    x: np.ndarray
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()


def scale_columns(name: str, values: np.ndarray, columns: tuple[str, ...]) -> Table:
    """The table of finite numbers (N, D) as x (N, D) in [0, 1]. DataError if it has one row or too many columns.

    A column within 0..1 is kept, a constant one becomes 0 or stays if it lies there, any other is scaled.
    """
    refuse_too_many(name, *values.shape)
    refuse_wide(name, len(columns))
    if len(values) < 2:
        raise DataError(f"'{name}' has a single row. Upload at least 3: one each to train on, to validate and to test.")
    low, high = values.min(0).astype(np.float64), values.max(0).astype(np.float64)
    is_kept = (low >= 0) & (high <= 1)
    is_constant = low == high
    if len(columns) >= _PIXELS and low.min() >= 0 and 1 < high.max() <= 255 and _is_whole(values):
        low, high = np.zeros_like(low), np.full_like(high, 255)
        notes: tuple[str, ...] = ("All columns hold whole numbers within 0..255 and were divided by 255.",)
    else:
        notes = _notes(columns, low, high, ~is_kept & ~is_constant)
        low, high = np.where(is_kept, 0, low), np.where(is_kept, 1, high)
    if is_constant.any():
        notes += (f"Always the same, and kept: {_list([columns[i] for i in np.flatnonzero(is_constant)])}.",)
    ranges = tuple(zip(low.tolist(), high.tolist(), strict=True))
    return Table(_scale(values, low, high), notes, columns, ranges)


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


def _is_whole(values: np.ndarray) -> bool:
    return values.dtype.kind in "biu" or bool((values == np.round(values)).all())


def _notes(columns: tuple[str, ...], low: np.ndarray, high: np.ndarray, is_scaled: np.ndarray) -> tuple[str, ...]:
    scaled = np.flatnonzero(is_scaled)
    notes = [f"Column '{columns[i]}' scaled from {low[i]:g}..{high[i]:g} to 0..1." for i in scaled[:_NAMED]]
    if len(scaled) > _NAMED:
        notes.append(f"{len(scaled) - _NAMED:,} more columns scaled in the same way.")
    return tuple(notes)


def _list(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + (f" and {rest:,} more columns" if rest > 0 else "")
