"""How much a visitor's uploads may take in the server together. Files of a page that was left are forgotten."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_BYTES = 400 * 2**20
"""Bytes of all files in the upload fields of one visitor."""

_HELD = "_uploads_held"


class TooMuchError(ValueError):
    """Uploads of one visitor that are too large together; the message has the numbers."""


def take_room(field: str, sizes: Mapping[str, int], most: int = MOST_BYTES) -> None:
    """Notes the files of an upload field; TooMuchError if they and those of the page's other fields are too large.

    sizes: id of each file -> bytes. Streamlit keeps what was uploaded until a visitor goes, though the fields of
    another page can no longer show it: such files are removed.
    """
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    held: dict[str, tuple[str, dict[str, int]]] = st.session_state.setdefault(_HELD, {})
    for other, (where, files) in list(held.items()):
        if where != page:
            _forget(files)
            del held[other]
    held[field] = page, dict(sizes)
    total = sum(sum(files.values()) for _, files in held.values())
    if total > most:
        elsewhere = (total - sum(sizes.values())) / 2**20
        raise TooMuchError(
            f"Your uploads have {total / 2**20:,.0f} MB together"
            + (f", {elsewhere:,.0f} MB of them in another field of this page" if elsewhere else "")
            + f"; {most >> 20} MB may lie here at once. Remove some, and bring the rest afterwards."
        )


def _forget(files: Mapping[str, int]) -> None:
    context = get_script_run_ctx()
    for file_id in files if context else ():
        remove = getattr(context.uploaded_file_mgr, "remove_file", None)
        if remove:
            remove(session_id=context.session_id, file_id=file_id)
