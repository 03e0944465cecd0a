"""Where the current visitor asks from."""

from __future__ import annotations

import streamlit as st

from ui.app.attempts import where_from


def from_where() -> str:
    """The address from which the browser of this page asks, as `where_from` has it."""
    headers = {name.lower(): text for name, text in st.context.headers.to_dict().items()}
    return where_from(st.context.ip_address or "", headers)
