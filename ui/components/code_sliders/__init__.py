"""A slider for each number of a code, and the decoded picture;
the server decodes for the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ui.components.mount import mount
from ui.components.walking import Example, Neighbourhood, as_text, packed, said_in

_mount = mount("code-sliders")


@dataclass(frozen=True)
class Number:
    """One number of the code, counted from 0: the ends of its slider, its value and mean,
    its share of the total variance.
    """

    index: int
    low: float
    high: float
    value: float
    mean: float
    share: float


@dataclass(frozen=True)
class Rack:
    """All sliders. revision: a change starts over; start: (Z,) the initial code."""

    revision: str
    start: np.ndarray
    numbers: tuple[Number, ...]
    example: Example
    around: Neighbourhood


def code_sliders(rack: Rack, key: str, on_keep: Callable[[], None]) -> None:
    """Shows the sliders. `on_keep` runs when one is released; `kept` then returns the values."""
    data = packed(rack.revision, rack.example, rack.around) | {
        "start": as_text(rack.start), "numbers": [asdict(number) for number in rack.numbers],
    }  # fmt: skip
    _mount(key=key, data=data, default={"kept": None}, on_kept_change=on_keep)


def kept(key: str, rack: Rack) -> dict[int, float]:
    """Number (from 0) -> value of those that differ from the start."""
    said: Any = said_in(key, rack.revision).get("numbers", [])
    known = {number.index for number in rack.numbers}
    pairs = [pair for pair in said if isinstance(pair, (list, tuple)) and len(pair) == 2]
    return {int(index): float(value) for index, value in pairs if index in known and np.isfinite(value)}
