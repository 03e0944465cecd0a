"""What somebody has done of late: who has done it often waits, so that nobody tries every password or floods a room."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping


class Attempts:
    """Moments at which each has done something. most: of one, most_of_all: of all together, within `seconds`.

    clock: seconds.
    """

    def __init__(
        self, most: int, most_of_all: int, seconds: float = 300.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._most_of_all, self._seconds, self._clock = most, most_of_all, seconds, clock
        self._done: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self, who: str) -> int:
        """Whole seconds until another one of theirs is looked at; 0 if it is now."""
        with self._lock:
            self._forget()
            own = self._done.get(who, deque())
            limits = ((own, self._most), (self._all, self._most_of_all))
            full = [times[-most] for times, most in limits if len(times) >= most]
            return max(1, round(max(full) + self._seconds - self._clock())) if full else 0

    def note(self, who: str) -> None:
        """They have done it once more."""
        with self._lock:
            self._forget()
            self._done.setdefault(who, deque()).append(self._clock())
            self._all.append(self._clock())

    def _forget(self) -> None:
        past = self._clock() - self._seconds
        if not self._all or self._all[0] > past:
            return
        for each, times in [(None, self._all), *self._done.items()]:
            while times and times[0] <= past:
                times.popleft()
            if each is not None and not times:
                del self._done[each]


def where_from(peer: str, headers: Mapping[str, str]) -> str:
    """The address that asks; behind a proxy of this machine, the one that the proxy names: others may say anything.

    peer: the address of the connection, "" for this machine. headers: with names in small letters.
    """
    forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    is_here = not peer or peer == "::1" or peer.startswith("127.")
    return forwarded if forwarded and is_here else peer
