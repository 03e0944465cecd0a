"""What a run has written into the address, and requests that do not know of it yet.

A page that refreshes itself asks for its next run while an answer is still on its way. Such a request carries the
address as it was before the answer, and would take back what the visitor has just chosen.
"""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from ui.app.refusals import current_page

ECHO_SECONDS = 2.0
"""How long an older text may still arrive. A visitor who goes back within that time to what they have just left
stays where they are.
"""

_KEPT = "address-written"

Texts = list[str]


def note_written(name: str, before: Texts, now: Texts) -> None:
    """To be called after the texts of a parameter have been changed."""
    kept = st.session_state.setdefault(_KEPT, {})
    page, stale, _, when = kept.get(name, ("", [], [], 0.0))
    if page != current_page() or time.monotonic() - when > ECHO_SECONDS:
        stale = []
    kept[name] = (current_page(), [each for each in [*stale, before] if each != now], now, time.monotonic())


def settle(query: Any) -> None:
    """Puts back what this page has just written, where the request of this run does not know of it.

    query: `st.query_params`.
    """
    kept, now = st.session_state.get(_KEPT, {}), time.monotonic()
    for name, (page, stale, written, when) in kept.items():
        if page != current_page() or now - when > ECHO_SECONDS or query.get_all(name) not in stale:
            continue
        if written:
            query[name] = written[0] if len(written) == 1 else written
        else:
            del query[name]
