"""Results that many visitors ask for, computed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """Results by what they follow from, up to so many bytes; those asked for longest ago go first.

    size: the bytes of a result.
    """

    def __init__(self, most: int, size: Callable[[Result], int]) -> None:
        self._most, self._size = most, size
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, of: Hashable, make: Callable[[], Result]) -> Result:
        """The result that follows from `of`, made if there is none yet."""
        with self._lock:
            if of in self._results:
                self._results.move_to_end(of)
                return self._results[of]
        made = make()
        with self._lock:
            if of not in self._results:
                self._results[of] = made
                self._bytes += self._size(made)
            while self._bytes > self._most and self._results:
                _, oldest = self._results.popitem(last=False)
                self._bytes -= self._size(oldest)
        return made

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._results.clear()
            self._bytes = 0
