"""Pictures as files: JPEG, WebP and PNG, each picture by itself or all of them as one mosaic, and their bytes."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

QUALITIES = (1, 5, 10, 20, 35, 50, 70, 85, 95)
"""Settings of JPEG and WebP that are tried, from the smallest file to the best picture."""


@dataclass(frozen=True)
class FileFormat:
    """A format of Pillow and its save options. is_lossless: whether every picture is preserved exactly."""

    title: str
    pillow: str
    options: dict[str, Any] = field(default_factory=dict)
    is_lossless: bool = False

    @property
    def qualities(self) -> tuple[int | None, ...]:
        """Possible values of `quality`; a single None where the format has no such setting."""
        return (None,) if self.is_lossless else QUALITIES


FORMATS = {
    "jpeg": FileFormat("JPEG", "JPEG", {"optimize": True}),
    "webp": FileFormat("WebP", "WEBP", {"method": 4}),
    "png": FileFormat("PNG", "PNG", {"optimize": True}, is_lossless=True),
    "webp-lossless": FileFormat(
        "WebP, lossless", "WEBP", {"lossless": True, "quality": 80, "method": 4}, is_lossless=True
    ),
}


def to_file(picture: np.ndarray, name: str, quality: int | None = None) -> bytes:
    """A picture (C, H, W) uint8 as a file. KeyError if FORMATS has no such name."""
    how = FORMATS[name]
    file = io.BytesIO()
    _image(picture).save(file, how.pillow, **how.options, **({} if quality is None else {"quality": quality}))
    return file.getvalue()


def from_file(content: bytes, channels: int) -> np.ndarray:
    """A file as a picture (C, H, W) uint8, grey if it has one channel."""
    with Image.open(io.BytesIO(content)) as image:
        pixels = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    return pixels[None] if channels == 1 else np.moveaxis(pixels, 2, 0)


def blank_bytes(shape: tuple[int, ...], name: str, quality: int | None = None) -> int:
    """Size of the file of a black picture, which is nearly all header."""
    return len(to_file(np.zeros(shape, np.uint8), name, quality))


def mosaic(pictures: np.ndarray) -> np.ndarray:
    """(N, C, H, W) -> one picture (C, rows H, columns W), row by row, nearly square;
    unused places are black.
    """
    count, channels, height, width = pictures.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    places = np.zeros((rows * columns, channels, height, width), pictures.dtype)
    places[:count] = pictures
    return (
        places.reshape(rows, columns, channels, height, width)
        .transpose(2, 0, 3, 1, 4)
        .reshape(channels, rows * height, columns * width)
    )


def cut(big: np.ndarray, count: int, shape: tuple[int, ...]) -> np.ndarray:
    """The first `count` pictures (N, C, H, W) of a mosaic: the inverse of `mosaic`."""
    channels, height, width = shape
    rows, columns = big.shape[1] // height, big.shape[2] // width
    return big.reshape(channels, rows, height, columns, width).transpose(1, 3, 0, 2, 4).reshape(-1, *shape)[:count]


def resized(pictures: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Pictures (N, C, H, W) uint8 in another shape (C', H', W'): scaled, made grey or given three equal colours."""
    channels, height, width = shape
    scaled = [
        _image(picture).convert("L" if channels == 1 else "RGB").resize((width, height), Image.Resampling.LANCZOS)
        for picture in pictures
    ]
    pixels = np.stack([np.asarray(each) for each in scaled])
    return pixels[:, None] if channels == 1 else np.ascontiguousarray(np.moveaxis(pixels, 3, 1))


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[0] if len(picture) == 1 else np.moveaxis(picture[:3], 0, 2)))
