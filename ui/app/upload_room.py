"""How much a visitor's uploads may take in the server together. Files of a page that was left are forgotten."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.app.door import MOST_BYTES

_PAGE, _KNOWN, _HELD = "_uploads_page", "_uploads_known", "_uploads_held"
"""The page that is open, the ids of all files that its fields have had, and field -> bytes in it now."""


class TooMuchError(ValueError):
    """Uploads of one visitor that are too large together; the message has the numbers."""


def begin_page(page: str) -> None:
    """To be called before a page runs. Streamlit keeps what was uploaded until a visitor goes, though the fields of
    another page can no longer show it: such files are removed. The fields of this page are counted anew.
    """
    if st.session_state.get(_PAGE) != page:
        _forget(st.session_state.get(_KNOWN, ()))
        st.session_state[_PAGE], st.session_state[_KNOWN] = page, set()
    st.session_state[_HELD] = {}


def take_room(field: str, sizes: Mapping[str, int], most: int = MOST_BYTES) -> None:
    """Notes the files of an upload field; TooMuchError if they and those of the fields above it are too large.

    sizes: id of each file -> bytes.
    """
    st.session_state.setdefault(_KNOWN, set()).update(sizes)
    held: dict[str, int] = st.session_state.setdefault(_HELD, {})
    held[field] = sum(sizes.values())
    total = sum(held.values())
    if total > most:
        elsewhere = (total - held[field]) / 2**20
        raise TooMuchError(
            f"Your uploads have {total / 2**20:,.0f} MB together"
            + (f", {elsewhere:,.0f} MB of them in another field of this page" if elsewhere else "")
            + f"; {most >> 20} MB may lie here at once. Remove some, and bring the rest afterwards."
        )


def _forget(ids: set[str]) -> None:
    context = get_script_run_ctx()
    for each in ids if context else ():
        remove = getattr(context.uploaded_file_mgr, "remove_file", None)
        if remove:
            remove(session_id=context.session_id, file_id=each)
