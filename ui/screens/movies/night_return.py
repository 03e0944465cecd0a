"""The way back to a film night, for a guest who rates films meanwhile."""

from __future__ import annotations

import streamlit as st

from aecore.rooms.file import RoomError
from ui.app.echo import fill
from ui.screens.movies.evening import visited
from ui.screens.movies.link import FRIENDS, VIEW

STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-night-return) {
  position: fixed; z-index: 95; left: 0; right: 0; bottom: 14px; pointer-events: none; }
.st-key-night-return { align-items: center; } .st-key-night-return button { pointer-events: auto; }
body:has(.st-key-room-bar) [data-testid="stLayoutWrapper"]:has(> .st-key-night-return) { bottom: 9rem; }
</style>"""


def offer_return() -> None:
    """A button that leads back to the film night in which this browser is a guest; it stays in sight."""
    try:
        night = visited()
    except RoomError:  # the Friends panel says why, where it refuses to show
        return
    if night is None:
        return
    st.html(STYLE)
    with st.container(key="night-return"):
        st.button(
            "Back to the film night", key="night-return-button", type="primary", icon=":material/groups:",
            on_click=show_panel_of, args=(FRIENDS,),
        )  # fmt: skip


def show_panel_of(panel: str) -> None:
    """Goes to another panel; a callback of buttons."""
    fill({VIEW.name: panel})
