"""The part of the page that leads to the printable sheet."""

from __future__ import annotations

import streamlit as st

from ui.app.frame import ONLY_HERE, base_address
from ui.app.network import is_only_here
from ui.app.room import base_path
from ui.app.services import services
from ui.screens.lecture.sheet import PATH, hosted_room


def show_sheet() -> None:
    """What is on the sheet, and a link that opens it."""
    room = hosted_room(services.person())
    of_room = f", of your room {room.code}," if room else ""
    st.markdown(
        f"A page in black and white with the address of this app{of_room} and of each tour, every one as a QR code. "
        "It opens by itself, in a new tab; print it there, or save it as a PDF."
    )
    if not room:
        st.caption("Open a room first if its code is to be on the sheet.")
    if is_only_here(base_address()):
        st.warning(ONLY_HERE, icon=":material/wifi_off:")
    st.link_button("Open the sheet", f"{base_path()}{PATH}", icon=":material/print:", type="primary")
