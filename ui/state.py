"""What lives in the address beyond the widgets that write themselves there."""

from __future__ import annotations

import streamlit as st


def query_number(name: str, *, most: int, otherwise: int = 0) -> int:
    """A whole number from the address, between 0 and `most`; anything else there counts as `otherwise`."""
    text = st.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) <= most else otherwise
