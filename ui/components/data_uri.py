"""A picture as a PNG inside an address, for `src` attributes and for components."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

import numpy as np
from PIL import Image

SMALL = 16 * 1024
"""Bytes of a picture that is encoded once: those of the rows and strips that everybody sees again and again."""


def data_uri(picture: np.ndarray) -> str:
    """A (C, H, W) uint8 picture as a PNG inside an address."""
    if picture.nbytes <= SMALL:
        return _encoded_once(picture.tobytes(), picture.shape)
    return _encoded(picture)


@lru_cache(maxsize=2048)
def _encoded_once(pixels: bytes, shape: tuple[int, ...]) -> str:
    return _encoded(np.frombuffer(pixels, np.uint8).reshape(shape))


def _encoded(picture: np.ndarray) -> str:
    pixels = picture[0] if len(picture) == 1 else np.moveaxis(picture[:3], 0, 2)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
