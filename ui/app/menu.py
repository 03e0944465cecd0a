"""The menu as Streamlit's navigation takes it."""

from __future__ import annotations

import copy
import threading

import streamlit as st

from ui.app.places import MENU, page_file

_made: dict[str, list[st.Page]] = {}
_lock = threading.Lock()


def menu() -> dict[str, list[st.Page]]:
    """Heading -> its pages, for this rerun alone; their files are looked for once."""
    with _lock:
        if not _made:
            _made.update(_fresh())
    return {heading: [copy.copy(page) for page in pages] for heading, pages in _made.items()}


def _fresh() -> dict[str, list[st.Page]]:
    return {
        heading: [
            st.Page(page_file(name), title=title, icon=f":material/{icon}:", default=name == "home")
            for name, title, icon in pages
        ]
        for heading, pages in MENU.items()
    }
