"""Arrays as small pictures inside the page: each is its own image, so that a row wraps on a narrow screen."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from ui.app.theme import NEGATIVE, POSITIVE, ZERO
from ui.components.data_uri import data_uri

SMALLEST = 72
"""Smallest legible width of a picture in pixels."""

PHONE, GAP = 350, 6
"""Pixels: the width of a phone's column, and the gap between pictures."""


def show_columns(
    stacks: Sequence[np.ndarray], captions: Sequence[str], *, alt: str, width: int = SMALLEST, per_row: int = 8
) -> None:
    """Pictures one beside the other, each a column of as many as there are stacks:
    (K, C, H, W) uint8 or [0, 1] floats.
    """
    magnify = max(1, 28 // stacks[0].shape[2])  # so that gaps are equal for small and large pictures
    stacks = [as_bytes(stack).repeat(magnify, axis=2).repeat(magnify, axis=3) for stack in stacks]
    gap = np.full((*stacks[0].shape[:2], max(1, stacks[0].shape[2] // 16), stacks[0].shape[3]), 160, np.uint8)
    parts: list[np.ndarray] = []
    for stack in stacks:
        parts += [gap, stack] if parts else [stack]
    show_pictures(np.concatenate(parts, axis=2), captions, alt=alt, width=width, per_row=per_row)


def show_pictures(
    pictures: np.ndarray, captions: Sequence[str] = (), *, alt: str, width: int = SMALLEST, per_row: int = 10
) -> None:
    """(K, C, H, W) uint8 or [0, 1] floats, `width` pixels each, in rows of `per_row`,
    half as many on a phone if they are more than five, and no more than are as large there.
    """
    cells = []
    for index, picture in enumerate(as_bytes(pictures)):
        caption = html.escape(captions[index]) if index < len(captions) else ""
        note = f"<figcaption>{caption}</figcaption>" if caption else ""
        cells.append(f'<figure><img alt="{html.escape(alt)} {caption}" src="{data_uri(picture)}">{note}</figure>')
    narrow = per_row // 2 if per_row > 5 else per_row
    narrow = max(1, min(narrow, (PHONE + GAP) // (width + GAP))) if width >= SMALLEST else narrow
    style = f"--w:{width}px;--narrow:{narrow};max-width:{per_row * (width + GAP)}px"
    st.html(f'<div class="strip" style="{style}">{"".join(cells)}</div>')


def diverging(weights: np.ndarray) -> np.ndarray:
    """(F, C, H, W) weights -> (F, 3, H, W) uint8: white at zero, blue above, orange below,
    each scaled by its largest.
    """
    grey = weights.mean(1)
    scaled = grey / np.maximum(np.abs(grey).max(axis=(1, 2), keepdims=True), 1e-12)
    strength = np.abs(scaled)[:, None]
    ends = np.where((scaled >= 0)[:, None], *(np.array(end, float).reshape(1, 3, 1, 1) for end in (POSITIVE, NEGATIVE)))
    return (np.array(ZERO, float).reshape(1, 3, 1, 1) * (1 - strength) + ends * strength).round().astype(np.uint8)


def as_bytes(pictures: np.ndarray) -> np.ndarray:
    """Pictures in [0, 1] as uint8; those that are uint8 unchanged."""
    if pictures.dtype == np.uint8:
        return pictures
    return (np.clip(pictures, 0, 1) * 255).round().astype(np.uint8)
