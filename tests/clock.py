"""A clock whose seconds pass when a test says so."""

from __future__ import annotations


class Clock:
    """In place of `time.time`; `now` is set by the test."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
