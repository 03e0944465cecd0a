"""Parameters of the address of the Room page."""

from __future__ import annotations

from aecore.rooms.queries import LETTERS, SIZE
from ui.app.address_choices import Key, OneOf
from ui.app.url_state import Param

CODE = Param("code", Key(f"[{LETTERS}]{{{SIZE}}}"), "", "The address asks for room “{asked}”, but {why}.")
"""The room that a link or a QR code invites to."""

VIEWS = WALL, PEOPLE, POLLS, QUESTIONS, TOURS = "Wall", "People", "Polls", "Questions", "Tours"
VIEW = Param("view", OneOf(VIEWS), VIEWS[0])

PLACED, NEWEST, BY_NAME = "Test error", "Newest", "Name"
ORDER = Param("sort", OneOf((PLACED, NEWEST, BY_NAME)), PLACED)
"""What the wall is sorted by."""
