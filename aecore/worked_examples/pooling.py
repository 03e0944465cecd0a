"""Max pooling with switches, unpooling and deconvolution of a small image, with every intermediate number.

Windows are 2 x 2 and two apart. The idea of switches is that of Zeiler, Taylor & Fergus 2011, "Adaptive deconvolutional
networks for mid and high level feature learning". Windows, parts and sums are listed in reading order throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

SIDES = (4, 6, 8, 10)
MOST = 1e6
"""Largest absolute value of a number."""

CORNERS = ("top left", "top right", "bottom left", "bottom right")

Way = Literal["switch", "spread", "stride"]
WAYS: tuple[Way, ...] = ("switch", "spread", "stride")
"""How the deconvolution places its kernels.

switch: for each pooled value a 2 x 2 kernel that is 1 at the switch, two apart. spread: one 3 x 3 kernel over the
unpooled map, stride 1, padding 1. stride: the same kernel over the pooled map, stride 2, padding 1, output padding 1.
"""


class PoolingError(ValueError):
    """An image or a kernel that cannot be used; the message says why."""


@dataclass(frozen=True)
class Deconvolution:
    """A transposed convolution taken apart: every value times its kernel, placed, and the sums.

    values (K,), kernels (K, k, k), corners (K, 2): row and column of each kernel's top left cell, which may lie
    outside. parts (K, H, W): value times kernel at its place. sums (K, H, W): of the parts so far. overlaps (H, W):
    kernels over each cell.
    """

    values: np.ndarray
    kernels: np.ndarray
    corners: np.ndarray
    parts: np.ndarray
    sums: np.ndarray
    overlaps: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """(H, W), the sum of all parts: what a transposed convolution returns."""
        return self.sums[-1]


@dataclass(frozen=True)
class Trace:
    """Every number of pooling and deconvolution of one image.

    image, unpooled, top_left, repeated (H, W); pooled (h, w) = (H / 2, W / 2); switches (h, w), flat indices into the
    image. top_left and repeated are unpooling without switches.
    """

    image: np.ndarray
    way: Way
    kernel: np.ndarray
    pooled: np.ndarray
    switches: np.ndarray
    unpooled: np.ndarray
    top_left: np.ndarray
    repeated: np.ndarray
    deconvolution: Deconvolution


def follow(image: ArrayLike, way: Way, kernel: ArrayLike) -> Trace:
    """The trace of an image (H, W), sides even and 4 to 10, and a kernel (3, 3).

    PoolingError if one cannot be used.
    """
    image, kernel = checked_image(image), checked_kernel(kernel)
    pooled, switches = pool(image)
    corners = top_left_switches(image.shape)
    unpooled = unpool(pooled, switches, image.shape)
    answer = deconvolve(pooled.ravel(), *_placed(way, kernel, switches, image.shape), image.shape)
    repeated = pooled.repeat(2, axis=0).repeat(2, axis=1)
    return Trace(image, way, kernel, pooled, switches, unpooled, unpool(pooled, corners, image.shape), repeated, answer)


def checked_image(values: ArrayLike) -> np.ndarray:
    """(H, W) float64. PoolingError unless all are numbers of at most a million and the sides are even, 4 to 10."""
    image = _checked(values, "image")
    if not set(image.shape) <= set(SIDES):
        raise PoolingError(
            f"The image has {image.shape[0]} x {image.shape[1]} cells; its sides must be "
            f"{', '.join(map(str, SIDES[:-1]))} or {SIDES[-1]}."
        )
    return image


def checked_kernel(values: ArrayLike) -> np.ndarray:
    """(3, 3) float64. PoolingError unless these are nine numbers of at most a million."""
    kernel = _checked(values, "kernel")
    if kernel.shape != (3, 3):
        raise PoolingError(f"The kernel has {kernel.shape[0]} x {kernel.shape[1]} cells; it must have 3 x 3.")
    return kernel


def _checked(values: ArrayLike, name: str) -> np.ndarray:
    try:
        array = np.array(values, float)
    except (TypeError, ValueError) as error:
        raise PoolingError(
            f"The {name} holds something that is no number, or its rows are not equally long."
        ) from error
    if array.ndim != 2:
        raise PoolingError(f"The {name} must be a table of rows and columns.")
    if not np.isfinite(array).all() or np.abs(array).max(initial=0.0) > MOST:
        raise PoolingError(f"The {name} holds a number beyond {MOST:,.0f}, which is the most that is taken.")
    return array + 0.0  # no negative zero


def windows(image: np.ndarray) -> np.ndarray:
    """(H, W) -> (H/2, W/2, 4): the cells of each window in reading order."""
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2).transpose(0, 2, 1, 3).reshape(height // 2, width // 2, 4)


def pool(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest of each window and its flat index in the image, (H/2, W/2) each;
    a tie goes to the first in reading order.
    """
    each = windows(image)
    first = each.argmax(-1)
    cells = windows(np.arange(image.size).reshape(image.shape))
    return each.max(-1), np.take_along_axis(cells, first[..., None], -1)[..., 0]


def unpool(pooled: np.ndarray, switches: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Each value at its switch, zero elsewhere: (H, W)."""
    unpooled = np.zeros(shape)
    unpooled.flat[switches.ravel()] = pooled.ravel()
    return unpooled


def top_left_switches(shape: tuple[int, ...]) -> np.ndarray:
    """Switches that all point to the first cell of their window, for unpooling without switches."""
    return np.arange(int(np.prod(shape))).reshape(shape)[::2, ::2]


def deconvolve(values: np.ndarray, kernels: np.ndarray, corners: np.ndarray, shape: tuple[int, ...]) -> Deconvolution:
    """Places each value's kernel and sums what overlaps. values (K,), kernels (K, k, k),
    corners (K, 2); see `Deconvolution`.
    """
    size = kernels.shape[1]
    room = np.zeros((2, len(values), shape[0] + 2 * size, shape[1] + 2 * size))  # a margin for parts beyond the edge
    for index, (value, kernel, (row, column)) in enumerate(zip(values, kernels, corners, strict=True)):
        place = np.s_[row + size : row + 2 * size, column + size : column + 2 * size]
        room[0, index][place], room[1, index][place] = value * kernel, 1
    parts, covers = room[:, :, size:-size, size:-size] + 0.0
    return Deconvolution(values, kernels, corners, parts, parts.cumsum(0), covers.sum(0).astype(int))


def _placed(
    way: Way, kernel: np.ndarray, switches: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The kernel of each pooled value and the place of its top left cell."""
    starts = top_left_switches(shape)
    cells = np.stack(np.unravel_index((switches if way == "spread" else starts).ravel(), shape), axis=1)
    if way == "switch":
        return np.eye(4)[corner_of(switches, shape).ravel()].reshape(-1, 2, 2), cells
    return np.repeat(kernel[None], switches.size, axis=0), cells - 1


def corner_of(switches: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """0 to 3: which corner of its window each switch points to, an index into `CORNERS`."""
    rows, columns = np.unravel_index(switches, shape)
    return 2 * (rows % 2) + columns % 2


def squared_error(image: np.ndarray, answer: np.ndarray) -> float:
    """Sum over all cells of the squared difference."""
    return float(np.square(answer - image).sum())


def lost(image: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """(H, W) booleans: the cells in which the answer differs from the image, rounding aside."""
    return np.abs(answer - image) > 1e-14 * np.abs([image, answer]).max()


def crowded_windows(image: np.ndarray) -> np.ndarray:
    """(h, w) booleans: windows with more than one nonzero number, of which only the largest is kept."""
    return (windows(image) != 0).sum(-1) > 1


def hidden_negatives(image: np.ndarray) -> np.ndarray:
    """(h, w) booleans: windows whose only nonzero number is negative,
    so that a 0 is the largest and the number is lost.
    """
    each = windows(image)
    return ((each != 0).sum(-1) == 1) & (each.min(-1) < 0)
