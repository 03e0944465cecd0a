"""Codes by which somebody comes in: nobody can try them all."""

from __future__ import annotations

from collections.abc import Callable

from aecore.rooms.file import NoRoomError, RoomError
from ui.app.attempts import Attempts
from ui.app.visiting import from_where

GUESSES = Attempts(most=30, most_of_all=3000)
"""Wrong codes, of rooms and of film nights, by the address from which they come, which a class may share."""


def enter(come_in: Callable[[], object]) -> str:
    """Comes in by a code; "" if that was possible, else a sentence why not. Wrong codes count."""
    if seconds := GUESSES.wait(from_where()):
        return f"Too many wrong codes. Try again in {-(-seconds // 60)} min."
    try:
        come_in()
    except NoRoomError as error:
        GUESSES.note(from_where())
        return str(error)
    except RoomError as error:
        return str(error)
    return ""
