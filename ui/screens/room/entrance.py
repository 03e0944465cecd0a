"""The way in: join a room by its code, or open one."""

from __future__ import annotations

import streamlit as st

from aecore.rooms.queries import SIZE, as_code
from aecore.rooms.store import RoomError
from aecore.rooms.words import LONGEST_CHOICE, LONGEST_NAME
from ui.app.frame import refuse
from ui.app.room import may_open_room
from ui.app.room_routes import ATTEMPTS
from ui.app.services import services
from ui.screens.room.actions import me, open_room
from ui.screens.room.link import CODE


def entrance() -> None:
    """Forms to join a room and, for whom it is allowed, to open one."""
    invited = CODE.read()
    left, right = st.columns(2, gap="large")
    with left:
        _join(invited)
    if may_open_room() and not invited:
        with right:
            _open()


def _join(invited: str) -> None:
    st.header("Join a room", anchor=False)
    with st.form("room-join", border=False):
        code = st.text_input(
            "Code", value=invited, max_chars=12, key="room-code", placeholder="ABC234",
            help=f"The {SIZE} characters that the host shows. Capitals or not makes no difference.",
        )  # fmt: skip
        name = st.text_input(
            "Your name", max_chars=LONGEST_NAME, key="room-own-name", placeholder="Guest",
            help="What others in the room call you; you may leave it empty.",
        )  # fmt: skip
        is_asked = st.form_submit_button("Join", type="primary", icon=":material/login:", width="stretch")
    if not is_asked:
        return
    if seconds := ATTEMPTS.wait(me()):
        refuse(f"That were many wrong codes. Try again in {-(-seconds // 60)} min.")
        return
    try:
        services.rooms.join(as_code(code), me(), name)
    except RoomError as error:
        ATTEMPTS.note(me())
        refuse(str(error))
        return
    CODE.clear()
    st.rerun()


def _open() -> None:
    st.header("Open a room", anchor=False)
    st.markdown(
        "You get a code and a QR code. Who joins follows you through the pages, votes in your polls, asks questions, "
        "and trains along."
    )
    st.text_input(
        "Title", max_chars=LONGEST_CHOICE, key="room-title", placeholder="Tuesday's lecture",
        help="Stands above the code; you may leave it empty.",
    )  # fmt: skip
    st.button("Open a room", key="room-open", icon=":material/add_circle:", on_click=open_room, type="secondary")
