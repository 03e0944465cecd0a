"""The line of the check list about the room of the person who asks."""

from __future__ import annotations

from aecore.foreign import in_markdown
from aecore.rooms.store import RoomError, Rooms
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding


def own_room(rooms: Rooms, person: str) -> Finding:
    """Whether the person with this tag has a room open, and under which code."""
    try:
        code = rooms.of_person(person)
        room = rooms.get(code) if code else None
        members = rooms.members(code) if room else []
    except RoomError as error:
        return Finding(BAD, in_markdown(str(error)), page="room")
    if room is None:
        return Finding(
            ATTENTION, "Not yet. You may open one: you are the host.", "Open one on the page Room.", page="room"
        )
    if room.host != person:
        return Finding(
            ATTENTION, f"You are in room {room.code}, which somebody else has opened.",
            "Leave it on the page Room, and open one of your own.", page="room",
        )  # fmt: skip
    here = sum(not (each.is_away or each.is_removed or each.person == person) for each in members)
    joined = f"{here} {'has' if here == 1 else 'have'} joined"
    locked = " It is locked: nobody new can join." if room.is_locked else ""
    return Finding(
        ATTENTION if room.is_locked else OK, f"Yes: its code is **{room.code}**, and {joined}.{locked}", page="room"
    )
