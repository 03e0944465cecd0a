"""Rows of small pictures, each with its name: the originals,
corrupted ones, reconstructions.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ui.components.data_uri import data_uri
from ui.widgets.pictures import as_bytes

PER_BLOCK = 4
"""Pictures beside each other, large enough for a phone; wider screens have room for more such blocks."""

ALONE = 336
"""Pixels of a single picture, so that a drawing is as large as it was drawn."""

STYLE = """<style>
.rows { display: grid; gap: 10px 12px; max-width: 1320px;
  grid-template-columns: var(--present-blocks, repeat(auto-fit, minmax(min(100%, 304px), 1fr))); }
.rows.one { grid-template-columns: minmax(0, 440px); }
.rows.alone { grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 336px)); }
.rows .row { margin: 0 0 7px; }
.rows .name { display: flex; justify-content: space-between; gap: 8px; font-size: .875rem; line-height: 1.35;
  opacity: .85; }
.rows .name b { font-weight: 600; overflow-wrap: anywhere; }
.rows .name span { white-space: nowrap; font-variant-numeric: tabular-nums; }
.rows img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; }
</style>"""


@dataclass(frozen=True)
class Row:
    """name: of the pictures (K, C, H, W), uint8 or in [0, 1]; note: a figure of each
    block of them, or nothing.
    """

    name: str
    pictures: np.ndarray
    notes: Sequence[str] = ()


def show_rows(rows: Sequence[Row]) -> None:
    """All rows, in blocks of PER_BLOCK pictures; single pictures are side by side."""
    st.html(rows_html(rows))


def rows_html(rows: Sequence[Row]) -> str:
    """The rows as `show_rows` shows them, with their style."""
    count = len(rows[0].pictures)
    if count == 1:
        alone = "".join(_row(row, 0, as_bytes(row.pictures)[0]) for row in rows)
        return f'{STYLE}<div class="rows alone">{alone}</div>'
    blocks = [_block(rows, start) for start in range(0, count, PER_BLOCK)]
    return f'{STYLE}<div class="rows{" one" if len(blocks) == 1 else ""}">{"".join(blocks)}</div>'


def _block(rows: Sequence[Row], start: int) -> str:
    parts = [_row(row, start // PER_BLOCK, joined(as_bytes(row.pictures[start : start + PER_BLOCK]))) for row in rows]
    return f'<div class="block">{"".join(parts)}</div>'


def _row(row: Row, block: int, picture: np.ndarray) -> str:
    name, note = html.escape(row.name), html.escape(row.notes[block]) if block < len(row.notes) else ""
    return (
        f'<div class="row"><div class="name"><b title="{name}">{name}</b><span>{note}</span></div><img '
        f'alt="{name}" src="{data_uri(picture)}"></div>'
    )


def joined(pictures: np.ndarray) -> np.ndarray:
    """(K, C, H, W) uint8 -> one (C, H, wide) picture of PER_BLOCK places, grey between them and where there is none."""
    magnify = max(1, 28 // pictures.shape[3])
    pictures = pictures.repeat(magnify, axis=2).repeat(magnify, axis=3)
    gap = np.full((*pictures.shape[1:3], max(1, pictures.shape[3] // 16)), 160, np.uint8)
    blank = np.full(pictures.shape[1:], 160, np.uint8)
    places = [*pictures, *[blank] * (PER_BLOCK - len(pictures))]
    return np.concatenate([part for place in places for part in (place, gap)][:-1], axis=2)
