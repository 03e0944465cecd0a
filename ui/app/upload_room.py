"""What was uploaded to a page is forgotten when it is left."""

from __future__ import annotations

import streamlit as st

from ui.app.streamlit_inside import get_script_run_ctx

_PAGE = "_uploads_page"


def begin_page(page: str) -> None:
    """To be called before a page runs. Streamlit keeps what was uploaded until a visitor goes, though the fields of
    another page can no longer show it: such files are removed, and take none of the room that the door gives.
    """
    context = get_script_run_ctx()
    if st.session_state.get(_PAGE, page) != page and context:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
    st.session_state[_PAGE] = page
