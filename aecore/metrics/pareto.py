"""The Pareto front: candidates that no other beats in both respects at once."""

from __future__ import annotations

from collections.abc import Sequence


def pareto_front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the points (cost, error), less being better in both, that no other point dominates; by rising cost.

    One point dominates another if it is nowhere worse and somewhere better, so equal points stand or fall together.
    """
    order = sorted(range(len(points)), key=lambda index: points[index])
    front: list[int] = []
    for index in order:
        if not front or points[index][1] < points[front[-1]][1] or points[index] == points[front[-1]]:
            front.append(index)
    return front
