"""PNG pictures of 16 bits a colour, of which Pillow alone keeps the upper eight."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFile

_PNG = b"\x89PNG\r\n\x1a\n"
_DEPTH, _COLOURS = 24, 25
"""Places in a PNG of the bits of a number, and of the kind of its colours."""

_KINDS = (b"\x02", b"\x04", b"\x06")
"""Three colours; grey with transparency; three colours with it."""

_LOWER = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L", "LA;16B": "RGBA"}
"""Pillow's layout of numbers -> one that gives their lower bytes; of grey and transparency all four bytes."""

WHITE = 65_535


def is_deep(data: bytes) -> bool:
    """Whether a file is a PNG with 16 bits a number and more than grey."""
    return data.startswith(_PNG) and data[_DEPTH : _DEPTH + 1] == b"\x10" and data[_COLOURS : _COLOURS + 1] in _KINDS


def decode_deep(data: bytes) -> tuple[list[Image.Image], list[Image.Image]]:
    """The upper and the lower bytes of each colour, and of transparency if there is any, as pictures of 8 bits.

    Any of Pillow's errors if the file is damaged.
    """
    upper, lower = (Image.open(io.BytesIO(data), formats=("PNG",)) for _ in range(2))
    assert isinstance(lower, ImageFile.ImageFile)
    (layout,) = {tile.args for tile in lower.tile}
    lower.tile = [tile._replace(args=_LOWER[str(layout)]) for tile in lower.tile]
    lower.load()
    if layout == "LA;16B":
        planes = lower.split()
        return [planes[0], planes[2]], [planes[1], planes[3]]
    upper.load()
    return list(upper.split()), list(lower.split())


def levels_of(upper: Image.Image, lower: Image.Image) -> np.ndarray:
    """(H, W) float32, 0 to 65,535."""
    return np.asarray(upper, np.float32) * 256 + np.asarray(lower, np.float32)
