"""The axes of parallel coordinates: each turns a value into a height from 0 to 1, and says where its ticks are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecore.experiment.sweep_searches import Range, Search
from aecore.settings import Knob
from ui.widgets.forms import as_text, word
from ui.widgets.log_axis import log_ticks, written

MARGIN = 0.04
"""Of an axis above its highest and below its lowest value."""

MOST_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """One axis. values: in their order, where each has a place of its own; else numbers from low to high."""

    title: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    is_log: bool = False

    def height(self, value: Any) -> float:
        """Where a value stands."""
        if self.values:
            count = len(self.values)
            share = self.values.index(value) / (count - 1) if count > 1 and value in self.values else 0.5
        elif self.low == self.high:
            share = 0.5
        else:
            low, high, at = (math.log(each) if self.is_log else each for each in (self.low, self.high, value))
            share = (at - low) / (high - low)
        return MARGIN + (1 - 2 * MARGIN) * min(1.0, max(0.0, share))

    def ticks(self) -> list[tuple[float, str]]:
        """Height and text of each tick."""
        if self.values:
            every = math.ceil(len(self.values) / (2 * MOST_TICKS))
            return [(self.height(value), said(value)) for value in self.values[::every]]
        if self.is_log:
            inside = [tick for tick in log_ticks([self.low, self.high]) if self.low <= tick <= self.high]
            if len(inside) < 2:
                return [(self.height(end), f"{end:.3g}") for end in dict.fromkeys((self.low, self.high))]
            every = math.ceil(len(inside) / MOST_TICKS)
            return [(self.height(tick), written(tick)) for tick in inside[::every]]
        step = (self.high - self.low) / 4
        return [(self.height(self.low + part * step), f"{self.low + part * step:.3g}") for part in range(5)]


def axis_of(knob: Knob, search: Search) -> Axis:
    """The axis of a searched setting; single values stand evenly, in their order if they have one."""
    if isinstance(search, Range):
        return Axis(knob.label, low=search.low, high=search.high, is_log=search.is_log)
    is_number = knob.kind in (int, float)
    return Axis(knob.label, tuple(sorted(search.values)) if is_number else search.values)


def error_axis(errors: Sequence[float]) -> Axis:
    """The axis of validation errors, logarithmic where it can be."""
    low, high = min(errors), max(errors)
    return Axis("Validation error", low=low, high=high, is_log=low > 0)


def said(value: Any) -> str:
    """A value in words, as in the form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return as_text(value) or "none"
    return f"{value:g}" if isinstance(value, int | float) else word(value)
