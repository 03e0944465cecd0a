"""Refusals: a sentence for each invalid part of the address, shown by the frame once a page has run."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import streamlit as st

from ui.app.session import table_of

QUOTED = 40
"""Letters of a refused text that are quoted in the sentence about it."""

LONGEST_REASON = 300

_KEPT, _PAGE, _SAID = "address-refused", "address-page", "address-refused-on-screen"

_now: ContextVar[dict[str, str]] = ContextVar("refusals of this run: parameter -> sentence")


def begin_page(page: str) -> None:
    """Forgets refusals of another page or of an earlier run; to be called before a page runs."""
    _now.set({})
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        table_of(_KEPT).clear()


def begin_part() -> None:
    """Forgets refusals of an earlier run; to be called before a part of a page runs by itself."""
    _now.set({})


def of_part() -> list[str]:
    """A sentence for everything that this run of a part could not use and that the page does not say already."""
    return [sentence for sentence in dict.fromkeys(_this_run().values()) if sentence not in _said_by_page()]


def of_page() -> list[str]:
    """`refusals`, which the page says from now on."""
    st.session_state[_SAID] = refusals()
    return _said_by_page()


def _said_by_page() -> list[str]:
    said: list[str] = st.session_state.get(_SAID, [])
    return said


def current_page() -> str:
    """The current page of this visitor."""
    return str(st.session_state.get(_PAGE, ""))


def refusals() -> list[str]:
    """A sentence for everything in the address that this run of the page could not use, each once."""
    kept = {name: sentence for name, (sentence, _) in table_of(_KEPT).items()}
    return list(dict.fromkeys({**kept, **_this_run()}.values()))


def say(name: str, sentence: str) -> None:
    """Notes a refusal of this run; one for each parameter."""
    _this_run()[name] = sentence


def keep(name: str, sentence: str, value: Any) -> bool:
    """Notes a refusal that outlives the run, because the text is removed from the address;
    True if it is the first for this parameter.

    value: what the widget shows instead.
    """
    kept = table_of(_KEPT)
    is_first = name not in kept
    kept[name] = (sentence, value)
    return is_first


def forget_when_changed(name: str) -> None:
    """Removes a kept sentence once the visitor changes the widget of that parameter."""
    kept: dict[str, tuple[str, Any]] = table_of(_KEPT)
    if name in kept and name in st.session_state and st.session_state[name] != kept[name][1]:
        del kept[name]


def quoted(text: str, most: int = QUOTED) -> str:
    """A text of the address as a quotation: short and on one line."""
    return "".join(each if each.isprintable() else "?" for each in text[:most]) + ("…" if len(text) > most else "")


def _this_run() -> dict[str, str]:
    try:
        return _now.get()
    except LookupError:  # a part of a page that runs by itself, or a test
        _now.set({})
        return _now.get()
