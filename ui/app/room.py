"""The room in which the current visitor is, and the bar below every page."""

from __future__ import annotations

import os
from functools import cache

import streamlit as st

from aecore.limits import is_lecture
from aecore.rooms.store import RoomError
from ui.app.places import TITLES, page_path
from ui.app.services import services
from ui.components.room_bar import room_bar

BAR = "room-bar"


def current_room() -> str:
    """The code of the room in which the visitor is; "" if in none."""
    return services.rooms.of_person(services.person().tag)


def show_bar() -> None:
    """Shows the bar of the visitor's room."""
    try:
        code = current_room()
    except RoomError:  # the Room page says why; all others go on without
        return
    if code:
        with st.container(key=BAR):
            room_bar(code, paths(), base_path(), key=f"{BAR}-{code}")


def may_open_room() -> bool:
    """Whether the visitor may open one: in a lecture its host alone, elsewhere everybody."""
    return services.person().is_host or not is_lecture(os.environ)


@cache
def paths() -> dict[str, str]:
    """Path of each page -> its title."""
    return {page_path(name): title for name, title in TITLES.items()}


def base_path() -> str:
    """What stands before the path of every page: "" or "/lab"."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
