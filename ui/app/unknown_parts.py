"""What is pressed in a part of a page that this session does not know, or not yet.

A tab that has found its server again, started anew, shows parts that the new session has yet to draw. Streamlit drops
what is pressed there until it has. Here it waits until the part is drawn; where nothing draws it, the whole page runs
with what was pressed. This replaces a private part of Streamlit; where a later version has moved it, the app works as
without, and the log says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from ui.app import streamlit_inside

LOOK, LONGEST = 0.05, 20.0
"""Seconds between two looks whether a part is known, and after which the whole page runs."""

log = logging.getLogger("autoencoder-explorer")


def install() -> None:
    """Lets requests of an unknown part wait for it, unless the part only refreshes itself."""
    if places := streamlit_inside.misfits("unknown parts"):
        log.warning("this version of Streamlit works in another way (%s): what is pressed too early is lost", places)
        return
    from ui.app.streamlit_inside import AppSession

    request = AppSession.request_rerun
    if hasattr(request, "knows_parts"):
        return

    @wraps(request)
    def request_in_order(self: AppSession, client_state: Any) -> None:
        held: deque[Any] = vars(self).setdefault("_held", deque())
        is_press = client_state is not None and not client_state.is_auto_rerun
        if is_press and (held or _is_unknown(self, client_state)):
            held.append(client_state)
            if len(held) == 1:
                _deliver(self, held, request, time.monotonic() + LONGEST)
        else:
            request(self, client_state)

    request_in_order.knows_parts = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_in_order  # type: ignore[method-assign]


def _is_unknown(session: Any, asked: Any) -> bool:
    return bool(asked.fragment_id) and not session.has_fragment(asked.fragment_id)


def _deliver(session: Any, held: deque[Any], request: Callable[[Any, Any], None], end: float) -> None:
    """Passes on what was held, in its order, as far as the parts are known; looks again while the page runs."""
    while held:
        if _is_unknown(session, held[0]):
            if getattr(session, "_scriptrunner", None) is not None and time.monotonic() < end:
                asyncio.get_running_loop().call_later(LOOK, _deliver, session, held, request, end)
                return
            held[0].fragment_id = ""
        request(session, held[0])
        held.popleft()
