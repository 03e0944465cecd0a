"""What somebody who has joined a room sees on top."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from aecore.rooms.state import Room
from ui.app.services import services
from ui.screens.room.actions import leave, me
from ui.screens.room.host import STYLE


def member_head(room: Room) -> None:
    """The room, one's own name in it, and the way out."""
    st.html(STYLE)
    own = next((each for each in services.rooms.members(room.code) if each.person == me()), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        title = in_markdown(room.title) or f"Room {room.code}"
        called = f" You are called {in_markdown(own.name)}." if own else ""
        st.markdown(f"**{title}.**{called}", width="stretch")
        st.button(
            "Leave the room", key="room-leave", icon=":material/logout:", on_click=leave, args=(room.code,),
            help="You can come back with the same code.",
        )  # fmt: skip
