"""Choosing by a select box whose choice is in the address by its id, so that a link brings it back whatever it is called on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.app.frame import refuse

NO_NETWORK = "The network of this link, '{}', is not on this machine, or cannot be used here. Another one is shown."


def choose_linked(name: str, label: str, known: Mapping[str, str], first: str, *, help: str, others: Sequence[str] = (), unknown: str = NO_NETWORK) -> str:
    """The id that the address names under `name`, else `first`; a select box changes it. known: id -> title.

    others: parameters of the address that go when it changes, because they belonged to another choice. unknown: what is
    said of an id that is not known.
    """
    wanted, key = st.query_params.get(name, first), f"linked-{name}"
    if wanted not in known:
        refuse(unknown.format(wanted[:40]))
        wanted = first
    st.session_state[key] = wanted
    return st.selectbox(label, tuple(known), format_func=known.__getitem__, key=key, on_change=_keep, args=(name, key, tuple(others)), help=help)


def short_title(title: str) -> str:
    """A network's title without where it comes from."""
    return title.split(" · ", 2)[-1] if title.startswith("Built in") else title


def _keep(name: str, key: str, others: tuple[str, ...]) -> None:
    st.query_params[name] = st.session_state[key]
    for other in others:
        st.query_params.pop(other, None)
        st.session_state.pop(other, None)
