"""What is chosen on the Features page: in the address, so that a link brings it back, and in the session, so that a visitor finds it again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def take(name: str, options: Sequence[str], otherwise: str | None, unsaid: str = "", *, context: str = "") -> str:
    """Readies a widget and returns its key: what the address says if it can be had, else what the session knows, else `otherwise`.

    The address then says it too, unless it is `unsaid`: what everybody has who opens the page without any choice.
    context: what the labels of the options depend on. The browser tells a choice by its label, so other labels need another widget.
    """
    key, linked = f"features-{name}{context and '-'}{context}", st.query_params.get(name)
    if linked in options:
        st.session_state[key] = linked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = otherwise
    chosen = st.session_state[key]
    if chosen != linked and chosen not in (None, unsaid):
        st.query_params[name] = chosen
    return key


def put(name: str, key: str, options: Sequence[str]) -> None:
    """Callback of a widget: writes its choice into the address."""
    if st.session_state.get(key) in options:
        st.query_params[name] = st.session_state[key]
