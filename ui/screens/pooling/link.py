"""Image and kernel of the Pooling page in the address, as legible rows of numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st

from aecore.worked_examples.pooling import MOST, SIDES, PoolingError, Way, checked_image, checked_kernel
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from ui.app.address import Custom, Flag, Integer, Text
from ui.app.address_choices import OneOf
from ui.app.url_state import Param

FIRST = {
    "image": (next(iter(IMAGES)), checked_image(next(iter(IMAGES.values())))),
    "kernel": (next(iter(KERNELS)), checked_kernel(next(iter(KERNELS.values())))),
}
"""The defaults where the address has none that is valid: name and numbers."""

CHECKS = {"image": checked_image, "kernel": checked_kernel}
BOARD = "board"
"""The key of the component."""

WAY_NAMES: dict[Way, str] = {"switch": "At the switch", "spread": "On the unpooled map", "stride": "On the pooled map"}
SHOWN = 200
"""Test digits on offer."""

WAY = Param("way", OneOf(list(WAY_NAMES.values())), WAY_NAMES["switch"])
REAL = Param("real", Flag(), False)
SET = Param("set", Text(40), "")
DIGIT = Param("digit", Integer(1, SHOWN), 1)


def from_address(name: str) -> np.ndarray:
    """The image (H, W) or the kernel (3, 3) of the address, or the first example."""
    return NUMBERS[name].read()


def from_text(text: str, name: str) -> np.ndarray:
    """'0_5~3_0' -> [[0, 5], [3, 0]], checked as an image or a kernel. PoolingError if it is none."""
    return CHECKS[name]([[_number(piece) for piece in row.split("_")] for row in text.split("~", max(SIDES) + 1)])


def as_text(values: np.ndarray) -> str:
    """[[0, 5], [3, 0]] -> '0_5~3_0': needs no encoding in an address, and every number is read back exactly."""
    return "~".join(
        "_".join(repr(int(value)) if value.is_integer() else repr(value) for value in row) for row in values.tolist()
    )


def _number(piece: str) -> float:
    try:
        value = float(piece) if len(piece) < 30 else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PoolingError(f"“{piece[:20]}” is not a number." if piece else "A number is missing.")
    if abs(value) > MOST:
        raise PoolingError(f"“{piece}” is beyond {MOST:,.0f}, the most that is taken.")
    return value


def write(name: str, values: np.ndarray) -> None:
    """Writes an image or a kernel into the address, from which the next run reads it."""
    NUMBERS[name].write(values)


def _numbers(name: str) -> Param:
    """The parameter of the image or of the kernel."""
    example, values = FIRST[name]
    sentence = f"The {name} in this link cannot be used. {{why}} You see the example “{example}” instead."
    return Param(name, Custom(lambda text: from_text(text, name), as_text), values, sentence)


NUMBERS = {name: _numbers(name) for name in CHECKS}
"""Image and kernel in the address."""


def edit() -> dict[str, Any]:
    """The visitor's last edit, as sent by the board; empty if there is none."""
    return dict((st.session_state.get(BOARD) or {}).get("edit") or {})


def serial() -> int:
    """The number of that edit, which tells the board whether Python has seen it."""
    value = edit().get("serial", 0)
    return value if isinstance(value, int) else 0


def take_edit() -> None:
    """Callback of an edit of the board: writes valid numbers into the address."""
    typed = edit()
    for name, check in CHECKS.items():
        try:
            values = check(typed.get(name))
        except PoolingError:  # sent only by a manipulated browser
            continue
        if not np.array_equal(values, from_address(name)):
            write(name, values)
