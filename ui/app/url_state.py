"""What lives in the address beyond the widgets that write themselves there."""

from __future__ import annotations

import streamlit as st

NETWORKS = "networks"


def query_number(name: str, *, most: int, otherwise: int = 0) -> int:
    """A whole number from the address, between 0 and `most`; anything else there counts as `otherwise`."""
    text = st.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) <= most else otherwise


def read_networks(known: tuple[str, ...], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """The networks of the address that are among the known ones, or `otherwise` if it names none."""
    if NETWORKS not in st.query_params:
        return otherwise
    return tuple(name for name in st.query_params[NETWORKS].split(",") if name in known)


def keep_networks(chosen: tuple[str, ...]) -> None:
    """Puts the networks into the address."""
    st.query_params[NETWORKS] = ",".join(chosen)
