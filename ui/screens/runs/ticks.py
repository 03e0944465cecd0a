"""The ticked runs, which stay ticked while other pages of the list are looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

_TICKED, _ROUND = "_ticked-runs", "_ticked-round"


def ticked(known: Collection[str]) -> frozenset[str]:
    """The ids of the ticked runs; those that are not among the `known` are forgotten."""
    st.session_state[_TICKED] = frozenset(st.session_state.get(_TICKED, ())) & frozenset(known)
    return st.session_state[_TICKED]


def tick(ids: Collection[str]) -> None:
    """Ticks these runs and no others. Tables drawn before lose their own ticks."""
    st.session_state[_TICKED] = frozenset(ids)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def table_key(ids: Sequence[str]) -> str:
    """The key of a table with these rows: another one where rows come or go, for a table knows its ticks by places."""
    return f"{_prefix()}{hash(tuple(ids)):x}"


def _prefix() -> str:
    return f"runs-{st.session_state.get(_ROUND, 0)}-"


def take(key: str, ids: Sequence[str]) -> None:
    """Takes over what was ticked in the table of that key, whose rows are these runs."""
    if not key.startswith(_prefix()):  # of before the last tick or untick, by a browser that has not heard of it yet
        return
    rows = st.session_state[key]["selection"]["rows"]
    chosen = {ids[row] for row in rows if row < len(ids)}
    st.session_state[_TICKED] = frozenset(st.session_state.get(_TICKED, ())) - set(ids) | chosen
