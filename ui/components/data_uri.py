"""A picture as a PNG inside an address, for `src` attributes and for components."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image


def data_uri(picture: np.ndarray) -> str:
    """A (C, H, W) uint8 picture as a PNG inside an address."""
    pixels = picture[0] if len(picture) == 1 else np.moveaxis(picture[:3], 0, 2)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
