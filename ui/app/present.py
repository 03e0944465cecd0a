"""Presenting: a view of any page for a beamer; and pages without some of their parts, for links from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import streamlit as st

from ui.app.present_link import HIDE, PRESENT
from ui.components.present import present_bar

BAR = "present-bar"
FORM = "page-form"
"""Key of the container that holds a page's form; further parts of it have keys that begin so."""

INTRO, LINK = "frame-intro", "share"
"""Keys of the introduction and of the link button in the frame."""

SELECTORS = {
    "form": f'[data-testid="stColumn"]:has([class*="st-key-{FORM}"]), '
    f'[data-testid="stLayoutWrapper"]:has(> [class*="st-key-{FORM}"])',
    "intro": f'[data-testid="stLayoutWrapper"]:has(> .st-key-{INTRO})',
    "link": f".st-key-{LINK}",
    "menu": '[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]',
}
"""Part -> the elements of a page that it stands for."""

HELP = (
    "A view for projectors: large type, high contrast, without menu and form (key p). While presenting: right arrow or "
    "Page Down for next, left arrow or Page Up for back, space to play and stop, r to reveal, l to point in a room, f "
    "for the form, t for the timer, Escape or p to leave."
)

_LAST = "presented"
"""Session key: the page of the last run, and whether it was presented."""


def begin_page(page: str) -> bool:
    """Whether this page is presented; to be called before a page runs, once refusals are forgotten.

    Whoever goes to another page while presenting goes on presenting.
    """
    last_page, was_presented = st.session_state.get(_LAST, (page, False))
    if was_presented and page != last_page and not PRESENT.is_there:
        PRESENT.write(True)
    is_presented = bool(PRESENT.read())
    st.session_state[_LAST] = (page, is_presented)
    return is_presented


def turn() -> None:
    """Begins to present the page, or ends it; a callback."""
    PRESENT.put(not PRESENT.read(), unless=False)


def style(is_presented: bool) -> str:
    """The rules for this run: those for presenting, and those that hide parts."""
    return (style_of_presenting() if is_presented else "") + without(HIDE.read())


def without(parts: Iterable[str]) -> str:
    """Rules that hide these parts of a page."""
    return "".join(f"{SELECTORS[part]} {{ display: none !important; }}\n" for part in parts)


def show_bar(page: str, is_presented: bool) -> None:
    """The bar of a presented page, and the keys of every page."""
    with st.container(key=BAR), st.container(key=f"present-on-{page or 'home'}"):
        present_bar(is_presented, turn, key=f"{BAR}-keys")


@cache
def style_of_presenting() -> str:
    """The rules of a presented page, whatever its address hides."""
    folded = "".join(
        f'html:not([data-{part}="open"]) :is({SELECTORS[part]}) {{ display: none !important; }}\n'
        for part in ("form", "menu")
    )
    return folded + Path(__file__).with_name("present.css").read_text()
