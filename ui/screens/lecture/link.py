"""Parameters of the address of the Lecture page."""

from __future__ import annotations

from ui.app.address_choices import OneOf
from ui.app.url_state import Param

PARTS = GUIDE, CHECKS, SHEET = "The first lecture", "Check list", "Printable sheet"
PART = Param("part", OneOf(PARTS), GUIDE)
