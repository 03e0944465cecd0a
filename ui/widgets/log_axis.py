"""Ticks of logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

COARSE, MIDDLE, FINE = (
    (1, 2, 5),
    (1, 1.5, 2, 3, 4, 5, 7),
    (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9),
)
"""Leading digits of the ticks on a logarithmic axis of wide, narrow and very narrow range."""


def log_ticks(values: Sequence[float]) -> list[float]:
    """Ticks of a logarithmic axis from the smallest of these values to the largest,
    all above zero, and some on either side.
    """
    low, high = min(values), max(values)
    digits = COARSE if high > 20 * low else MIDDLE if high > 4 * low else FINE
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    return [float(f"{digit}e{decade}") for decade in decades for digit in digits]
