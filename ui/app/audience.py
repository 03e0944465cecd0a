"""How many watch the same, and how often it is refreshed for them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable

SHARE = 0.04
"""Seconds of the server that one refresh of one watcher may take, with room for everybody else."""

SHARE_SHOWN = 0.01
"""The same of a part that is drawn for one of them and shown to all, which takes a fifth of that."""

SLACK = {SHARE: 2.0, SHARE_SHOWN: 3.0}
"""How many times longer or shorter than it should be an interval may be before it is changed."""

GONE = 3.0
"""Intervals without a refresh after which somebody no longer counts."""


class Audience:
    """Those who watch something that refreshes itself. clock: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until: defaultdict[Hashable, dict[str, float]] = defaultdict(dict)

    def interval(
        self, what: Hashable, who: str, shortest: float, now: float | None = None, share: float = SHARE
    ) -> float:
        """Seconds until `who` should next ask for `what`: the shortest, or longer where many watch.

        now: the interval at present, which stays unless it is far off: another one needs a rerun of the whole page,
        which costs as much as many refreshes. share: SHARE or SHARE_SHOWN.
        """
        with self._lock:
            moment = self._clock()
            self._forget(moment)
            watching = self._until[what]
            best = max(shortest, share * len(watching.keys() | {who}))
            chosen = now if now and best / SLACK[share] <= now <= SLACK[share] * best else best
            watching[who] = moment + GONE * max(chosen, 1.0)
            return chosen

    def _forget(self, moment: float) -> None:
        for what, watching in list(self._until.items()):
            for each in [each for each, until in watching.items() if until < moment]:
                del watching[each]
            if not watching:
                del self._until[what]
