"""Choices of the Features page: in the address, so that a link restores them, and in the session,
so that they survive a change of page.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.analyses.feature_results import REPRESENTATIONS
from aecore.probing.classifiers import CLASSIFIERS
from ui.app.address_choices import Key, OneOf
from ui.app.url_state import Param

CLASSIFIER = Param("classifier", OneOf(tuple(CLASSIFIERS)), "logistic")
LABELS = Param(
    "labels",
    Key("[0-9]{1,9}|all"),
    "1000",
    "The address asks for labels={asked}, which is not a number of examples; {instead}.",
)
OF = Param("of", OneOf(REPRESENTATIONS), "code")
CELL = Param(
    "cell",
    Key(r"[0-9]{1,4}\.[0-9]{1,4}"),
    "",
    "The address asks for cell={asked}, which is not a cell of the matrix; another one is shown.",
)


def take(param: Param, options: Sequence[str], otherwise: str | None, unsaid: str = "", *, context: str = "") -> str:
    """Prepares a widget and returns its key: the value is that of the address if valid,
    else that of the session, else `otherwise`.

    The address then holds it too, unless it is `unsaid`, the default of the page. context: what the labels of
    the options depend on. The browser identifies a choice by its label, so other labels need another widget.
    """
    key, linked = f"features-{param.name}{context and '-'}{context}", param.asked()
    if linked in options:
        st.session_state[key] = linked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = otherwise
    chosen = st.session_state[key]
    if chosen != linked and chosen not in (None, unsaid):
        param.write(chosen)
    return key


def put(param: Param, key: str, options: Sequence[str]) -> None:
    """Callback of a widget: writes its choice into the address."""
    if st.session_state.get(key) in options:
        param.write(st.session_state[key])
