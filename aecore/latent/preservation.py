"""Neighbourhood preservation of a map: whether near on the map is near in the code, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from aecore.latent.code_set import CodeError
from aecore.latent.neighbours import neighbours

NEAR = 15
"""Neighbours by which trustworthiness and neighbourhood preservation are measured."""

KNN = 10
"""Neighbours of the kNN accuracy and of the class overlap."""

STORED = {
    "knn_accuracy_code": "votes_code",
    "knn_accuracy_map": "votes_map",
    "class_overlap_code": "mixing_code",
    "class_overlap_map": "mixing_map",
}
"""Fields of `Preservation` whose arrays have another name in the file."""

AT_ONCE = 500


@dataclass(frozen=True)
class Preservation:
    """Measures of one map of K points. near: how many neighbours count as near.

    trust: (K,) trustworthiness of each point, 1 if all its neighbours on the map are near in the code too; their mean
    is that of the map (Venna & Kaski 2001). kept: (K,) share of each point's neighbours in the code that are its
    neighbours on the map. knn_accuracy_code, knn_accuracy_map: leave-one-out accuracy of a kNN classifier with k = KNN
    in the code and on the map; NaN without classes. class_overlap_code, class_overlap_map: (C, C) the share of
    neighbours of class j that points of class i have.
    """

    near: int
    trust: np.ndarray
    kept: np.ndarray
    knn_accuracy_code: float
    knn_accuracy_map: float
    class_overlap_code: np.ndarray
    class_overlap_map: np.ndarray

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The measures as arrays for a file."""
        return {STORED.get(each.name, each.name): np.asarray(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> Preservation:
        """What `to_arrays` wrote. TypeError if something is missing."""
        simple = {"near": int, "knn_accuracy_code": float, "knn_accuracy_map": float}
        names = {stored: name for name, stored in STORED.items()}
        found = {names.get(stored, stored): value for stored, value in arrays.items()}
        return cls(**{name: simple[name](value) if name in simple else value for name, value in found.items()})


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
    wide = min(max(near, KNN), count - 1)
    in_code, on_map = neighbours(codes, wide)[0], neighbours(positions, wide)[0]
    accuracies = [knn_accuracy(near_ones, labels) if labels is not None else np.nan for near_ones in (in_code, on_map)]
    class_overlaps = [
        class_overlap(near_ones, labels, classes) if labels is not None else np.zeros((0, 0))
        for near_ones in (in_code, on_map)
    ]
    return Preservation(
        near, _trust(codes, on_map[:, :near]), shared(in_code[:, :near], on_map[:, :near]), *accuracies, *class_overlaps
    )


def shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The share (K,) of the neighbours (K, k) of each point in `first` that are among its neighbours in `second`."""
    return (first[:, :, None] == second[:, None, :]).any(2).mean(1)


def knn_accuracy(near: np.ndarray, labels: np.ndarray, k: int = KNN) -> float:
    """Share of points whose class is the most frequent one among their nearest others (K, k);
    a tie goes to the nearest.
    """
    found = labels[near[:, :k]]
    count = (found[:, :, None] == found[:, None, :]).sum(2)
    return float((np.take_along_axis(found, count.argmax(1)[:, None], 1)[:, 0] == labels).mean())


def class_overlap(near: np.ndarray, labels: np.ndarray, classes: int, k: int = KNN) -> np.ndarray:
    """(C, C): the share of class j among the neighbours of points of class i; zeros for a class without points."""
    found = np.zeros((classes, classes))
    np.add.at(found, (np.repeat(labels, min(k, near.shape[1])), labels[near[:, :k]].ravel()), 1.0)
    return found / np.maximum(found.sum(1, keepdims=True), 1.0)


def overlaps(shares: np.ndarray) -> list[tuple[int, int, float]]:
    """Pairs of classes (i, j, share), the largest overlap first: the mean of the shares that each has among
    the other's neighbours.
    """
    both = (shares + shares.T) / 2
    pairs = [(i, j, float(both[i, j])) for i in range(len(both)) for j in range(i + 1, len(both))]
    return sorted(pairs, key=lambda pair: -pair[2])


def _trust(codes: np.ndarray, on_map: np.ndarray) -> np.ndarray:
    """Trustworthiness of each point, (K,); Venna & Kaski 2001, eq. 1, without the mean over points.

    Only the rank in the code of a neighbour on the map matters, so the closer codes are counted, not sorted.
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
