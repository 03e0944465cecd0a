"""Parameters of the address: whether a page is presented, and which of its parts it leaves out."""

from __future__ import annotations

from ui.app.address import Custom, Flag
from ui.app.url_state import Param

PARTS = ("form", "intro", "link", "menu")
"""What an address can leave out of any page."""


def parts_in(text: str) -> tuple[str, ...]:
    """'form,menu' -> ('form', 'menu'), each once; ValueError unless all are in `PARTS`."""
    parts = tuple(dict.fromkeys(text.split(",", len(PARTS) + 1))) if text else ()
    if not set(parts) <= set(PARTS):
        raise ValueError(f"must be names out of {', '.join(PARTS)}, with commas between them")
    return parts


PRESENT = Param("present", Flag(), False)
HIDE = Param("hide", Custom(parts_in, ",".join), ())
