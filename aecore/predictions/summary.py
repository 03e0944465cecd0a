"""What many have guessed, in few numbers."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np

from aecore.predictions.schema import Choice, Form, Guess, Number

FEW = 8
"""Curves that are shown one by one; of more, their middle and how far most of them reach."""

MIDDLE = (10, 50, 90)
"""Percentiles of many curves, at each place."""


@lru_cache(maxsize=64)  # the same for everybody in a room
def summary(form: Form, guesses: tuple[Guess, ...]) -> dict[str, Any]:
    """As JSON: counts of each choice; [value, count] of each number, rising; or low, middle and high of curves."""
    if isinstance(form, Choice):
        return {"counts": [guesses.count(at) for at in range(len(form.answers))]}
    if isinstance(form, Number):
        return {"values": [list(pair) for pair in sorted(Counter(guesses).items())]}
    curves = np.array(guesses, float).reshape(len(guesses), len(form.x))
    if len(curves) <= FEW:
        return {"lines": curves.tolist()}
    low, middle, high = np.percentile(curves, MIDDLE, axis=0).round(4).tolist()
    return {"low": low, "middle": middle, "high": high}
