"""Uploaded pictures: validated, decoded, turned upright, made square and grey or coloured."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import (
    LIMITS,
    Choice,
    File,
    Uploaded,
    UploadLimits,
    UploadSettings,
    count_of,
    refuse_too_many,
    shown_name,
    some,
)
from aecore.datasets.uploads.deep_colours import WHITE, decode_deep, is_deep, levels_of
from aecore.datasets.uploads.headers import FORMATS, cost_of, refuse_pixels

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".bmp")
_BYTE, _BRIGHT = 255, 128
"""What is white in pictures of 8 bits; those that stay below half of it may have been made for another white."""

GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue in grey, ITU-R BT.601, as Pillow has them."""

MAX_PIXELS = 40_000_000
"""Pixels of one picture, known from its header before anything is decoded."""

_BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_ADVICE = "Open it in an image program, save it as PNG or JPEG and upload that."

Lazy = tuple[str, Callable[[], bytes]]
"""Name of a picture, and what reads it; the latter may raise DataError, which skips this picture."""


@dataclass(frozen=True)
class Decoded:
    """x: (N, C, S, S) float32 in [0, 1]. kept: which pictures these are. notes: what was done. choices: see there.

    content_notes: the notes that are not about size and shape, which a caller may change again.
    """

    x: np.ndarray
    kept: list[int]
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    content_notes: tuple[str, ...] = ()


def read_images(files: Sequence[File], settings: UploadSettings, limits: UploadLimits = LIMITS) -> Uploaded:
    """Pictures without labels. DataError if none of them can be read, or they have too many pixels in all."""
    refuse_pixels((partial(io.BytesIO, data) for _, data in files), limits.pixels)
    found = decode([(name, partial(bytes, data)) for name, data in files], settings, limits.pixels)
    return Uploaded(Examples(found.x), "images", notes=found.notes, choices=found.choices)


def decode(pictures: Sequence[Lazy], settings: UploadSettings, most_pixels: int = LIMITS.pixels) -> Decoded:
    """Those of the pictures that can be read, up to so many pixels in all. DataError if none can."""
    refuse_too_many("the upload", len(pictures), settings.image_size**2 * (3 if settings.colour else 1))
    rows: list[np.ndarray] = []  # (S, S) or (S, S, 3) uint8; float32 where a pixel has more than 8 bits
    kept: list[int] = []
    skipped: list[str] = []
    facts: Counter[str] = Counter()
    for i, (name, read) in enumerate(pictures):
        try:
            data = read()
            image = _opened(shown_name(name), data, facts, most_pixels)
            rows.append(_picture(image, data, shown_name(name), settings, facts))
            kept.append(i)
        except DataError as error:
            skipped.append(str(error))
    if not rows:
        many = f"None of the {len(skipped):,} images can be used: " if len(skipped) > 1 else ""
        raise DataError(f"{many}{some(skipped)}. {_ADVICE}")
    white, choices = _white(facts, settings.scale)
    size = settings.image_size
    x = np.empty((len(rows), size, size, 3 if settings.colour else 1), np.float32)
    for place, row in enumerate(rows):
        most = white if row.dtype == np.float32 or not facts["deep"] else _BYTE
        scaled = np.divide(row, most, dtype=np.float32)
        x[place] = scaled.clip(0, 1).reshape(size, size, -1)
    notes = _notes(facts, skipped, white)
    return Decoded(
        np.ascontiguousarray(x.transpose(0, 3, 1, 2)), kept, (*_size_notes(facts, settings), *notes), choices, notes
    )


def is_image(data: bytes) -> bool:
    """Whether a file begins as one of the pictures that can be read does, whatever its name is."""
    return data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or _is_bmp(data)


def _is_bmp(data: bytes) -> bool:
    """Whether a file is a BMP: two letters, and four zeros after the size."""
    return data[:2] == b"BM" and data[6:10] == bytes(4)


def _white(facts: Counter[str], wanted: str) -> tuple[int, tuple[Choice, ...]]:
    """The number that becomes 1, and the choice of another: of 16 bits the largest of the bits in use."""
    if not facts["deep"]:
        brightest = facts["brightest of 8"]
        is_dark = 0 < brightest < _BRIGHT
        taken = wanted if is_dark and wanted == "highest" else "bytes"
        choices = (Choice("scale", ("bytes", "highest"), taken),) if is_dark else ()
        return brightest if taken == "highest" else _BYTE, choices
    brightest = facts["brightest"]
    taken = wanted if wanted in ("highest", "full") else "bits"
    used = next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if brightest < 2**bits)
    white = {"highest": max(brightest, 1), "full": WHITE, "bits": used}[taken]
    return white, (Choice("scale", ("bits", "highest", "full"), taken),)


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


def _opened(name: str, data: bytes, facts: Counter[str], most_pixels: int) -> Image.Image:
    """The picture with only its header read, and its pixels counted. DataError if there are too many in all."""
    image = _open(name, data)
    facts["pixels"] += cost_of(image)
    if facts["pixels"] > most_pixels:
        raise DataError(f"'{name}' comes after {most_pixels // 10**6:,} megapixels, the most that one upload may hold")
    return image


def _picture(image: Image.Image, data: bytes, name: str, settings: UploadSettings, facts: Counter[str]) -> np.ndarray:
    """(S, S) or (S, S, 3) uint8, or float32 with the file's own numbers if they have 16 bits; adds to the facts.

    DataError, without a full stop, if it cannot be used.
    """
    found = {"resized": image.size != (settings.image_size,) * 2, "squared": image.width != image.height}
    try:
        found["animated"] = getattr(image, "is_animated", False) and image.format != "MPO"  # a phone's photograph
        if is_deep(data):
            planes, has_alpha = _planes(data, facts)
            found |= {"deep": True, "clear": has_alpha, "greyed": len(planes) > 1 and not settings.colour}
        else:
            image.draft(None, (4 * settings.image_size,) * 2)  # a large JPEG is decoded at a fraction of its size
            image.load()
            found |= {"deep": image.mode.startswith(("I", "F")), "clear": image.has_transparency_data}
            planes = [np.asarray(_upright(image), np.float32).clip(0, WHITE)] if found["deep"] else []
            facts["brightest"] = max([facts["brightest"], *(int(plane.max()) for plane in planes)])
        if not found["deep"]:
            image = _on_white(_upright(image))
            found["greyed"] = not settings.colour and image.mode not in ("1", "L", "LA")
            image = image if image.mode in ("L", "RGB") else image.convert("RGB")
            facts["brightest of 8"] = max(facts["brightest of 8"], int(np.max(image.getextrema())))
            image = image.convert("RGB" if settings.colour else "L")
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on damaged bytes
        raise DataError(f"'{name}' is damaged or truncated") from error
    facts.update({"kept": 1} | {fact: int(is_so) for fact, is_so in found.items()})
    return _deep_square(planes, settings) if found["deep"] else np.asarray(make_square(image, settings))


def _planes(data: bytes, facts: Counter[str]) -> tuple[list[np.ndarray], bool]:
    """One or three colours (H, W) of 16 bits, put on white where transparent; whether they can be transparent."""
    pairs = [levels_of(_upright(upper), _upright(lower)) for upper, lower in zip(*decode_deep(data), strict=True)]
    alpha = pairs.pop() / WHITE if len(pairs) in (2, 4) else None
    facts["brightest"] = max([facts["brightest"], *(int(plane.max()) for plane in pairs)])
    return pairs if alpha is None else [plane * alpha + WHITE * (1 - alpha) for plane in pairs], alpha is not None


def _deep_square(planes: Sequence[np.ndarray], settings: UploadSettings) -> np.ndarray:
    """(S, S) or (S, S, 3) float32 with the file's own numbers, of one or three colours (H, W)."""
    if len(planes) == 3 and not settings.colour:
        planes = [np.tensordot(GREY, np.stack(planes), 1)]
    squares = [np.asarray(make_square(Image.fromarray(plane / np.float32(WHITE)), settings)) for plane in planes]
    levels = np.stack(squares, -1) * np.float32(WHITE)
    return np.repeat(levels, 3 // len(planes), 2) if settings.colour else levels[..., 0]


def _open(name: str, data: bytes) -> Image.Image:
    """The picture with only its header read."""
    if not data:
        raise DataError(f"'{name}' is empty")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"'{name}' has more than {MAX_PIXELS // 10**6} megapixels, the most that can be read"
        ) from error
    except UnidentifiedImageError as error:
        raise DataError(f"'{name}' is not a PNG, JPEG, GIF, WebP or BMP image") from error
    except MemoryError:
        raise
    except Exception as error:  # Pillow's parsers raise nearly anything on damaged bytes
        raise DataError(f"'{name}' is damaged or truncated") from error
    if image.width * image.height > MAX_PIXELS:
        size = f"{image.width:,} x {image.height:,}"
        raise DataError(f"'{name}' is {size} pixels; at most {MAX_PIXELS // 10**6} megapixels can be read")
    return image


def _upright(image: Image.Image) -> Image.Image:
    """The picture rotated by its EXIF orientation; damaged EXIF is ignored."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # broken EXIF does not spoil the picture
        return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)


def _size_notes(facts: Counter[str], settings: UploadSettings) -> tuple[str, ...]:
    """What the pictures became, and how."""
    size, how = settings.image_size, {"crop": "cropped to", "pad": "padded with white to", "stretch": "stretched to"}
    done = {
        "resized": f"resized to {size} x {size}",
        "squared": f"{how[settings.fit]} a square",
        "greyed": "turned grey",
    }
    notes = [f"{count_of(facts['kept'], 'image')} of {size} x {size} in {'colour' if settings.colour else 'grey'}."]
    return (*notes, *(f"{count_of(facts[fact], 'image')} {what}." for fact, what in done.items() if facts[fact]))


def _notes(facts: Counter[str], skipped: Sequence[str], white: int) -> tuple[str, ...]:
    """What was done, each with the number of pictures that it was done to."""
    done = {
        "clear": "put on white where transparent",
        "animated": "taken from an animation, the first frame only",
        "deep": f"of 16 bits: {white:,} became white, and {facts['brightest']:,} is their brightest",
    }
    notes: list[str] = []
    dark = facts["brightest of 8"]
    if not facts["deep"] and 0 < dark < _BRIGHT:
        notes = [f"Their brightest number is {dark} of {_BYTE}; {white} became white."]
    notes += [f"{count_of(facts[fact], 'image')} {what}." for fact, what in done.items() if facts[fact]]
    if skipped:
        notes.append(f"{count_of(len(skipped), 'file')} skipped: {some(skipped)}.")
    return tuple(notes)
