"""What a map keeps of the truth: whether near on the map is near in the code, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from aecore.latent.code_set import CodeError
from aecore.latent.neighbours import neighbours

NEAR = 15
"""Neighbours by which trust and what is kept are measured."""

VOTERS = 10
"""Neighbours that vote on a class."""

AT_ONCE = 500


@dataclass(frozen=True)
class Preservation:
    """Measures of one map of K points. near: how many neighbours count as near.

    trust: (K,) trustworthiness of each point, 1 if all its neighbours on the map are near in the code too; their mean
    is that of the map (Venna & Kaski 2001). kept: (K,) share of each point's neighbours in the code that are its
    neighbours on the map. votes_code, votes_map: accuracy of the class that the VOTERS nearest others vote for, in
    the code and on the map; NaN without classes. mixing_code, mixing_map: (C, C) the share of neighbours of class j
    that points of class i have.
    """

    near: int
    trust: np.ndarray
    kept: np.ndarray
    votes_code: float
    votes_map: float
    mixing_code: np.ndarray
    mixing_map: np.ndarray

    def to_arrays(self) -> dict[str, np.ndarray]:
        """For a file."""
        return {each.name: np.asarray(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> Preservation:
        """What `to_arrays` wrote. TypeError if something is missing."""
        simple = {"near": int, "votes_code": float, "votes_map": float}
        return cls(**{name: simple[name](value) if name in simple else value for name, value in arrays.items()})


def measure(
    codes: np.ndarray, positions: np.ndarray, labels: np.ndarray | None = None, classes: int = 0
) -> Preservation:
    """Compares codes (K, Z) with a map (K, dims), by straight distances in both.

    CodeError if there are fewer than four points.
    """
    count = len(codes)
    near = min(NEAR, (count - 1) // 2)
    if near < 1 or count < 4:
        raise CodeError(f"{count} points are too few to say what a map keeps; at least four are needed.")
    wide = min(max(near, VOTERS), count - 1)
    in_code, on_map = neighbours(codes, wide)[0], neighbours(positions, wide)[0]
    votes = (accuracy(in_code, labels), accuracy(on_map, labels)) if labels is not None else (np.nan, np.nan)
    mixings = [
        mixing(near_ones, labels, classes) if labels is not None else np.zeros((0, 0))
        for near_ones in (in_code, on_map)
    ]
    return Preservation(
        near, _trust(codes, on_map[:, :near]), shared(in_code[:, :near], on_map[:, :near]), *votes, *mixings
    )


def shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The share (K,) of the neighbours (K, k) of each point in `first` that are among its neighbours in `second`."""
    return (first[:, :, None] == second[:, None, :]).any(2).mean(1)


def accuracy(near: np.ndarray, labels: np.ndarray, voters: int = VOTERS) -> float:
    """Share of points whose class has the most votes among their nearest others (K, k);
    among equals the nearest wins.
    """
    votes = labels[near[:, :voters]]
    count = (votes[:, :, None] == votes[:, None, :]).sum(2)
    return float((np.take_along_axis(votes, count.argmax(1)[:, None], 1)[:, 0] == labels).mean())


def mixing(near: np.ndarray, labels: np.ndarray, classes: int, voters: int = VOTERS) -> np.ndarray:
    """(C, C): of the neighbours that points of class i have, the share of class j; zeros for a class without points."""
    found = np.zeros((classes, classes))
    np.add.at(found, (np.repeat(labels, min(voters, near.shape[1])), labels[near[:, :voters]].ravel()), 1.0)
    return found / np.maximum(found.sum(1, keepdims=True), 1.0)


def overlaps(mixed: np.ndarray) -> list[tuple[int, int, float]]:
    """Pairs of classes (i, j, share), the most mixed first: the mean of the shares that each has among
    the other's neighbours.
    """
    both = (mixed + mixed.T) / 2
    pairs = [(i, j, float(both[i, j])) for i in range(len(both)) for j in range(i + 1, len(both))]
    return sorted(pairs, key=lambda pair: -pair[2])


def _trust(codes: np.ndarray, on_map: np.ndarray) -> np.ndarray:
    """Trustworthiness of each point, (K,); Venna & Kaski 2001, eq. 1, without the mean over points.

    Of a neighbour on the map only its rank in the code matters, so that others are counted, not sorted.
    """
    count, near = on_map.shape
    squares = np.square(codes).sum(1)
    trust = np.empty(count)
    for begin in range(0, count, AT_ONCE):
        rows = np.arange(begin, min(begin + AT_ONCE, count))
        distances = squares[rows, None] + squares[None] - 2 * codes[rows] @ codes.T
        distances[np.arange(len(rows)), rows] = np.inf
        beyond = np.zeros(len(rows))
        for neighbour in on_map[rows].T:
            rank = 1 + (distances < distances[np.arange(len(rows)), neighbour][:, None]).sum(1)
            beyond += np.maximum(rank - near, 0)
        trust[rows] = 1 - 2 / (near * (2 * count - 3 * near - 1)) * beyond
    return trust
