"""The widget of one setting in a form whose values are kept elsewhere, as in a text of the address."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from aecore.settings import Knob, SettingsError, parse
from ui.widgets.forms import as_state, in_form_words, word

Take = Callable[[Any], None]
"""Receives the value that a visitor chose."""


def knob_box(each: Knob, key: str, value: Any, take: Take) -> None:
    """The widget of one knob, which always shows `value`; a choice goes to `take`,
    an invalid one becomes a notice.
    """
    state = as_state(each, value)
    st.session_state[key] = float(state) if each.kind is float else state

    def changed() -> None:
        chosen = st.session_state[key]
        try:
            take(parse(each, chosen) if isinstance(chosen, str) else each.check(chosen))
        except SettingsError as error:
            st.session_state["notice"] = in_form_words(str(error), (each,))

    common = {"key": key, "help": each.help, "on_change": changed}
    if each.kind is bool:
        st.toggle(each.label, **common)
    elif each.choices:
        st.selectbox(each.label, each.choices, format_func=word, **common)
    elif each.kind is tuple:
        st.text_input(each.label, placeholder="none", **common)
    elif each.kind is float:
        step = 10.0 ** math.floor(math.log10(abs(each.default) or 0.1))
        st.number_input(each.label, each.low, each.high, step=step, format="%g", **common)
    else:
        st.number_input(each.label, int(each.low or 0), int(each.high or 2**31 - 1), step=1, **common)
