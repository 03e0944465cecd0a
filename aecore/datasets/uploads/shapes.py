"""What an uploaded array means: pictures or rows, which axis holds the colours, and which numbers become 0 and 1."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PIL import Image

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import Choice, Uploaded, UploadSettings, refuse_too_many
from aecore.datasets.uploads.columns import Table, scale_columns
from aecore.datasets.uploads.images import GREY, MAX_PIXELS, make_square
from aecore.datasets.uploads.labels import Labels, read_labels
from aecore.datasets.uploads.scales import find_scale

_CHANNELS = (1, 3, 4)
_SMALLEST = 8
"""Smallest side in pixels at which an array counts as pictures by default."""
_FEWEST = 5
_BLOCK = 4_000_000
"""Numbers that are converted at a time, so that large pictures do not all become floats at once."""


def understand(
    kind: str, name: str, array: np.ndarray, labels: np.ndarray | None, settings: UploadSettings
) -> Uploaded:
    """Examples from (N, D), (N, H, W), (N, H, W, C) or (N, C, H, W), or with N last; a note says which was taken.

    DataError otherwise.
    """
    array = _numbers(name, array)
    if array.ndim == 2:
        table, choices = _rows(name, array, settings)
    else:
        pictures, note, choices = _pictures(name, array, settings.layout)
        table = squares(name, pictures, settings, note)
    found = Labels() if labels is None else read_labels(labels, len(table.x))
    notes = (*table.notes, *((found.note,) if found.note else ()))
    return Uploaded(
        Examples(table.x, found.index), kind, found.classes, notes, table.columns, table.ranges,
        (*choices, *table.choices), table.scale,
    )  # fmt: skip


def _numbers(name: str, array: np.ndarray) -> np.ndarray:
    """The array if it holds finite numbers in two to four dimensions."""
    if array.dtype.kind not in "biuf":
        raise DataError(f"'{name}' holds text. Save an array of numbers.")
    if not 2 <= array.ndim <= 4:
        raise DataError(
            f"'{name}' has the shape {array.shape}. Save rows as (N, D), or pictures as (N, H, W), "
            "(N, H, W, C) or (N, C, H, W)."
        )
    if not array.size:
        refuse_too_many(name, 0, 0)
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


def _rows(name: str, array: np.ndarray, settings: UploadSettings) -> tuple[Table, tuple[Choice, ...]]:
    count, width = array.shape
    refuse_too_many(name, count, width)
    columns = tuple(f"column {i + 1}" for i in range(width))
    table, choices = as_rows_or_pictures(name, array, columns, settings)
    note = "" if settings.rows == "pictures" and choices else f"Understood as {count:,} rows of {width:,} numbers."
    return replace(table, notes=(*((note,) if note else ()), *table.notes)), choices


def as_rows_or_pictures(
    name: str, values: np.ndarray, columns: tuple[str, ...], settings: UploadSettings
) -> tuple[Table, tuple[Choice, ...]]:
    """Rows of numbers (N, D) unchanged or, if requested and D fits, each as a square picture."""
    side, channels = _side_of(values.shape[1])
    choices = (Choice("rows", ("numbers", "pictures"), settings.rows),) if side else ()
    if not side or settings.rows == "numbers":
        table = scale_columns(name, values, columns, settings.scale)
        colours = "three colours of " if channels == 3 else ""
        hint = f"{values.shape[1]:,} = {colours}{side} × {side}: such rows can be read as pictures."
        return replace(table, notes=(*((hint,) if side else ()), *table.notes)), choices
    pictures = values.reshape(-1, channels, side, side).transpose(0, 2, 3, 1)
    colour = " in colour" if channels == 3 else ""
    note = f"Each row of {values.shape[1]:,} numbers became a picture of {side} × {side}{colour}."
    return squares(name, pictures, settings, note), choices


def _side_of(width: int) -> tuple[int, int]:
    """Side and colours of the square picture with `width` numbers; 0 and 0 if there is none."""
    for channels in (1, 3):
        side = math.isqrt(width // channels)
        if side >= _SMALLEST and side * side * channels == width:
            return side, channels
    return 0, 0


def _pictures(name: str, array: np.ndarray, wanted: str) -> tuple[np.ndarray, str, tuple[Choice, ...]]:
    """(N, H, W, C), what was taken for what, and whether that could be otherwise."""
    first, last = _first_counts(array), _last_counts(array)
    if first is None and last is None:
        if array.ndim == 3:
            raise DataError(
                f"'{name}' has the shape {array.shape}, which is one colour picture. Save many as (N, H, W, C)."
            )
        raise DataError(
            f"'{name}' has the shape {array.shape}, in which no second or last axis of 1, 3 or 4 holds colours."
        )
    is_last = first is None or (last is not None and (wanted == "last" or (wanted == "auto" and _is_odd(first, last))))
    found = last if is_last and last is not None else first
    assert found is not None
    pictures, axes = found
    count, height, width, channels = pictures.shape
    refuse_too_many(name, count, height * width * channels)
    if height * width > MAX_PIXELS:
        raise DataError(
            f"'{name}' holds pictures of {height:,} x {width:,}; {MAX_PIXELS // 10**6} megapixels is the most."
        )
    colour = {1: "grey", 3: "colour", 4: "colour and transparency"}[channels]
    note = f"Understood as {count:,} pictures of {height} x {width} in {colour}, {axes}."
    if is_last:
        note += " The last axis counts the pictures, as in MATLAB."
    can_choose = first is not None and last is not None
    return pictures, note, (Choice("layout", ("first", "last"), "last" if is_last else "first"),) if can_choose else ()


_Found = tuple[np.ndarray, str]


def _first_counts(array: np.ndarray) -> _Found | None:
    """Pictures (N, H, W, C) and the name of the axes if the first axis counts them."""
    if array.ndim == 3:
        is_one_picture = array.shape[2] in (3, 4) and min(array.shape[:2]) >= _SMALLEST
        return None if is_one_picture else (array[..., None], "(N, H, W)")
    if array.shape[3] in _CHANNELS:
        return array, "(N, H, W, C)"
    return (array.transpose(0, 2, 3, 1), "(N, C, H, W)") if array.shape[1] in _CHANNELS else None


def _last_counts(array: np.ndarray) -> _Found | None:
    """The same if the last axis counts them."""
    if array.shape[-1] < _FEWEST or min(array.shape[:2]) < _SMALLEST:
        return None
    if array.ndim == 3:
        return array.transpose(2, 0, 1)[..., None], "(H, W, N)"
    return (array.transpose(3, 0, 1, 2), "(H, W, C, N)") if array.shape[2] in _CHANNELS else None


def _is_odd(first: _Found, last: _Found) -> bool:
    """Whether pictures are not square if the first axis counts them, and are if the last does."""
    return first[0].shape[1] != first[0].shape[2] and last[0].shape[1] == last[0].shape[2]


def squares(name: str, pictures: np.ndarray, settings: UploadSettings, note: str) -> Table:
    """x (N, C, S, S) float32 in [0, 1] and notes, from (N, H, W, C) of any numbers."""
    size, channels = settings.image_size, 3 if settings.colour else 1
    refuse_too_many(name, len(pictures), max(channels * size * size, 1))
    scale = find_scale(pictures, settings.scale)
    low, high = scale.low, scale.high
    x = np.empty((len(pictures), size, size, channels), dtype=np.float32)
    step = max(1, _BLOCK // pictures[0].size)
    for start in range(0, len(pictures), step):
        block = (
            pictures[start : start + step].astype(np.float64) / 2 - low / 2
        )  # halves, as the width may exceed all floats
        block = _coloured((block / max(high / 2 - low / 2, 5e-324)).astype(np.float32), channels)
        x[start : start + step] = block if block.shape[1:3] == (size, size) else _fit(block, settings)
    notes = [note, scale.note]
    height, width = pictures.shape[1:3]
    if (height, width) != (size, size):
        how = {
            "crop": "cropped to a square",
            "pad": "padded with white to a square",
            "stretch": "stretched to a square",
        }
        notes.append(f"Resized to {size} x {size}{'' if height == width else f' and {how[settings.fit]}'}.")
    if pictures.shape[3] != channels:
        notes.append(
            f"Brought to {'colour' if settings.colour else 'grey'}{', on white' if pictures.shape[3] == 4 else ''}."
        )
    x = np.ascontiguousarray(x.transpose(0, 3, 1, 2).clip(0, 1))
    return Table(x, tuple(notes), choices=(scale.choice,), scale=(low, high))


def _coloured(block: np.ndarray, channels: int) -> np.ndarray:
    """(B, H, W, 1, 3 or 4) -> (B, H, W, channels); transparency is put on white."""
    if block.shape[3] == 4:
        block = block[..., :3] * block[..., 3:] + (1 - block[..., 3:])
    if block.shape[3] == 3 and channels == 1:
        return (block @ GREY)[..., None]
    return np.broadcast_to(block, (*block.shape[:3], channels))


def _fit(block: np.ndarray, settings: UploadSettings) -> np.ndarray:
    """(B, H, W, C) -> (B, S, S, C), each colour resized by itself."""
    count, _, _, channels = block.shape
    planes = block.transpose(0, 3, 1, 2).reshape(count * channels, *block.shape[1:3])
    squares = np.stack([np.asarray(make_square(Image.fromarray(plane), settings)) for plane in planes])
    return squares.reshape(count, channels, *squares.shape[1:]).transpose(0, 2, 3, 1)
