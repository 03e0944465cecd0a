"""A look at the headers of pictures, so that too many pixels are refused before one is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO

from PIL import Image

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import count_of

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_JPEG_SHARE = 4
"""A JPEG is decoded at a fraction of its size, so that its pixels cost about a quarter."""


def refuse_pixels(pictures: Iterable[Callable[[], IO[bytes]]], most: int) -> None:
    """DataError if the pictures have more pixels in all; what has no header of a picture counts nothing.

    A header may lie: decoding counts as well.
    """
    total = 0
    for place, open_picture in enumerate(pictures, 1):
        total += _cost(open_picture)
        if total > most:
            raise DataError(
                f"The first {count_of(place, 'picture')} alone have {total / 1e6:,.0f} megapixels; one upload may "
                f"have {most / 1e6:,.0f} in all, where those of a JPEG count for a quarter. "
                "Bring fewer pictures, or make them smaller first."
            )


def cost_of(image: Image.Image) -> int:
    """Pixels of a picture, for a limit on work."""
    pixels = image.width * image.height
    return pixels // _JPEG_SHARE if image.format in ("JPEG", "MPO") else pixels


def _cost(open_picture: Callable[[], IO[bytes]]) -> int:
    try:
        with open_picture() as stream, Image.open(stream, formats=FORMATS) as image:
            return cost_of(image)
    except MemoryError:
        raise
    except Exception:  # Pillow's parsers raise nearly anything on damaged bytes; the decoder will say what is wrong
        return 0
