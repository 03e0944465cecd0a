"""Convolutions that halve a picture's sides and their mirror images that double them again,
for pictures of any size.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aecore.nn.layers import drawn, undrawn

Shrink = Literal["pooling", "strides"]
Size = tuple[int, int]


def halved(size: Size) -> Size:
    """Height and width after one halving; odd ones are rounded up."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2


class Halve(nn.Module):
    """(B, inputs, H, W) -> (B, outputs, ⌈H/2⌉, ⌈W/2⌉): a convolution, its activation,
    and where `shrink` is pooling, 2x2 max pooling.

    Otherwise the convolution has stride 2.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        shrink: Shrink,
        activation: tuple[str, nn.Module],
        rng: torch.Generator,
    ) -> None:
        super().__init__()
        name, self.activation = activation
        self.shrink, self.kernel = shrink, kernel
        layer = undrawn(nn.Conv2d, inputs, outputs, kernel, stride=2 if shrink == "strides" else 1)
        self.convolution = drawn(layer, inputs * kernel**2, outputs * kernel**2, name, rng)

    def forward(self, x: Tensor) -> Tensor:
        """Halves the sides."""
        x = self.activation(self.convolution(framed(x, self.kernel)))
        return F.max_pool2d(x, 2, ceil_mode=True) if self.shrink == "pooling" else x


class Double(nn.Module):
    """(B, inputs, ⌈H/2⌉, ⌈W/2⌉) -> (B, outputs, H, W): the mirror image of `Halve`, without an activation.

    Against pooling, each value is repeated in a 2x2 square and a convolution smooths the result; against strides, a
    transposed convolution lays down the kernel once for each value, two pixels apart. Dumoulin & Visin 2016
    (arXiv:1603.07285), section 4.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, shrink: Shrink, size: Size, rng: torch.Generator
    ) -> None:
        super().__init__()
        self.shrink, self.kernel, self.size = shrink, kernel, size
        kind: Any = nn.ConvTranspose2d if shrink == "strides" else nn.Conv2d
        share = 4 if shrink == "strides" else 1  # a quarter of the kernel contributes to an output pixel
        layer = undrawn(kind, inputs, outputs, kernel, stride=2 if shrink == "strides" else 1)
        self.convolution = drawn(layer, inputs * kernel**2 // share, outputs * kernel**2, "linear", rng)

    def forward(self, x: Tensor) -> Tensor:
        """Doubles the sides, and cuts to the size that was halved."""
        height, width = self.size
        if self.shrink == "pooling":
            doubled = F.interpolate(x, scale_factor=2, mode="nearest")[:, :, :height, :width]
            return self.convolution(framed(doubled, self.kernel))
        before = (self.kernel - 1) // 2
        return self.convolution(x)[:, :, before : before + height, before : before + width]


def framed(x: Tensor, kernel: int) -> Tensor:
    """x with a frame of zeros, so that a kernel of any size, odd or even, yields one output per pixel."""
    before, after = (kernel - 1) // 2, kernel // 2
    return F.pad(x, (before, after, before, after)).contiguous(memory_format=torch.channels_last)  # faster by a quarter
