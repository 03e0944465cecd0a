"""The vector field of a network on data of two numbers: where it maps points and a grid of the plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIDE = 25
"""Points along each side of the grid."""

SHOWN = 400
"""Test examples that are shown."""


def is_plane(shape: tuple[int, ...]) -> bool:
    """Whether examples of this shape are points of the plane."""
    return tuple(shape) == (2,)


def places(test: np.ndarray) -> np.ndarray:
    """Inputs of the field: a grid over the unit square, then the first test examples, (SIDE^2 + K, 2) float32."""
    ticks = np.linspace(-0.05, 1.05, SIDE, dtype=np.float32)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return np.concatenate([grid, test[:SHOWN]]).astype(np.float32)


@dataclass(frozen=True)
class Plane:
    """grid (SIDE^2, 2) and points (K, 2), and where the network maps them."""

    grid: np.ndarray
    grid_sent: np.ndarray
    points: np.ndarray
    points_sent: np.ndarray

    @classmethod
    def of(cls, asked: np.ndarray, sent: np.ndarray) -> Plane:
        """From `places` and the network's answers, each (SIDE^2 + K, 2)."""
        cut = SIDE * SIDE
        return cls(asked[:cut], sent[:cut], asked[cut:], sent[cut:])

    @property
    def arrows(self) -> np.ndarray:
        """r(x) - x on the grid, (SIDE^2, 2). For a denoiser of small Gaussian noise of variance s^2 it approaches s^2
        times the gradient of log p(x), and so points towards the data (Alain & Bengio 2014, arXiv:1211.4246, theorem 1)
        """
        return self.grid_sent - self.grid
