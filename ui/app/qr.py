"""QR codes of addresses, made on this machine."""

from __future__ import annotations

import io

import segno

INK, PAPER = "#1f2733", "#ffffff"


def qr_code(address: str, scale: int = 5) -> str:
    """The SVG of an address for the screen. scale: pixels of a module."""
    picture = io.BytesIO()
    segno.make(address, error="l").save(picture, kind="svg", scale=scale, dark=INK, light=PAPER, border=3)
    return picture.getvalue().decode()


def qr_in_print(address: str) -> str:
    """An SVG element for a page that is printed: black, as large as its place, with some redundancy."""
    return segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
