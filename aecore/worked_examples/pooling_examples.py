"""Example images and kernels of the Pooling page."""

from __future__ import annotations

IMAGES: dict[str, tuple[tuple[float, ...], ...]] = {
    "One per window": (
        (0, 5, 0, 0),
        (0, 0, 3, 0),
        (0, 0, 0, 2),
        (8, 0, 0, 0),
    ),
    "Two in a window": (
        (4, 5, 0, 0),
        (0, 0, 3, 0),
        (0, 0, 6, 2),
        (8, 0, 0, 0),
    ),
    "Below zero": (
        (-1, -2, 0, 0),
        (-3, -4, -5, 0),
        (2, -6, -7, 0),
        (0, 0, 0, 4),
    ),
    "Flat patches": (
        (3, 3, 7, 7),
        (3, 3, 7, 7),
        (1, 1, 5, 5),
        (1, 1, 5, 5),
    ),
    "Drawn two": (
        (0, 0, 3, 8, 9, 5, 0, 0),
        (0, 2, 9, 4, 2, 9, 3, 0),
        (0, 1, 4, 0, 0, 8, 5, 0),
        (0, 0, 0, 0, 2, 9, 2, 0),
        (0, 0, 0, 1, 8, 5, 0, 0),
        (0, 0, 1, 8, 6, 0, 0, 0),
        (0, 1, 8, 7, 1, 1, 2, 0),
        (0, 4, 9, 9, 9, 8, 6, 0),
    ),
}
"""The first is reconstructed exactly, as in every textbook example of switches; the others show losses."""

KERNELS: dict[str, tuple[tuple[float, ...], ...]] = {
    "Tent": ((0.25, 0.5, 0.25), (0.5, 1, 0.5), (0.25, 0.5, 0.25)),
    "Box": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
    "Repeat": ((0, 0, 0), (0, 1, 1), (0, 1, 1)),
    "Identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
}
"""Tent fills in along straight lines; Box makes overlaps easy to count;
Repeat copies to the right and below; Identity only places.
"""
