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
from typing import TYPE_CHECKING, Any

from ui.app import streamlit_inside

if TYPE_CHECKING:
    from ui.app.streamlit_inside import ForwardMsg

AT_ONCE = 2
"""Scripts, or fragments, that run at the same time."""

LONGEST = 0.3
"""Seconds after which a script no longer counts: most end within a tenth of that."""

TOLD = 0.15
"""Seconds of waiting after which the browser is told that the page is at work."""

FULL = 2.0
"""Seconds of waiting after which a visitor is told why: others are being answered."""

BUSY = "This server is busy. It answers others first, then you."
BUSY_SECONDS = 6

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
    def turn(
        self, late: Callable[[], object] = lambda: None, full: Callable[[], object] = lambda: None
    ) -> Iterator[None]:
        """Waits for a turn, and gives it back.

        late, full: called once each if the wait is longer than TOLD and FULL seconds.
        """
        mine = threading.Event()
        self._take(mine, (TOLD, late), (FULL, full))
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
            self._take(mine)

    def _take(self, mine: threading.Event, *notices: tuple[float, Callable[[], object]]) -> None:
        """Waits for a turn. notices: what is called after so many seconds, in this order."""
        with self._lock:
            self.last = time.monotonic()
            self._waiting.append(mine)
            self._let_in()
        begin, due = time.monotonic(), deque(notices)
        while not mine.wait(self._until_the_next_end(self._longest, due[0][0] + begin if due else math.inf)):
            while due and time.monotonic() - begin >= due[0][0]:
                due.popleft()[1]()
            with self._lock:
                self._let_in()

    def _give_back(self, mine: threading.Event) -> None:
        with self._lock:
            self.last = time.monotonic()
            self._ends.pop(mine, None)
            self._let_in()

    def _until_the_next_end(self, longest: float, notice: float) -> float:
        """Seconds to wait: until a turn ends, or a notice is due."""
        with self._lock:
            ends = [notice, *self._ends.values()]
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

    It replaces `ScriptRunner._run_script`, see `streamlit_inside`.
    """
    if places := streamlit_inside.misfits("gate"):
        log.warning(
            "this version of Streamlit runs its scripts in another way (%s): many visitors at once will be slow", places
        )
        return
    from ui.app.streamlit_inside import ForwardMsg, ScriptRunner

    run: Any = ScriptRunner._run_script
    if hasattr(run, "gate"):
        run.gate = gate
        return

    @wraps(run)
    def in_turn(self: Any, rerun_data: Any) -> None:
        def busy() -> None:
            message = ForwardMsg()
            message.session_status_changed.script_is_running = True
            self._enqueue_forward_msg(message)

        def full() -> None:
            if not is_auto:  # what refreshes itself is late, and nobody waits for it
                self._enqueue_forward_msg(_busy_message())

        is_auto = getattr(rerun_data, "is_auto_rerun", False)
        with in_turn.gate.turn(busy, full):  # type: ignore[attr-defined]
            _ticking.set(is_auto)
            run(self, rerun_data)

    in_turn.gate = gate  # type: ignore[attr-defined]
    ScriptRunner._run_script = in_turn  # type: ignore[method-assign]


def _busy_message() -> ForwardMsg:
    """A notice among those of `st.toast`, which screen readers tell; it goes by itself."""
    from ui.app.streamlit_inside import ForwardMsg, RootContainer

    message = ForwardMsg()
    message.metadata.delta_path[:] = [RootContainer.EVENT, 0]
    notice = message.delta.new_element.toast
    notice.body, notice.icon, notice.duration = BUSY, ":material/hourglass_top:", BUSY_SECONDS
    return message
