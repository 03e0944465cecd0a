"""What a run has just set, and requests that do not know of it yet.

A page that refreshes itself asks for its next run while an answer is still on its way. Such a request carries address
and widgets as they were before that answer, and would take back what the visitor has just chosen, or what a callback
has set because of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui.app.refusals import current_page

ECHO_SECONDS = 2.0
"""How long an older value may still arrive. A visitor who goes back within that time to what they have just left
stays where they are.
"""

_ADDRESS, _WIDGETS = "echo-address", "echo-widgets"
_GONE = object()
"""Stands for a widget that is not on the page."""


@dataclass
class _Change:
    """A value that counts, and those that it has replaced."""

    page: str = ""
    when: float = 0.0
    value: Any = None
    stale: list[Any] = field(default_factory=list)

    @property
    def is_fresh(self) -> bool:
        return self.page == current_page() and time.monotonic() - self.when <= ECHO_SECONDS


def note_written(name: str, before: list[str], now: list[str]) -> None:
    """To be called after the texts of a parameter of the address have been changed."""
    _note(_ADDRESS, name, before, now)


def settle_address(query: Any) -> None:
    """Puts back what this page has just written, where the request of this run does not know of it.

    query: the address, as Streamlit lets a run change it.
    """
    for name, texts in _overtaken(_ADDRESS, query.get_all):
        if texts:
            query[name] = texts[0] if len(texts) == 1 else texts
        else:
            del query[name]


def fill(values: Mapping[str, Any]) -> None:
    """Sets widgets by their keys; for callbacks, and other moments before the widgets are drawn."""
    for key, value in values.items():
        if key in st.session_state:
            _note(_WIDGETS, key, st.session_state[key], value)
        st.session_state[key] = value


def settle_widgets() -> None:
    """Sets what has just been filled in once more, where the request of this run does not know of it; to be called at
    the beginning of a run.
    """
    for key, value in _overtaken(_WIDGETS, lambda key: st.session_state.get(key, _GONE)):
        st.session_state[key] = value


def _note(where: str, name: str, before: Any, now: Any) -> None:
    kept: dict[str, _Change] = st.session_state.setdefault(where, {})
    last = kept.get(name, _Change())
    stale = [*(last.stale if last.is_fresh else []), before]
    kept[name] = _Change(current_page(), time.monotonic(), now, [each for each in stale if each != now])


def _overtaken(where: str, read: Callable[[str], Any]) -> list[tuple[str, Any]]:
    kept: dict[str, _Change] = st.session_state.get(where, {})
    return [(name, each.value) for name, each in kept.items() if each.is_fresh and read(name) in each.stale]
