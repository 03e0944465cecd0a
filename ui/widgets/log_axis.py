"""Ticks of logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

POWERS, COARSE, MIDDLE, FINE = (
    (1,),
    (1, 2, 5),
    (1, 1.5, 2, 3, 4, 5, 7),
    (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9),
)
"""Leading digits of the ticks on a logarithmic axis of very wide, wide, narrow and very narrow range."""


def log_axis(values: Iterable[float]) -> dict[str, Any]:
    """The settings of a logarithmic axis for these values, of which only those above zero count: as many ticks for a
    narrow range as for a wide one, each written out in full, since a bare 2 between 0.1 and 0.01 is read as two.
    """
    ticks = log_ticks([value for value in values if 0 < value < math.inf] or [1e-3, 1.0])
    return {"type": "log", "tickvals": ticks, "ticktext": [written(tick) for tick in ticks]}


def written(tick: float) -> str:
    """A tick in full, '0.002' or '200,000'; below 0.0001 a power of ten in Plotly's HTML."""
    if tick >= 1e-4:
        return f"{tick:,.6f}".rstrip("0").rstrip(".")
    digit, power = f"{tick:.1e}".split("e")
    first = "" if digit == "1.0" else f"{digit.removesuffix('.0')}·"
    return f"{first}10<sup>−{-int(power)}</sup>"


def log_ticks(values: Sequence[float]) -> list[float]:
    """Ticks of a logarithmic axis from the smallest of these values to the largest,
    all above zero, and some on either side.
    """
    low, high = min(values), max(values)
    digits = POWERS if high > 1e5 * low else COARSE if high > 20 * low else MIDDLE if high > 4 * low else FINE
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    return [float(f"{digit}e{decade}") for decade in decades for digit in digits]
