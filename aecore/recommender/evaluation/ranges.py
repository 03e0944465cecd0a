"""Ranges of predicted stars as the cards of the Movies page show them, and whether actual stars lie within."""

from __future__ import annotations

import numpy as np

from aecore.recommender.ratings.table import HIGHEST, LOWEST

Range = tuple[np.ndarray, np.ndarray]
"""The lowest and the highest stars, each of the shape of the predictions."""

TINY = 1e-9


def bar(stars: np.ndarray, spread: np.ndarray) -> Range:
    """A spread on either side of the predicted stars, within the scale: the coloured part of the bar."""
    return np.maximum(LOWEST, stars - spread), np.minimum(HIGHEST, stars + spread)


def written_range(stars: np.ndarray, spread: np.ndarray) -> Range:
    """The same with ends to the nearest half star, as they are written beside the bar."""
    low, high = (np.round(2 * each) / 2 for each in (stars - spread, stars + spread))
    return np.maximum(LOWEST, low), np.minimum(HIGHEST, high)


def is_within(within: Range, stars: np.ndarray) -> np.ndarray:
    """Bool of the shape of `stars`: whether each actual rating lies in its range, ends included."""
    low, high = within
    return (stars >= low - TINY) & (stars <= high + TINY)
