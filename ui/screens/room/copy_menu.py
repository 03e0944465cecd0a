"""The host's copy of a room: everything that was said and trained in it, as a ZIP."""

from __future__ import annotations

import streamlit as st

from aecore.rooms.archive import archive
from aecore.rooms.state import Room
from ui.app.services import services
from ui.screens.room.actions import me
from ui.screens.room.tours import tour_rows


def copy_menu(room: Room) -> None:
    """A download, with names or without."""
    with st.popover("Take a copy", icon=":material/download:", key=f"room-copy-{room.code}"):
        is_anonymous = st.toggle(
            "Without names", value=True, key=f"room-anonymous-{room.code}",
            help="People are numbered in a random order, and names of runs are left out.",
        )  # fmt: skip
        st.download_button(
            "Download ZIP", key=f"room-zip-{room.code}", mime="application/zip",
            file_name=f"room-{room.code}{'-without-names' if is_anonymous else ''}.zip",
            data=lambda: archive(
                services.rooms, services.everyones, room.code, me(), is_anonymous=is_anonymous, tours=tour_rows(room)
            ),
            icon=":material/folder_zip:",
        )  # fmt: skip
