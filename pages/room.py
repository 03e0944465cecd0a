"""Room: a class joins by code, follows its host through the pages, votes, asks, and trains along."""

import streamlit as st

from aecore.foreign import in_markdown
from aecore.rooms.store import RoomError
from ui.app.frame import frame, refuse
from ui.app.room import current_room
from ui.app.services import services
from ui.screens.room.actions import me
from ui.screens.room.entrance import entrance
from ui.screens.room.host import host_head
from ui.screens.room.link import CODE, VIEW, VIEWS
from ui.screens.room.member import member_head
from ui.screens.room.panels import show_panel
from ui.widgets.run_actions import notice

frame(
    "Room",
    "A class in one room: the host leads through the pages, and those who follow see the same page with the same "
    "settings. Everybody can train along; the wall shows all runs side by side.",
    see="""
**The host** opens a room and shows its code. While *Leading* is on, the pages and settings that the host chooses are
those that followers see, trainings included.

**Everybody else** joins by code or QR code, without an account. *Following* goes where the host goes; press it to look
around alone, with your own settings, and press it again to come back. The bar at the bottom is on every page; polls and
questions are in it.

**The wall** has the runs that were started in this room, on one axis: the validation error per pixel while a network
trains, its test error once it has ended. The host may say which runs compete, for instance those on digits with at
most two numbers in the code.

**Who sees what.** Names, votes (as counts) and questions are seen by everybody in the room; who has voted for what is
seen by nobody. The host alone sees how far each member has come with the tours since the room was opened. A room ends
when its host ends it, or after a day. Its host can take a copy for another 30 days; then names, votes and questions are
removed.
""",
)
notice()
invited, room = CODE.read(), None
try:
    code = current_room()
    if code and invited in ("", code):
        room = services.rooms.get(code)
except RoomError as error:
    refuse(str(error))
if notice_of_file := services.rooms.notice:
    st.warning(in_markdown(notice_of_file), icon=":material/warning:")
if room is None:
    try:
        entrance()
    except RoomError as error:
        refuse(str(error))
else:
    CODE.clear()
    (host_head if room.host == me() else member_head)(room)
    view = st.segmented_control(
        "View", VIEWS, default=VIEWS[0], required=True, label_visibility="collapsed", help="What to show.",
        **VIEW.bound(),
    )  # fmt: skip
    show_panel(room, view or VIEWS[0])
