"""Waiting for something to become true, with an end: no test sleeps for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 90.0
"""Seconds that anything may take on a busy machine; what is there at once is seen at once."""
TRAINING = 5 * PATIENCE
"""Seconds that a whole training may take there, with everything else in its way."""


def until(condition: Callable[[], T], what: str, *, seconds: float = PATIENCE, every: float = 0.1) -> T:
    """The first true value of `condition`; AssertionError that says `what` did not happen, and what was seen last."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what} (last seen: {value!r})")
        time.sleep(every)
    return value
