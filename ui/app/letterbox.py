"""Many small things handed over as one: what scripts say to the event loop, and what is written to a browser."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger("autoencoder-explorer")

GATHERED = 0.02
"""Seconds for which a script's messages are gathered while it goes on; when it ends they go at once."""


class Letterbox:
    """Hands what threads put in to a loop, in that order and with one waking for many.

    call_soon: schedules a call on the loop. deliver: takes one item, on the loop. call_later: schedules a call in so
    many seconds; it is called on the loop.
    """

    def __init__(
        self,
        call_soon: Callable[[Callable[[], None]], object],
        deliver: Callable[[Any], None],
        call_later: Callable[[float, Callable[[], None]], Any] | None = None,
    ) -> None:
        self._call_soon, self._deliver, self._call_later = call_soon, deliver, call_later
        self._lock = threading.Lock()
        self._items: list[Any] = []
        self._is_called = False
        self._timer: Any = None

    def put(self, item: Any, *, has_time: bool = False) -> None:
        """Another item; the loop is woken unless it has been. has_time: it may wait for others, GATHERED seconds."""
        has_time = has_time and self._call_later is not None
        with self._lock:
            self._items.append(item)
            is_told = self._is_called or (has_time and len(self._items) > 1)
            self._is_called |= not has_time
        if not is_told:
            self._call_soon(self._wait if has_time else self.empty)

    def empty(self) -> None:
        """Delivers what is in it now; to be called on the loop."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        with self._lock:
            items, self._items, self._is_called = self._items, [], False
        for item in items:
            try:
                self._deliver(item)
            except Exception:  # one event is no reason to lose the others, which had callbacks of their own before
                log.exception("an event of a script could not be delivered")

    def _wait(self) -> None:
        if self._items and not self._is_called and not self._timer and self._call_later:
            self._timer = self._call_later(GATHERED, self.empty)


class Corked:
    """A connection that sends in one piece what is written to it in one turn of the loop."""

    def __init__(self, transport: Any, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._transport, self._call_soon = transport, call_soon
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Takes another piece."""
        self._pieces.append(data)
        if len(self._pieces) == 1:
            self._call_soon(self._send)

    def close(self) -> None:
        """Closes the connection once everything is sent."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._pieces:
            data = b"".join(self._pieces)
            self._pieces.clear()
            self._transport.write(data)
