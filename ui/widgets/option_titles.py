"""Options whose titles on screen may change.

Streamlit's browser side sends the titles of chosen options. If a title has changed since it was drawn, as that of
a run does when it ends, Python gets the old title instead of the option, as if it had just been chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

MOST = 500
"""Titles that are remembered for a widget, the latest last."""


def remember_titles(key: str, titles: Mapping[str, str]) -> None:
    """Remembers titles; to be called before the widget with this key is drawn. titles: id -> title."""
    name = _name(key)
    known = {**st.session_state.get(name, {}), **{title: id for id, title in titles.items()}}
    st.session_state[name] = dict(list(known.items())[-max(MOST, len(titles)) :])


def chosen_ids(key: str) -> list[str]:
    """The ids of the chosen options, under any title that the browser knew; others are left out."""
    known, value = st.session_state.get(_name(key), {}), st.session_state[key]
    chosen = [known.get(each, each) for each in (value if isinstance(value, list | tuple) else [value])]
    return list(dict.fromkeys(each for each in chosen if each in known.values()))


def _name(key: str) -> str:
    return f"_titles-{key}"
