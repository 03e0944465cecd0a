"""What the pages keep for a visitor's tab."""

from __future__ import annotations

from typing import Any

import streamlit as st


def table_of(key: str) -> dict[str, Any]:
    """The table under this key of the session, an empty one at first. It is made when it is first asked for: looking
    for what a session does not have takes Streamlit ten times longer.
    """
    try:
        found: dict[str, Any] = st.session_state[key]
    except KeyError:
        found = st.session_state[key] = {}
    return found
