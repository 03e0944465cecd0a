"""The way in: join a room by its code, or open one."""

from __future__ import annotations

import time

import streamlit as st

from aecore.foreign import in_markdown
from aecore.rooms.queries import SIZE, as_code
from aecore.rooms.words import LONGEST_CHOICE, LONGEST_NAME, MOST_PASTED
from ui.app.codes import enter
from ui.app.frame import refuse
from ui.app.host_key import has_key
from ui.app.room import may_open_room
from ui.app.room_routes import HUB
from ui.app.services import services
from ui.screens.room.actions import me, open_room
from ui.screens.room.copy_menu import copy_menu
from ui.screens.room.link import CODE

MOST_COPIES = 5


def entrance() -> None:
    """Forms to join a room and, for whom it is allowed, to open one."""
    invited = CODE.read()
    if has_key(st.context.cookies.to_dict()):
        st.success(
            "This browser is the host's: it can open rooms, and change or delete what anybody has made here.",
            icon=":material/key:",
        )
    left, right = st.columns(2, gap="large")
    with left:
        _join(invited)
    if may_open_room() and not invited:
        with right:
            _open()
            _copies()


def _join(invited: str) -> None:
    st.header("Join a room", anchor=False)
    with st.form("room-join", border=False):
        code = st.text_input(
            "Code", value=invited, max_chars=MOST_PASTED, key="room-code", placeholder="ABC234",
            help=f"The {SIZE} characters that the host shows. Capitals or not makes no difference.",
        )  # fmt: skip
        name = st.text_input(
            "Your name", max_chars=MOST_PASTED, key="room-own-name", placeholder="Guest",
            help=f"What others in the room call you; you may leave it empty. At most {LONGEST_NAME} letters are kept.",
        )  # fmt: skip
        is_asked = st.form_submit_button("Join", type="primary", icon=":material/login:", width="stretch")
    if not is_asked:
        return
    if why_not := enter(lambda: services.rooms.join(as_code(code), me(), name)):
        refuse(why_not)
        return
    HUB.hurry()
    CODE.clear()
    st.rerun()


def _open() -> None:
    st.header("Open a room", anchor=False)
    st.markdown(
        "You get a code and a QR code. Those who join follow you through the pages, vote in your polls, ask questions, "
        "and train along."
    )
    st.text_input(
        "Title", max_chars=MOST_PASTED, key="room-title", placeholder="Tuesday's lecture",
        help=f"Stands above the code; you may leave it empty. At most {LONGEST_CHOICE} letters are kept.",
    )  # fmt: skip
    st.button("Open a room", key="room-open", icon=":material/add_circle:", on_click=open_room, type="secondary")


def _copies() -> None:
    """The visitor's rooms that have ended, to copy once more."""
    for room in services.rooms.ended(me())[:MOST_COPIES]:
        day = time.strftime("%-d %B", time.localtime(room.opened))
        st.caption(f"{in_markdown(room.title) or room.code}, {day}, has ended.")
        copy_menu(room)
