"""CORRUPTIONS: each a function (x, level, rng) -> noisy with level in [0, 1]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

Corrupt = Callable[[Tensor, float, torch.Generator], Tensor]


@dataclass(frozen=True)
class Corruption:
    """One kind of corruption. `apply` takes x (B, *shape) in [0, 1], a level and the generator of x's device.

    `level` says what the number between 0 and 1 means; level 0 changes nothing.
    """

    apply: Corrupt
    title: str
    level: str
    needs_image: bool = False


def masking(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Sets round(level * D) inputs of each example to zero, chosen afresh each time. Vincent et al. 2010, sec. 3.3."""
    hidden = round(level * x[0].numel())
    if hidden == 0:
        return x.clone()
    scores = torch.rand(len(x), x[0].numel(), generator=rng, device=x.device)
    chosen = scores.topk(hidden, dim=1, sorted=False).indices
    return x.flatten(1).scatter(1, chosen, 0.0).view_as(x)


def gaussian(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Adds normal noise of standard deviation `level`; the result is not clipped. Vincent et al. 2010, sec. 3.3."""
    return x + level * torch.randn(x.shape, generator=rng, device=x.device)


def salt_and_pepper(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Sets each input with probability `level` to 0 or 1 with equal probability. Vincent et al. 2010, sec. 3.3."""
    toss = torch.rand(x.shape, generator=rng, device=x.device)
    return torch.where(toss < level / 2, 0.0, torch.where(toss < level, 1.0, x))


def dropout(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Drops each input with probability `level` and divides the rest by 1 - level. Srivastava et al. 2014, sec. 4."""
    if level >= 1:
        return torch.zeros_like(x)
    return x * (torch.rand(x.shape, generator=rng, device=x.device) >= level) / (1 - level)


def blur(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Gaussian blur; the standard deviation is level * height / 8 pixels. Deterministic."""
    spread = level * x.shape[-2] / 8
    if spread == 0:
        return x.clone()
    reach = min(max(1, round(3 * spread)), min(x.shape[-2:]) - 1)
    offsets = torch.arange(-reach, reach + 1, device=x.device, dtype=x.dtype)
    kernel = torch.softmax(-0.5 * (offsets / spread) ** 2, 0)
    channels = x.shape[1]
    x = F.pad(x, (reach, reach, reach, reach), mode="reflect") if reach < min(x.shape[-2:]) else x
    x = F.conv2d(x, kernel.view(1, 1, -1, 1).expand(channels, 1, -1, 1), groups=channels)
    return F.conv2d(x, kernel.view(1, 1, 1, -1).expand(channels, 1, 1, -1), groups=channels)


def occlusion(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Hides a square of side round(level * height) behind zeros, at a place drawn for each example."""
    height, width = x.shape[-2:]
    side = min(round(level * height), height, width)
    top = torch.randint(0, height - side + 1, (len(x), 1, 1, 1), generator=rng, device=x.device)
    left = torch.randint(0, width - side + 1, (len(x), 1, 1, 1), generator=rng, device=x.device)
    rows = torch.arange(height, device=x.device).view(1, 1, -1, 1)
    columns = torch.arange(width, device=x.device).view(1, 1, 1, -1)
    inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return x.masked_fill(inside, 0.0)


def speckle(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Multiplies each input by 1 plus normal noise of standard deviation `level`: black stays black. Not clipped."""
    return x * (1 + level * torch.randn(x.shape, generator=rng, device=x.device))


def low_resolution(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """Means over blocks: round((1 - level) * side) of them, at least one, are left each way. Deterministic."""
    height, width = (max(1, round((1 - level) * side)) for side in x.shape[-2:])
    return F.interpolate(F.adaptive_avg_pool2d(x, (height, width)), x.shape[-2:], mode="nearest").clone()


def stroke(x: Tensor, level: float, rng: torch.Generator) -> Tensor:
    """A white line of width level * height / 4 through each picture, at a place and an angle drawn for each."""
    height, width = x.shape[-2:]
    half = level * height / 8
    place = torch.rand(2, len(x), 1, 1, 1, generator=rng, device=x.device)
    angle = torch.rand(len(x), 1, 1, 1, generator=rng, device=x.device) * torch.pi
    rows = torch.arange(height, device=x.device).view(1, 1, -1, 1) - (0.25 + 0.5 * place[0]) * (height - 1)
    columns = torch.arange(width, device=x.device).view(1, 1, 1, -1) - (0.25 + 0.5 * place[1]) * (width - 1)
    distance = (rows * angle.cos() - columns * angle.sin()).abs()
    covered = (half + 0.5 - distance).clamp(0, 1) * min(1.0, 2 * half)  # with soft edges
    return (x + (1 - x) * covered).to(x.dtype)


CORRUPTIONS: dict[str, Corruption] = {
    "masking": Corruption(masking, "Masking", "share of the inputs set to zero"),
    "gaussian": Corruption(gaussian, "Gaussian noise", "standard deviation of the noise"),
    "salt-and-pepper": Corruption(salt_and_pepper, "Salt and pepper", "share of the inputs set to black or white"),
    "dropout": Corruption(dropout, "Dropout on the input", "probability of dropping an input; the rest is scaled up"),
    "blur": Corruption(blur, "Blur", "width of the blur, 1 being an eighth of the picture", needs_image=True),
    "occlusion": Corruption(
        occlusion, "Occluding block", "side of the hidden square, as a share of the height", needs_image=True
    ),
    "speckle": Corruption(speckle, "Speckle", "standard deviation of the noise, as a share of each pixel's brightness"),
    "low-resolution": Corruption(
        low_resolution, "Low resolution", "share of the rows and columns that are lost", needs_image=True
    ),
    "stroke": Corruption(stroke, "Stroke", "width of a white line, 1 being a quarter of the height", needs_image=True),
}
