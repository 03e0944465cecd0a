"""Uploaded pictures: decoded with suspicion, turned upright, made square and grey or coloured."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import File, Uploaded, UploadSettings, count_of, refuse_too_many, shown_name, some

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
MAX_PIXELS = 40_000_000
"""Pixels of one picture, known from its header before anything is decoded."""
MAX_PIXELS_IN_ALL = 2_000_000_000

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_ADVICE = "Open it in an image program, save it as PNG or JPEG and upload that."

Lazy = tuple[str, Callable[[], bytes]]
"""Name of a picture, and what reads it; the latter may raise DataError, which skips this picture."""


def read_images(files: Sequence[File], settings: UploadSettings) -> Uploaded:
    """Pictures without labels. DataError if none of them can be read."""
    x, _, notes = decode([(name, partial(bytes, data)) for name, data in files], settings)
    return Uploaded(Examples(x), "images", notes=notes)


def decode(pictures: Sequence[Lazy], settings: UploadSettings) -> tuple[np.ndarray, list[int], tuple[str, ...]]:
    """x (N, C, S, S) float32 in [0, 1], which pictures were kept, and notes. DataError if none could be."""
    refuse_too_many("the upload", len(pictures), settings.image_size**2 * (3 if settings.colour else 1))
    rows: list[np.ndarray] = []
    kept: list[int] = []
    skipped: list[str] = []
    facts: Counter[str] = Counter()
    for i, (name, read) in enumerate(pictures):
        try:
            rows.append(_picture(shown_name(name), read(), settings, facts))
            kept.append(i)
        except DataError as error:
            skipped.append(str(error))
    if not rows:
        many = f"None of the {len(skipped):,} images can be used: " if len(skipped) > 1 else ""
        raise DataError(f"{many}{some(skipped)}. {_ADVICE}")
    x = np.stack(rows).reshape(len(rows), settings.image_size, settings.image_size, -1).transpose(0, 3, 1, 2)
    return np.divide(x, 255, dtype=np.float32, order="C"), kept, _notes(facts, skipped, settings)


def make_square(image: Image.Image, settings: UploadSettings) -> Image.Image:
    """The picture as a square of `image_size`; padding is white."""
    size = (settings.image_size, settings.image_size)
    if image.size == size:
        return image
    if settings.fit == "stretch":
        return image.resize(size, Image.Resampling.BICUBIC)
    if settings.fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BICUBIC)
    scale = settings.image_size / max(image.size)
    inner = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BICUBIC
    )
    white = 1 if image.mode == "F" else "white"
    square = Image.new(image.mode, size, white)
    square.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return square


def _picture(name: str, data: bytes, settings: UploadSettings, facts: Counter[str]) -> np.ndarray:
    """(S, S) or (S, S, 3) uint8; adds to the facts what was done.

    DataError, without a full stop, if it cannot be used.
    """
    image = _open(name, data)
    facts["pixels"] += image.width * image.height
    if facts["pixels"] > MAX_PIXELS_IN_ALL:
        raise DataError(
            f"'{name}' comes after {MAX_PIXELS_IN_ALL // 10**6:,} megapixels, the most that one upload may hold"
        )
    found = {"resized": image.size != (settings.image_size,) * 2}
    try:
        found["animated"] = getattr(image, "is_animated", False)
        image.draft(None, (4 * settings.image_size,) * 2)  # a large JPEG is decoded at a fraction of its size
        image.load()
        found |= {"deep": image.mode.startswith(("I", "F")), "clear": image.has_transparency_data}
        image = _on_white(_upright(image)).convert("RGB" if settings.colour else "L")
    except Exception as error:  # Pillow's decoders raise nearly anything on damaged bytes
        raise DataError(f"'{name}' is damaged or truncated") from error
    facts.update({"kept": 1} | {fact: int(is_so) for fact, is_so in found.items()})
    return np.asarray(make_square(image, settings))


def _open(name: str, data: bytes) -> Image.Image:
    """The picture with only its header read."""
    if not data:
        raise DataError(f"'{name}' is empty")
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"'{name}' has more than {MAX_PIXELS // 10**6} megapixels, the most that can be read"
        ) from error
    except UnidentifiedImageError as error:
        raise DataError(f"'{name}' is not a PNG, JPEG, GIF, WebP or BMP image") from error
    except Exception as error:  # Pillow's parsers raise nearly anything on damaged bytes
        raise DataError(f"'{name}' is damaged or truncated") from error
    if image.width * image.height > MAX_PIXELS:
        size = f"{image.width:,} x {image.height:,}"
        raise DataError(f"'{name}' is {size} pixels; at most {MAX_PIXELS // 10**6} megapixels can be read")
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF orientation says; damaged EXIF says nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a picture is not worse for what a camera wrote beside it
        return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):  # 16 bits, which Pillow would cut off at 255
        return Image.fromarray((np.asarray(image, dtype=np.float64) / 257).clip(0, 255).round().astype(np.uint8))
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)


def _notes(facts: Counter[str], skipped: Sequence[str], settings: UploadSettings) -> tuple[str, ...]:
    size, colour = settings.image_size, "colour" if settings.colour else "grey"
    how = {"crop": "cropped to a square", "pad": "padded with white to a square", "stretch": "stretched to a square"}[
        settings.fit
    ]
    done = f"resized to {size} x {size} {colour} and {how}" if facts["resized"] else f"of {size} x {size} {colour}"
    notes = [f"{count_of(facts['kept'], 'image')} {done}."]
    if facts["clear"]:
        notes.append(f"{count_of(facts['clear'], 'image')} with transparent parts put on white.")
    if facts["deep"]:
        notes.append(f"{count_of(facts['deep'], 'image')} of 16 bits a pixel brought to 8 bits.")
    if facts["animated"]:
        notes.append(f"Only the first frame of {count_of(facts['animated'], 'animation')} used.")
    if skipped:
        notes.append(f"{count_of(len(skipped), 'file')} skipped: {some(skipped)}.")
    return tuple(notes)
