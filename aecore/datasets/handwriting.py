"""Preprocessing of a drawing: cut out, scaled and centred like a network's training pictures."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.ndimage import center_of_mass, shift

from aecore.datasets import DataError

INK = 0.02
"""A pixel brighter than this belongs to the drawing."""

BOX, SIDE = 20, 28
"""MNIST's digits were scaled into a box of 20 x 20 pixels and laid into 28 x 28, their centre of mass in the middle."""


def cut_out(drawing: np.ndarray) -> np.ndarray:
    """The smallest part of a drawing (H, W) in [0, 1] that holds all its ink. DataError if there is none."""
    rows, columns = (np.flatnonzero((drawing > INK).any(axis)) for axis in (1, 0))
    if not len(rows):
        raise DataError("The sheet is still empty: draw something on it.")
    return drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def like_mnist(drawing: np.ndarray) -> np.ndarray:
    """A white drawing on black, (H, W) in [0, 1] -> (1, 28, 28) float32, prepared as the digits of MNIST were.

    Source: LeCun, Cortes and Burges 1998, The MNIST database. DataError if there is nothing on the sheet.
    """
    ink = _scaled(cut_out(drawing), BOX)
    sheet = np.zeros((SIDE, SIDE), np.float32)
    top, left = ((SIDE - side) // 2 for side in ink.shape)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    moves = [
        round(SIDE / 2 - place) for place in center_of_mass(sheet)
    ]  # whole pixels: MNIST's own digits come out unchanged
    return shift(sheet, moves, order=0)[None]


def like_digits(drawing: np.ndarray) -> np.ndarray:
    """A white drawing on black, (H, W) in [0, 1] -> (1, 8, 8) float32, prepared as the small digits were.

    Scaled to fill 32 x 32 pixels of black or white, of which each 4 x 4 are counted: Alpaydin & Kaynak 1998.
    """
    ink = _scaled(cut_out(drawing), 32)
    sheet = np.zeros((32, 32), np.float32)
    top, left = ((32 - side) // 2 for side in ink.shape)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink > 0.5
    return sheet.reshape(8, 4, 8, 4).mean((1, 3))[None]


def without_padding(picture: np.ndarray) -> np.ndarray:
    """A square picture (S, S) without the white bands that made it one,
    above and below or on both sides.
    """
    for axis in (1, 0):
        inside = np.flatnonzero((picture < 1).any(axis))
        band = min(inside[0], len(picture) - 1 - inside[-1]) if len(inside) else 0
        if band:
            kept = slice(band, len(picture) - band)
            return picture[kept] if axis == 1 else picture[:, kept]
    return picture


def from_photo(picture: np.ndarray) -> np.ndarray:
    """A photograph of writing, (H, W) in [0, 1], as white on black: paper becomes 0, ink 1.

    DataError if it is all one grey.
    """
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    paper = float(np.median(edge))
    ink = picture - paper if paper < 0.5 else paper - picture
    darkest = float(np.quantile(ink, 0.995))
    if darkest < 0.08:
        raise DataError(
            "Nothing can be made out in the picture: it is all about the same grey. "
            "Choose one with a dark stroke on bright paper."
        )
    return np.clip((ink / darkest - 0.25) / 0.5, 0, 1).astype(np.float32)


def like(drawing: np.ndarray, data: str, shape: tuple[int, ...]) -> np.ndarray:
    """A drawing as an example of the data set `data`, of this shape: (H, W) in [0, 1] -> (C, H', W') float32."""
    if data == "digits":
        return like_digits(drawing)
    if shape == (1, SIDE, SIDE):
        return like_mnist(drawing)
    cut_out(drawing)  # refuses an empty sheet
    picture = Image.fromarray(drawing.astype(np.float32)).resize(shape[:0:-1], Image.Resampling.BOX)
    return np.repeat(np.clip(np.asarray(picture, np.float32), 0, 1)[None], shape[0], axis=0)


def _scaled(ink: np.ndarray, longest: int) -> np.ndarray:
    """(H, W) scaled so that its longer side has `longest` pixels."""
    factor = longest / max(ink.shape)
    height, width = (max(1, round(factor * side)) for side in ink.shape)
    picture = Image.fromarray(ink.astype(np.float32)).resize(
        (width, height), Image.Resampling.LANCZOS if factor > 1 else Image.Resampling.BOX
    )
    return np.clip(np.asarray(picture, np.float32), 0, 1)
