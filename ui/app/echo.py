"""Protects what a run has just set from requests that do not know of it yet.

A page that refreshes itself requests its next run while a response is still on its way. Such a request carries the
address and widgets of before that response, and would undo what the visitor has just chosen, or what a callback has
set because of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui.app.gate import is_tick
from ui.app.refusals import current_page
from ui.app.session import table_of

ECHO_SECONDS = 2.0
"""How long an older value may still arrive. A visitor who returns to the older value within that time
keeps the newer one.
"""

TICK_SECONDS = 60.0
"""How long an older address may still arrive with a request of a part that refreshes itself. A busy browser sends many
of these before it hears of an answer, and no visitor has chosen what they carry.
"""

_ADDRESS, _WIDGETS = "echo-address", "echo-widgets"
_GONE = object()
"""Stands for a widget that is not on the page."""


@dataclass
class _Change:
    """The valid value, and those that it has replaced."""

    page: str = ""
    when: float = 0.0
    value: Any = None
    stale: list[Any] = field(default_factory=list)

    def is_of_last(self, seconds: float) -> bool:
        """Whether it is a change of this page, and not older."""
        return self.page == current_page() and time.monotonic() - self.when <= seconds


def note_written(name: str, before: list[str], now: list[str]) -> None:
    """Notes a change of a parameter of the address; to be called after it."""
    _note(_ADDRESS, name, before, now)


def settle_address(query: Any) -> None:
    """Restores what this page has just written, where the request of this run does not know of it.

    query: the address, as Streamlit's mutable mapping.
    """
    for name, texts in _overtaken(_ADDRESS, query.get_all):
        if texts:
            query[name] = texts[0] if len(texts) == 1 else texts
        else:
            del query[name]


def fill(values: Mapping[str, Any]) -> None:
    """Sets widgets by their keys, in callbacks or otherwise before the widgets are drawn."""
    for key, value in values.items():
        if key in st.session_state:
            _note(_WIDGETS, key, st.session_state[key], value)
        st.session_state[key] = value


def settle_widgets() -> bool:
    """Sets again what has just been filled in, where the request of this run does not know of it; to be called at
    the beginning of a run. Whether there was any such.
    """
    overtaken = _overtaken(_WIDGETS, lambda key: st.session_state.get(key, _GONE))
    for key, value in overtaken:
        st.session_state[key] = value
    return bool(overtaken)


def _note(where: str, name: str, before: Any, now: Any) -> None:
    kept = _kept(where)
    last = kept.get(name, _Change())
    stale = [*(last.stale if last.is_of_last(TICK_SECONDS if where == _ADDRESS else ECHO_SECONDS) else []), before]
    kept[name] = _Change(current_page(), time.monotonic(), now, [each for each in stale if each != now])


def _kept(where: str) -> dict[str, _Change]:
    found: dict[str, _Change] = table_of(where)
    return found


def _overtaken(where: str, read: Callable[[str], Any]) -> list[tuple[str, Any]]:
    if not (kept := _kept(where)):
        return []
    page = current_page()
    older = {name: each for name, each in kept.items() if each.page == page and read(name) in each.stale}
    if not older:
        return []
    by_itself = where == _ADDRESS and is_tick()
    echoes = {
        name: each for name, each in older.items() if each.is_of_last(TICK_SECONDS if by_itself else ECHO_SECONDS)
    }
    if not by_itself:
        for name in older.keys() - echoes.keys():
            del kept[name]  # the visitor has gone back to it
    return [(name, each.value) for name, each in echoes.items()]
