"""Wrong passwords and wrong codes: who has had many of late waits, so that nobody can try them all."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

MOST_WRONG, WRONG_SECONDS = 10, 300.0
"""Wrong ones from one place within so many seconds, after which none from there is looked at."""


class Attempts:
    """Wrong attempts by whoever made them. most: of one; most_of_all: of all together. clock: seconds."""

    def __init__(
        self,
        most: int = MOST_WRONG,
        most_of_all: int = 50 * MOST_WRONG,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._most_of_all, self._clock = most, most_of_all, clock
        self._wrong: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, who: str) -> int:
        """Whole seconds until another attempt of theirs is looked at; 0 if one is now."""
        with self._lock:
            self._forget()
            own = self._wrong.get(who, deque())
            everybodys = sorted(moment for each in self._wrong.values() for moment in each)
            full = [
                times[0] for times, most in ((own, self._most), (everybodys, self._most_of_all)) if len(times) >= most
            ]
            return max(1, round(max(full) + WRONG_SECONDS - self._clock())) if full else 0

    def note(self, who: str) -> None:
        """One more wrong attempt."""
        with self._lock:
            self._forget()
            self._wrong.setdefault(who, deque()).append(self._clock())

    def _forget(self) -> None:
        past = self._clock() - WRONG_SECONDS
        for each, times in list(self._wrong.items()):
            while times and times[0] <= past:
                times.popleft()
            if not times:
                del self._wrong[each]
