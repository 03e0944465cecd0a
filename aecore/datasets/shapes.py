"""Six shapes drawn by code, each with a place, size, angle and line of its own: a data set with known factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aecore.datasets.base import SPLIT_SEED, DataError, Dataset, Examples, shuffled, split
from aecore.datasets.drawn import drawn_once

SIZE = 28
"""Pixels along each side of a picture."""

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]

THINNEST = 1.5
"""Width in pixels of the line at thickness 0: thinner lines would look grey."""


@dataclass(frozen=True)
class Recipe:
    """The factors behind drawn examples. choices: the names of their values; measures: lowest and highest value."""

    choices: dict[str, tuple[str, ...]]
    measures: dict[str, tuple[float, float]]

    def sample(self, count: int, seed: int) -> dict[str, np.ndarray]:
        """Every factor of `count` examples, each drawn uniformly and independently of the others. DataError below 0."""
        if count < 0:
            raise DataError(f"{count} examples cannot be drawn; ask for 3 or more.")
        rng = np.random.default_rng(seed)
        columns = {name: rng.integers(len(values), size=count) for name, values in self.choices.items()}
        for name, (low, high) in self.measures.items():
            columns[name] = (low + (high - low) * rng.random(count)).astype(np.float32)
        return columns

    def complete(self, factors: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """All factors as (N,) arrays; a single number holds for every example, a missing factor is the first or middle.

        DataError if a name is unknown, a value is none of the choices or out of range, or the lengths differ.
        """
        bounds = {name: (0.0, len(values) - 1.0) for name, values in self.choices.items()} | self.measures
        if unknown := set(factors) - set(bounds):
            raise DataError(f"There is no factor '{min(unknown)}'; there are {', '.join(bounds)}.")
        columns = {}
        for name, (low, high) in bounds.items():
            usual = 0 if name in self.choices else (low + high) / 2
            values = np.atleast_1d(factors.get(name, usual)).astype(np.float32)
            if not np.all((values >= np.float32(low)) & (values <= np.float32(high))):
                raise DataError(f"'{name}' must lie between {low:g} and {high:g}.")
            if name in self.choices and np.any(values % 1):
                raise DataError(f"'{name}' is a choice; give its number, 0 to {high:g}.")
            columns[name] = values.astype(np.int64) if name in self.choices else values
        try:
            return dict(zip(columns, np.broadcast_arrays(*columns.values()), strict=True))
        except ValueError as error:
            raise DataError("Factors must be single numbers or columns of one length.") from error


RECIPE = Recipe(
    {"shape": ("circle", "square", "triangle", "star", "heart", "cross")},
    {"x": (-4.0, 4.0), "y": (-4.0, 4.0), "scale": (5.5, 8.0), "rotation": (0.0, 360.0), "thickness": (0.0, 1.0)},
)
"""x, y: pixels from the picture's centre to the shape's, to the right and down. scale: radius in pixels of the circle
around the shape. rotation: degrees clockwise; after some turns a shape looks as before, a circle after all of them.
thickness: 0 is a line 1.5 pixels wide, 1 a filled shape. Whatever the factors, the border of 1 pixel stays black."""


def load(folder: Path | None = None, *, count: int = 10_000, seed: int = 0) -> Dataset:
    """`count` shapes drawn from `seed`, x (N, 1, 28, 28), white on black; labels and factor 'shape' are the same.

    The factors and their units are those of `RECIPE`. `folder` is not used. DataError if `count` is below 3.
    """
    order = shuffled(count)
    factors = {name: values[order] for name, values in RECIPE.sample(count, seed).items()}
    pictures = drawn_once("shapes", [count, seed, SPLIT_SEED], (__name__,), lambda: draw(factors))
    examples, choices = Examples(pictures, factors["shape"], factors), dict(RECIPE.choices)
    return split("shapes", examples, classes=choices["shape"], factor_values=choices, is_shuffled=True)


def draw(factors: Mapping[str, object]) -> np.ndarray:
    """The pictures (N, 1, 28, 28) float32 in [0, 1] with these factors; missing ones as in `Recipe.complete`.

    Nothing is random: `draw({"shape": 4, "rotation": [0, 90]})` is one heart at two angles. DataError as `complete`.
    """
    columns = RECIPE.complete(factors)
    pictures = np.empty((len(columns["shape"]), 1, SIZE, SIZE), np.float32)
    for choice, (distance, depth) in enumerate(SHAPES):
        rows = np.flatnonzero(columns["shape"] == choice)
        for chunk in np.split(rows, range(256, len(rows), 256)):  # 256 pictures fit into the processor's cache
            chosen = {name: values[chunk, None, None] for name, values in columns.items()}
            pictures[chunk, 0] = _ink(chosen, distance, depth)
    return pictures


def _ink(factors: dict[str, np.ndarray], distance: Distance, depth: float) -> np.ndarray:
    """How much of each pixel (N, 28, 28) the line of one kind of shape covers, from 0 to 1."""
    across = np.arange(SIZE, dtype=np.float32) - np.float32(SIZE / 2 - 0.5)
    x, y = across - factors["x"], across[:, None] - factors["y"]
    # Libraries may differ in the last bit of a cosine; rounded to float32, all machines draw the same bytes.
    angle = np.deg2rad(factors["rotation"].astype(np.float64))
    cos, sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    scale = factors["scale"]
    outside = scale * distance((cos * x + sin * y) / scale, (cos * y - sin * x) / scale)
    width = THINNEST + factors["thickness"] * (depth * scale + np.float32(0.5) - THINNEST)
    return np.clip(0.5 + np.minimum(-outside, outside + width), 0, 1)


# Signed distances to the edge, negative inside, of shapes in a circle of radius 1 around (0, 0), y pointing down.
# After Inigo Quilez, iquilezles.org/articles/distfunctions2d.


def _circle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.sqrt(x * x + y * y) - 1


def _square(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(abs(x), abs(y)) - np.float32(0.5**0.5)


def _triangle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(np.float32(0.75**0.5) * abs(x) - y / 2, y) - np.float32(0.5)


def _star(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x, y = abs(x), -y
    for cos, sin in ((0.809017, -0.587785), (-0.809017, -0.587785)):  # fold the five rays onto one
        beyond = 2 * np.maximum(np.float32(cos) * x + np.float32(sin) * y, 0)
        x, y = x - np.float32(cos) * beyond, y - np.float32(sin) * beyond
    x, y = abs(x), y - 1
    side_x, side_y = np.float32(0.48 * 0.587785), np.float32(0.48 * 0.809017 - 1)  # from the tip to an inner corner
    along = np.clip((x * side_x + y * side_y) / (side_x**2 + side_y**2), 0, 1)
    gap_x, gap_y = x - side_x * along, y - side_y * along
    return np.sqrt(gap_x * gap_x + gap_y * gap_y) * np.sign(y * side_x - x * side_y)


def _heart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    radius = np.float32(0.6306)  # of the circle around a heart whose tip lies at (0, 0) and whose cleft at (0, 1)
    x, y = abs(x) * radius, (1 - y) * radius
    lobe = np.sqrt((x - 0.25) ** 2 + (y - 0.75) ** 2) - np.float32(0.125**0.5)
    slope = np.maximum(x + y, 0) / 2
    side = np.sqrt(np.minimum(x * x + (y - 1) ** 2, (x - slope) ** 2 + (y - slope) ** 2)) * np.sign(x - y)
    return np.where(x + y > 1, lobe, side) / radius


def _cross(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    arm, reach = np.float32(0.3), np.float32((1 - 0.3**2) ** 0.5)
    near, far = np.minimum(abs(x), abs(y)), np.maximum(abs(x), abs(y))
    return np.where(far < arm, -np.sqrt((arm - near) ** 2 + (arm - far) ** 2), np.maximum(near - arm, far - reach))


SHAPES: tuple[tuple[Distance, float], ...] = (
    (_circle, 1.0), (_square, 0.5**0.5), (_triangle, 0.5), (_star, 0.48), (_heart, 0.657), (_cross, 0.3 * 2**0.5),
)  # fmt: skip
"""Distance and depth, the distance from the innermost point to the edge, in the order of `RECIPE.choices["shape"]`."""
