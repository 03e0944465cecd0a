"""Pictures as an animated GIF that runs forwards and backwards;
rows of numbers become bar charts.
"""

from __future__ import annotations

import io

import numpy as np

PAUSE = 6
"""Frames for which the animation rests at each end."""

HEIGHT, BAR, GAP = 48, 8, 2
"""Pixels of a bar chart: its height, the width of a bar and the gap; long rows get thinner bars."""

INK, PAPER = np.array([0, 158, 115], np.uint8), np.array([240, 241, 243], np.uint8)
LONG = 40


def gif(pictures: np.ndarray, edge: int, per_second: float = 10.0) -> bytes:
    """Pictures (K, 1 or 3, H, W) uint8 as an endless GIF, forwards and backwards, with a pause at both ends.

    edge: the longest edge in pixels; each pixel of the pictures becomes a square of whole pixels if it
    is larger than theirs.
    """
    from PIL import Image

    height, width = pictures.shape[2:]
    scale = edge / max(height, width)
    whole = max(1, round(scale))
    size = (
        (width * whole, height * whole) if scale >= 1 else (max(1, round(width * scale)), max(1, round(height * scale)))
    )
    how = Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.BOX
    frames = []
    for picture in pictures:
        pixels = picture[0] if len(picture) == 1 else np.moveaxis(picture, 0, 2)
        image = Image.fromarray(np.ascontiguousarray(pixels)).resize(size, how)
        frames.append(image if len(picture) == 1 else image.quantize(256, dither=Image.Dither.NONE))
    step = max(20, 10 * round(100 / per_second))  # a GIF counts in hundredths of a second
    there = [step] * len(frames)
    there[0] = there[-1] = PAUSE * step
    file = io.BytesIO()
    back = frames[-2:0:-1]
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:] + back,
        duration=there + [step] * len(back),
        loop=0,
        optimize=False,
    )
    return file.getvalue()


def as_pictures(x: np.ndarray) -> np.ndarray:
    """Examples (N, *shape) in [0, 1] as pictures (N, 1 or 3, H, W) uint8:
    those with channels unchanged, others as bars.
    """
    x = np.clip(np.nan_to_num(x), 0, 1)
    if x.ndim == 4:
        kept = x if x.shape[1] in (1, 3) else x[:, :1]
        return (kept * 255).round().astype(np.uint8)
    rows = x.reshape(len(x), -1)
    bar, gap = (BAR, GAP) if rows.shape[1] <= LONG else (2, 0)
    columns = np.repeat(rows, bar + gap, axis=1)
    is_gap = np.arange(columns.shape[1]) % (bar + gap) >= bar
    filled = (
        np.arange(HEIGHT)[::-1, None] < np.round(columns * (HEIGHT - 1))[:, None] + 1
    ) & ~is_gap  # a zero is a line at the bottom
    edge = np.pad(filled, ((0, 0), (gap + 1, 1), (gap + 1, 0)))
    return np.where(edge[:, None], INK[None, :, None, None], PAPER[None, :, None, None])
