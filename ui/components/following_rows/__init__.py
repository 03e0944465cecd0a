"""Rows of pictures that follow sliders of the page, without a rerun while the thumb moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.components.mount import mount

_mount = mount("following-rows")


@dataclass(frozen=True)
class Rows:
    """html: the rows for `levels`; sliders: keys of the widgets that show those, in the same order.

    address: of the route that answers other levels, float32 little endian, with {"html": ...}; the same as long as only
    the levels differ. Without one the rows follow nothing.
    """

    html: str
    address: str = ""
    sliders: Sequence[str] = ()
    levels: Sequence[float] = ()


def following_rows(rows: Rows, key: str) -> None:
    """Shows the rows."""
    _mount(
        key=key,
        data={
            "html": rows.html, "address": rows.address, "sliders": list(rows.sliders), "levels": list(rows.levels),
        },
    )  # fmt: skip
