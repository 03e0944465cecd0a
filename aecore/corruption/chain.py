"""Chains of corruptions, written as a text that fits into a link: `gaussian_0.5~blur_0.2`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aecore.corruption import Corruption

MOST = 4
"""Longest chain."""


class CorruptionError(ValueError):
    """A chain of corruptions that cannot be applied; the message says why."""


@dataclass(frozen=True)
class CorruptionStep:
    """One corruption at one level between 0 and 1."""

    name: str
    level: float


def kinds(shape: tuple[int, ...]) -> dict[str, Corruption]:
    """The corruptions that can be applied to examples of this shape."""
    from aecore.corruption import CORRUPTIONS

    return {name: each for name, each in CORRUPTIONS.items() if len(shape) == 3 or not each.needs_image}


def apply(x: np.ndarray, chain: Sequence[CorruptionStep], seed: int) -> np.ndarray:
    """x (N, *shape) float32 with each corruption in turn; the same seed gives the same result,
    independent of later corruptions.
    """
    import torch

    noisy, known = torch.from_numpy(x), kinds(x.shape[1:])
    for number, each in enumerate(chain):
        if each.name not in known:
            raise CorruptionError(f"'{each.name}' cannot be done to these examples; there are {', '.join(known)}.")
        noisy = known[each.name].apply(noisy, each.level, torch.Generator().manual_seed(1000 * seed + number))
    return noisy.numpy().astype(np.float32)


def as_text(chain: Sequence[CorruptionStep]) -> str:
    """The chain as text for a link; `from_text` reads it back."""
    return "~".join(f"{each.name}_{each.level:g}" for each in chain)


def from_text(text: str, shape: tuple[int, ...]) -> tuple[CorruptionStep, ...]:
    """The chain that a link describes, for examples of this shape. CorruptionError if it describes none."""
    pieces = [piece for piece in text[:400].split("~") if piece]
    if len(pieces) > MOST:
        raise CorruptionError(f"The link asks for {len(pieces)} corruptions in a row; there can be {MOST}.")
    return tuple(_step(piece, shape) for piece in pieces)


def _step(piece: str, shape: tuple[int, ...]) -> CorruptionStep:
    name, _, written = piece.rpartition("_")
    if name not in kinds(shape):
        raise CorruptionError(
            f"The link asks for the corruption '{name[:30]}', which there is not; there are {', '.join(kinds(shape))}."
        )
    try:
        level = float(written)
    except ValueError:
        level = math.nan
    if not 0 <= level <= 1:
        raise CorruptionError(
            f"The link asks for {name} of strength '{written[:20]}'; it must be a number from 0 to 1."
        )
    return CorruptionStep(name, level)
