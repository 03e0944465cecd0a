"""What the words page keeps in its address beyond its settings: texts, view, way, word; and how a choice is readied."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

OWN = "own"
"""In place of the key of some texts: the visitor is about to bring some."""


def take(name: str, options: Sequence[str], otherwise: str) -> str:
    """Readies a widget and returns its key: it shows what the address says, else what was chosen last, else `otherwise`."""
    key, linked = f"words-{name}", st.query_params.get(name)
    last = st.session_state.get(f"{key}-last")
    wanted = linked if linked in options else last if last in options else otherwise
    if st.session_state.get(key) != wanted:  # a value that is set again takes back a click that is on its way
        st.session_state[key] = wanted
    return key


def put(name: str) -> None:
    """Callback of a widget: writes its choice into the address."""
    chosen = st.session_state.get(f"words-{name}")
    if chosen is not None:
        go(name, chosen)


def go(name: str, value: str) -> None:
    """Puts a choice into the address, from where the widget takes it."""
    st.query_params[name] = value
    st.session_state[f"words-{name}-last"] = value
