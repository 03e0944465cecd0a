"""Points of the plane scattered around a spiral: two numbers each, so that the whole map
of a network can be plotted.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aecore.datasets.base import Dataset, Examples, split

COUNT, SEED = 3000, 11
TURNS = (0.35, 1.75)
"""Where the spiral begins and ends, in turns."""

CLASSES = ("inner third", "middle third", "outer third")
RADIUS, MIDDLE = 0.52, (0.6, 0.545)
"""Size and place that let the spiral fill the unit square."""

SCATTER = 0.012
"""Standard deviation of the points around the spiral; the square they lie in is 1 wide."""


def load(folder: Path | None = None) -> Dataset:
    """x (N, 2) in [0, 1]; the factor `position` runs from 0 in the middle to 1 at the end,
    evenly along it; labels: its thirds.
    """
    rng = np.random.default_rng(SEED)
    position = rng.random(COUNT)
    points = curve(position) + rng.normal(0, SCATTER, (COUNT, 2))
    labels = np.floor(position * len(CLASSES)).astype(np.int64)
    examples = Examples(np.clip(points, 0, 1).astype(np.float32), labels, {"position": position.astype(np.float32)})
    return split("spiral", examples, classes=CLASSES)


def curve(position: np.ndarray) -> np.ndarray:
    """The spiral itself: position (N,) in [0, 1] -> (N, 2). The radius grows with the angle, as Archimedes has it."""
    first, last = TURNS
    turns = np.sqrt(first**2 + (last**2 - first**2) * position)  # so that equal shares of points lie on equal lengths
    radius, angle = RADIUS * turns / last, 2 * np.pi * turns
    return np.array(MIDDLE) + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
