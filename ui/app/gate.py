"""Few scripts at once: a hundred threads that all want Python's lock would keep everybody waiting.

Each rerun of a page has a thread of its own in Streamlit. Where many want to run, the server's event loop gets Python's
lock too seldom to send what they have shown, and every answer is late. So a rerun waits for its turn, in the order of
asking. Who works for long gives the turn back, and goes on beside the others. The same place in Streamlit knows whether
a rerun was asked for by the visitor or by a part that refreshes itself.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

AT_ONCE = 2
"""Scripts, or fragments, that run at the same time."""

LONGEST = 0.3
"""Seconds after which a script no longer counts: most end within a tenth of that."""

TOLD = 0.15
"""Seconds of waiting after which the browser is told that the page is at work."""

_ticking: ContextVar[bool] = ContextVar("whether this rerun is one of a part that refreshes itself", default=False)
_turn: ContextVar[tuple[Gate, threading.Event] | None] = ContextVar("the turn of this rerun", default=None)
log = logging.getLogger("autoencoder-explorer")


class Gate:
    """Turns for threads, first come first served.

    places: turns at the same time. longest: seconds after which a turn is given on although its thread goes on.
    last: the moment of `time.monotonic` at which a turn was last asked for or given back.
    """

    def __init__(self, places: int = AT_ONCE, longest: float = LONGEST) -> None:
        self._places, self._longest = places, longest
        self.last = -math.inf
        self._lock = threading.Lock()
        self._ends: dict[object, float] = {}
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, late: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Waits for a turn, and gives it back. late: called once if the wait is longer than TOLD seconds."""
        mine = threading.Event()
        self._take(mine, late)
        token = _turn.set((self, mine))
        try:
            yield
        finally:
            _turn.reset(token)
            self._give_back(mine)

    @contextmanager
    def aside(self, mine: threading.Event) -> Iterator[None]:
        """Gives a turn back, and waits for another one at the end."""
        self._give_back(mine)
        try:
            yield
        finally:
            mine.clear()
            self._take(mine, lambda: None)

    def _take(self, mine: threading.Event, late: Callable[[], object]) -> None:
        with self._lock:
            self.last = time.monotonic()
            self._waiting.append(mine)
            self._let_in()
        begin, is_told = time.monotonic(), False
        while not mine.wait(self._until_the_next_end(TOLD if not is_told else self._longest)):
            if not is_told and time.monotonic() - begin >= TOLD:
                is_told = True
                late()
            with self._lock:
                self._let_in()

    def _give_back(self, mine: threading.Event) -> None:
        with self._lock:
            self.last = time.monotonic()
            self._ends.pop(mine, None)
            self._let_in()

    def _until_the_next_end(self, longest: float) -> float:
        with self._lock:
            ends = self._ends.values()
            return max(0.001, min([longest, *(end - time.monotonic() for end in ends)]))

    def _let_in(self) -> None:
        """Gives the free turns to those who have waited longest; to be called under the lock."""
        now = time.monotonic()
        for each in [each for each, end in self._ends.items() if end <= now]:
            del self._ends[each]
        while self._waiting and len(self._ends) < self._places:
            following = self._waiting.popleft()
            self._ends[following] = now + self._longest
            following.set()


def rest(seconds: float) -> None:
    """Lets others work for so long; the current rerun then waits for its turn again."""
    turn = _turn.get()
    if turn is None:
        time.sleep(seconds)
        return
    gate, mine = turn
    with gate.aside(mine):
        time.sleep(seconds)


def is_tick() -> bool:
    """Whether the current rerun was asked for by a part that refreshes itself, and not by the visitor."""
    return _ticking.get()


def install(gate: Gate) -> None:
    """Lets every rerun of a page or of a fragment wait for its turn, and note who asked for it.

    It replaces `ScriptRunner._run_script`, which is no public part of Streamlit; a test says whether it is still there.
    Where a later Streamlit has no such place, the app works without turns, and the log says so.
    """
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

    run = getattr(ScriptRunner, "_run_script", None)
    if run is None or not hasattr(ScriptRunner, "_enqueue_forward_msg"):
        log.warning("this version of Streamlit runs its scripts in another way: many visitors at once will be slow")
        return
    if hasattr(run, "gate"):
        run.gate = gate
        return

    @wraps(run)
    def in_turn(self: Any, rerun_data: Any) -> None:
        def busy() -> None:
            message = ForwardMsg()
            message.session_status_changed.script_is_running = True
            self._enqueue_forward_msg(message)

        with in_turn.gate.turn(busy):  # type: ignore[attr-defined]
            _ticking.set(getattr(rerun_data, "is_auto_rerun", False))
            run(self, rerun_data)

    in_turn.gate = gate  # type: ignore[attr-defined]
    ScriptRunner._run_script = in_turn  # type: ignore[method-assign]
