"""Which numbers of an upload become 0 and 1, found from all of them and never from their type alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets.uploads.base import Choice

_BYTE = 255
_BRIGHT = 128
"""Whole numbers that stay below this were not made for 0..255: pictures of 0..16 would be nearly black."""

_COLUMNS = 9
_SHARE = 0.25
"""Fewest columns that share a scale, and the share of varying columns that reach half of the highest value."""


@dataclass(frozen=True)
class Scale:
    """The numbers low and high, which become 0 and 1. taken: the setting that gives them; options: valid settings."""

    low: float
    high: float
    note: str
    taken: str
    options: tuple[str, ...]

    @property
    def choice(self) -> Choice:
        """The alternatives."""
        return Choice("scale", self.options, self.taken)


def find_scale(values: np.ndarray, wanted: str) -> Scale:
    """The scale that all numbers of an array share; a wanted one counts if it is possible for them."""
    low, high = float(values.min()), float(values.max())
    options = _options(low, high)
    taken = wanted if wanted in options else _guess(values, low, high)
    return Scale(*_ends(taken, low, high), _note(taken, low, high), taken, options)


def is_one_scale(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    """Whether the columns (N, D) look like pixels: whole numbers within 0..255 of which many columns reach as high.

    low and high: of each column.
    """
    highest = high.max()
    if len(high) < _COLUMNS or low.min() < 0 or not 1 < highest <= _BYTE or not is_whole(values):
        return False
    varies = high > low
    return bool(varies.any() and (high[varies] >= highest / 2).mean() >= _SHARE)


def is_whole(values: np.ndarray) -> bool:
    """Whether all numbers are whole."""
    return values.dtype.kind in "biu" or bool((values == np.round(values)).all())


def _guess(values: np.ndarray, low: float, high: float) -> str:
    if low >= 0 and high <= 1:
        return "kept"
    if low >= 0 and high <= _BYTE and (high >= _BRIGHT or is_whole(values)):
        return "bytes" if high >= _BRIGHT else "highest"
    return "range"


def _options(low: float, high: float) -> tuple[str, ...]:
    possible = {
        "kept": low >= 0 and high <= 1,
        "bytes": low >= 0 and high <= _BYTE,
        "highest": low >= 0 and high > 0,
        "range": True,
    }
    return tuple(name for name, is_possible in possible.items() if is_possible)


def _ends(taken: str, low: float, high: float) -> tuple[float, float]:
    if taken == "kept":
        return 0.0, 1.0
    if taken == "bytes":
        return 0.0, float(_BYTE)
    if taken == "highest":
        return 0.0, high
    return low, high if high > low else low + max(1.0, abs(low))


def _note(taken: str, low: float, high: float) -> str:
    if taken == "kept":
        return "The numbers lie between 0 and 1 and were kept."
    if taken == "bytes":
        return "The numbers lie between 0 and 255 and were divided by 255."
    if taken == "highest":
        return f"The numbers go from {low:g} to {high:g} and were divided by {high:g}: the highest became 1."
    if low == high:
        return f"All numbers are {low:g}, which became 0."
    return f"The numbers were scaled from {low:g}..{high:g} to 0..1."
