"""A canvas of pixels to draw on with mouse, finger, pen or keyboard: empty, or a picture to corrupt."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ui.components.mount import mount

_mount = mount("canvas")


@dataclass(frozen=True)
class Sheet:
    """The picture to draw on.

    start: (C, H, W) uint8, the state after "Start over"; drawn: the same with earlier strokes.
    revision: a change starts a new sheet. side: the longest edge on screen, in pixels; radius: of the
    brush, in pixels of the picture. tools: of "draw", "erase" and "smudge".
    """

    revision: str
    start: np.ndarray
    label: str
    drawn: np.ndarray | None = None
    tools: tuple[str, ...] = ("draw",)
    radius: float = 1.2
    side: int = 336


def canvas(sheet: Sheet, key: str, on_change: Callable[[], None] | None = None) -> np.ndarray:
    """Shows the sheet; (C, H, W) uint8 with the strokes so far. `on_change` runs after each stroke."""
    channels, height, width = sheet.start.shape
    data = {
        "revision": sheet.revision, "width": width, "height": height, "channels": channels, "label": sheet.label,
        "tools": list(sheet.tools), "radius": sheet.radius, "side": sheet.side, "pixels": _text(sheet.start),
        "drawn": None if sheet.drawn is None else _text(sheet.drawn),
    }  # fmt: skip
    state = _mount(key=key, data=data, default={"drawing": None}, on_drawing_change=on_change or _nothing)
    return _pixels(state.drawing, sheet)


def drawn(key: str, sheet: Sheet) -> np.ndarray:
    """The sheet with the strokes so far; for callbacks, and for code before the sheet on the page."""
    state = st.session_state.get(key)
    return _pixels(state.drawing if state is not None else None, sheet)


def _pixels(drawing: object, sheet: Sheet) -> np.ndarray:
    before = sheet.start if sheet.drawn is None else sheet.drawn
    if not isinstance(drawing, dict) and not hasattr(drawing, "get"):
        return before
    if drawing.get("revision") != sheet.revision:
        return before
    try:
        pixels = np.frombuffer(base64.b64decode(drawing.get("pixels", ""), validate=True), np.uint8)
    except (binascii.Error, TypeError, ValueError):
        return before
    return pixels.reshape(sheet.start.shape) if pixels.size == sheet.start.size else before


def _text(pixels: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels, np.uint8).tobytes()).decode()


def _nothing() -> None:
    return None
