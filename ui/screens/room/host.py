"""What the host of a room sees on top: its code to be read from the last row, and what they may do with it."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from aecore.foreign import in_markdown
from aecore.rooms.state import Room
from aecore.rooms.store import KEPT_DAYS
from ui.app.frame import ONLY_HERE, base_address
from ui.app.network import is_only_here
from ui.app.qr import qr_code
from ui.app.room import base_path
from ui.screens.room.actions import end, enlarge, lock
from ui.screens.room.copy_menu import copy_menu

STYLE = Path(__file__).with_name("room.css")


def host_head(room: Room) -> None:
    """Code, address and QR code of the room; lock, copy and end."""
    address = f"{base_address()}{base_path()}/room?code={room.code}"
    st.html(STYLE)
    is_large = st.session_state.get("room-large-kept", True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle(
            "Large code", value=is_large, key="room-large", on_change=enlarge,
            help="Large while people join; small leaves room for the wall.",
        )  # fmt: skip
        st.toggle(
            "Locked", value=room.is_locked, key="room-locked", on_change=lock, args=(room.code,),
            help="Nobody new can join a locked room; those who have joined stay.",
        )  # fmt: skip
        copy_menu(room)
        with st.popover("End the room", icon=":material/logout:", key="room-ending"):
            st.markdown(
                f"{in_markdown(room.title) or 'The room'} ends for everybody. All runs stay. You can take a copy of "
                f"what was said for another {KEPT_DAYS} days; then it is removed."
            )
            st.button(
                "End it now", key="room-end", type="primary", on_click=end, args=(room.code,),
                help="Nobody can join this room again.",
            )  # fmt: skip
    if is_large:
        picture, words = st.columns([1, 3], vertical_alignment="center", gap="large")
        picture.image(qr_code(address, scale=8), width=280)
        title = html.escape(room.title or "Join with your phone")
        words.html(
            f'<div class="room-code"><p>{title}</p><p class="code">{room.code}</p>'
            f"<p>{html.escape(address.partition('?')[0])}</p></div>"
        )
        if is_only_here(address):
            words.warning(ONLY_HERE, icon=":material/wifi_off:")
    else:
        st.markdown(f"Join at {in_markdown(address.partition('?')[0])} with **{room.code}**")
