"""Garbage is collected in small bites: a hundred visitors would notice a whole collection.

Python stops every thread while it looks for objects that only refer to each other. It looks through all that is alive,
which takes a fifth of a second with a hundred visitors, and it would do so every ten seconds. Here a thread looks
through what has been made since its last look, and then leaves that alone (`gc.freeze`); what is let go without such
circles is freed at once, as always. It looks through everything while nobody asks for anything, and at the latest
after two minutes.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

BITE_SECONDS = 4.0
"""Between two looks through what is new."""

WHOLE_SECONDS = 120.0
"""After which everything is looked through although visitors are at work."""

QUIET_SECONDS = 3.0
"""Without a rerun, after which nobody is held up by a look through everything."""

NEVER = 2**30
"""Collections of the middle generation until Python looks through everything by itself."""


class Collector:
    """When to look through what.

    last_rerun: the moment of the last rerun on the clock `now`, which counts seconds.
    """

    def __init__(self, last_rerun: Callable[[], float], now: Callable[[], float] = time.monotonic) -> None:
        self._last_rerun, self._now = last_rerun, now
        self._whole_at = now()
        self._usual = gc.get_threshold()

    def begin(self) -> None:
        """From now on Python does not look through everything by itself."""
        self._usual = gc.get_threshold()
        gc.set_threshold(*self._usual[:2], NEVER)
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """Leaves the rest to Python again."""
        gc.unfreeze()
        gc.set_threshold(*self._usual)

    def step(self) -> str:
        """Looks through everything or through what is new, and says which: "whole" or "bite"."""
        now, asked = self._now(), self._last_rerun()
        is_quiet = now - asked >= QUIET_SECONDS and asked > self._whole_at
        is_whole = is_quiet or now - self._whole_at >= WHOLE_SECONDS
        if is_whole:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if is_whole:
            self._whole_at = self._now()
        return "whole" if is_whole else "bite"


def start(last_rerun: Callable[[], float]) -> Callable[[], None]:
    """Collects in a thread from now on; returns what ends it. last_rerun: as of `Collector`."""
    collector, ended = Collector(last_rerun), threading.Event()
    collector.begin()

    def go_on() -> None:
        while not ended.wait(BITE_SECONDS):
            collector.step()

    threading.Thread(target=go_on, name="collector", daemon=True).start()

    def end() -> None:
        ended.set()
        collector.end()

    return end
