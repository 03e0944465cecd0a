"""Parameters of the address of the Words page, besides its settings: texts, view, way, word; and their widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ui.app.address import Text
from ui.app.address_choices import Key, OneOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param
from ui.screens.words.found import WAYS

OWN = "own"
"""In place of a key of texts: the visitor is adding some."""

VIEWS = {
    "numbers": "1 · Texts as numbers",
    "learning": "2 · Learning",
    "map": "3 · Map",
    "test": "4 · Test",
    "try": "5 · Try it",
}
THINGS = {"words": "Words", "texts": "Texts"}
DRAWN = {"pca": "PCA", "tsne": "t-SNE"}
ON = {"unseen": "Texts it has not seen", "seen": "Texts it learned from"}
LONGEST = 300
"""Most letters of a sentence of one's own."""

TEXTS = Param("texts", Text(ID_LETTERS), "eight")
DRAFT = Param("draft", Key(), "")
VIEW = Param("view", OneOf(tuple(VIEWS)), "numbers")
WAY = Param("way", OneOf(tuple(WAYS)), "autoencoder")
MAP_OF = Param("things", OneOf(tuple(THINGS)), "words")
DRAWN_BY = Param("drawn", OneOf(tuple(DRAWN)), "pca")
WORD = Param("word", Text(80), "")
TEXT = Param("text", Key("[0-9]{1,9}"), "")
IN_NUMBERS = Param("in-numbers", Key("[0-9]{1,9}"), "0")
"""The text that is shown as numbers."""

ASKED_ABOUT = Param("on", OneOf(tuple(ON)), "unseen")
SENTENCE = Param("sentence", Text(LONGEST), "")


def take(param: Param, options: Sequence[str], otherwise: str) -> str:
    """Prepares a widget and returns its key: it shows the value of the address, else the last choice, else `otherwise`.

    In a part that refreshes itself the widget should have that value as its default, too: a slow browser may make it
    only when later refreshes have already replaced the message that says the value, and would report none.
    """
    key, linked = f"words-{param.name}", param.asked()
    last = st.session_state.get(f"{key}-last")
    wanted = linked if linked in options else last if last in options else otherwise
    if st.session_state.get(key) != wanted:  # setting an equal value again would undo a click in transit
        st.session_state[key] = wanted
    return key


def put(param: Param) -> None:
    """Callback of a widget: writes its choice into the address."""
    chosen = st.session_state.get(f"words-{param.name}")
    if chosen is not None:
        go(param, chosen)


def go(param: Param, value: Any) -> None:
    """Writes a choice into the address, from which the widget reads it."""
    param.write(value)
    st.session_state[f"words-{param.name}-last"] = value


def let_go(param: Param) -> None:
    """Forgets a choice that belonged to other texts."""
    param.clear()
    st.session_state.pop(f"words-{param.name}-last", None)
