"""What an uploaded array means: pictures or rows, which axis holds the colours, and which numbers become 0 and 1."""

from __future__ import annotations

import numpy as np
from PIL import Image

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import Uploaded, UploadSettings, as_labels, refuse_too_many
from aecore.datasets.uploads.columns import Table, scale_columns
from aecore.datasets.uploads.images import MAX_PIXELS, make_square

_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue in grey, ITU-R BT.601, as Pillow has them."""
_BLOCK = 4_000_000
"""Numbers that are converted at a time, so that large pictures do not all become floats at once."""


def understand(
    kind: str, name: str, array: np.ndarray, labels: np.ndarray | None, settings: UploadSettings
) -> Uploaded:
    """Examples from (N, D), (N, H, W), (N, H, W, C) or (N, C, H, W); a note says which was taken.

    DataError otherwise.
    """
    array = _numbers(name, array)
    index, classes = (None, ()) if labels is None else _labels(name, labels, len(array))
    if array.ndim == 2:
        table, note = _rows(name, array)
    else:
        pictures, note = _pictures(name, array)
        table = Table(*_squares(name, pictures, settings))
    notes = (note, *table.notes, *((f"{len(classes):,} classes from its labels.",) if classes else ()))
    return Uploaded(Examples(table.x, index), kind, classes, notes, table.columns, table.ranges)


def _numbers(name: str, array: np.ndarray) -> np.ndarray:
    """The array if it holds finite numbers in two to four dimensions."""
    if array.dtype.kind not in "biuf":
        raise DataError(f"'{name}' holds text. Save an array of numbers.")
    if not 2 <= array.ndim <= 4:
        raise DataError(
            f"'{name}' has the shape {array.shape}. Save rows as (N, D), or pictures as (N, H, W), "
            "(N, H, W, C) or (N, C, H, W)."
        )
    refuse_too_many(name, len(array), array[0].size if len(array) else 0)
    if array.dtype.itemsize > 8:
        with np.errstate(over="ignore", invalid="ignore"):
            array = array.astype(np.float64)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        at = np.unravel_index(np.flatnonzero(~np.isfinite(array))[0], array.shape)
        value, place = array[at], [int(i) + 1 for i in at]
        where = (
            f"row {place[0]}, column {place[1]}" if array.ndim == 2 else f"example {place[0]}, place {tuple(place[1:])}"
        )
        raise DataError(
            f"'{name}' holds {value} in {where} (counted from 1). Replace or remove what is not a finite number."
        )
    return array


def _labels(name: str, labels: np.ndarray, count: int) -> tuple[np.ndarray, tuple[str, ...]]:
    if labels.size != count or len(labels) != count:
        raise DataError(f"'{name}' has {count:,} examples, but labels of shape {labels.shape}. Give one label to each.")
    labels = labels.reshape(count)
    if labels.dtype.kind == "f" and not (np.isfinite(labels).all() and (labels == np.round(labels)).all()):
        raise DataError(f"The labels of '{name}' are not whole numbers. Give each example a whole number or a word.")
    try:
        if labels.dtype.kind == "S":
            return as_labels(each.decode("latin-1") for each in labels.tolist())
        return as_labels(f"{each:.0f}" if isinstance(each, float) else str(each) for each in labels.tolist())
    except (ValueError, SystemError) as error:  # letters that no alphabet has
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"The labels of '{name}' are not readable text. Give each example a whole number or a word."
        ) from error


def _rows(name: str, array: np.ndarray) -> tuple[Table, str]:
    count, width = array.shape
    side = round(width**0.5)
    hint = (
        f" To see them as pictures, save them as ({count}, {side}, {side})."
        if side >= 8 and side * side == width
        else ""
    )
    table = scale_columns(name, array, tuple(f"column {i + 1}" for i in range(width)))
    return table, f"Understood as {count:,} rows of {width:,} numbers.{hint}"


def _pictures(name: str, array: np.ndarray) -> tuple[np.ndarray, str]:
    """(N, H, W, C) and what was taken for what."""
    if array.ndim == 3:
        if array.shape[2] in (3, 4) and min(array.shape[:2]) >= 8:
            raise DataError(
                f"'{name}' has the shape {array.shape}, which is one colour picture. Save many as (N, H, W, C)."
            )
        pictures, axes = array[..., None], "(N, H, W)"
    elif array.shape[3] in (1, 3, 4):
        pictures, axes = array, "(N, H, W, C)"
    elif array.shape[1] in (1, 3, 4):
        pictures, axes = array.transpose(0, 2, 3, 1), "(N, C, H, W)"
    else:
        raise DataError(
            f"'{name}' has the shape {array.shape}, in which no second or last axis of 1, 3 or 4 holds colours."
        )
    count, height, width, channels = pictures.shape
    if height * width > MAX_PIXELS:
        raise DataError(
            f"'{name}' holds pictures of {height:,} x {width:,}; {MAX_PIXELS // 10**6} megapixels is the most."
        )
    colour = {1: "grey", 3: "colour", 4: "colour and transparency"}[channels]
    return pictures, f"Understood as {count:,} pictures of {height} x {width} in {colour}, {axes}."


def _squares(name: str, pictures: np.ndarray, settings: UploadSettings) -> tuple[np.ndarray, tuple[str, ...]]:
    """x (N, C, S, S) float32 in [0, 1] and notes, from (N, H, W, C) of any numbers."""
    size, channels = settings.image_size, 3 if settings.colour else 1
    refuse_too_many(name, len(pictures), channels * size * size)
    low, high, note = _range(pictures)
    x = np.empty((len(pictures), size, size, channels), dtype=np.float32)
    step = max(1, _BLOCK // pictures[0].size)
    for start in range(0, len(pictures), step):
        block = (
            pictures[start : start + step].astype(np.float64) / 2 - low / 2
        )  # halves, as the width may exceed all floats
        block = _coloured((block / max(high / 2 - low / 2, 5e-324)).astype(np.float32), channels)
        x[start : start + step] = block if block.shape[1:3] == (size, size) else _fit(block, settings)
    notes = [note]
    if pictures.shape[1:3] != (size, size):
        how = {"crop": "cropped", "pad": "padded with white", "stretch": "stretched"}[settings.fit]
        notes.append(f"Resized to {size} x {size}, {how} where they were not square.")
    if pictures.shape[3] != channels:
        notes.append(
            f"Brought to {'colour' if settings.colour else 'grey'}{', on white' if pictures.shape[3] == 4 else ''}."
        )
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2).clip(0, 1)), tuple(notes)


def _range(pictures: np.ndarray) -> tuple[float, float, str]:
    """Which numbers become 0 and 1, the same for all pictures, and a note."""
    low, high = float(pictures.min()), float(pictures.max())
    if low >= 0 and high <= 1:
        return 0.0, 1.0, "Its numbers lie between 0 and 1 and were kept."
    if low >= 0 and high <= 255 and (pictures.dtype == np.uint8 or high >= 128):
        return 0.0, 255.0, "Its numbers lie between 0 and 255 and were divided by 255."
    if low == high:
        return low, low + max(1.0, abs(low)), f"All its numbers are {low:g}, which became 0."
    return low, high, f"Its numbers were scaled from {low:g}..{high:g} to 0..1."


def _coloured(block: np.ndarray, channels: int) -> np.ndarray:
    """(B, H, W, 1, 3 or 4) -> (B, H, W, channels); transparency is put on white."""
    if block.shape[3] == 4:
        block = block[..., :3] * block[..., 3:] + (1 - block[..., 3:])
    if block.shape[3] == 3 and channels == 1:
        return (block @ _GREY)[..., None]
    return np.broadcast_to(block, (*block.shape[:3], channels))


def _fit(block: np.ndarray, settings: UploadSettings) -> np.ndarray:
    """(B, H, W, C) -> (B, S, S, C), each colour resized by itself."""
    count, _, _, channels = block.shape
    planes = block.transpose(0, 3, 1, 2).reshape(count * channels, *block.shape[1:3])
    squares = np.stack([np.asarray(make_square(Image.fromarray(plane), settings)) for plane in planes])
    return squares.reshape(count, channels, *squares.shape[1:]).transpose(0, 2, 3, 1)
