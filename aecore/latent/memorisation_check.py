"""Memorisation check: the exact nearest training picture of each generated picture."""

from __future__ import annotations

import numpy as np

AT_ONCE = 4_000
"""Training pictures compared at a time."""

CANDIDATES = 4
"""Candidates of each chunk, whose distances are recomputed without cancellation."""


def nearest(x: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For x (K, *shape) the index (K,) of the nearest of `among` (N, *shape),
    and the root mean squared difference per number (K,).

    Exact: distances are compared by |a|^2 - 2ab + |b|^2 in float32, and the best of each chunk measured again in
    float64. ValueError if there is nothing to compare with.
    """
    if not len(among):
        raise ValueError("There are no training pictures to compare with.")
    flat, others = x.reshape(len(x), -1).astype(np.float32), among.reshape(len(among), -1)
    found, best = np.zeros(len(x), np.int64), np.full(len(x), np.inf)
    for begin in range(0, len(others), AT_ONCE):
        part = others[begin : begin + AT_ONCE]
        rough = np.einsum("nd,nd->n", part, part) - 2 * flat @ part.T
        few = min(CANDIDATES, len(part))
        places = np.argpartition(rough, few - 1, axis=1)[:, :few]
        for column in places.T:
            exact = np.square(flat - part[column], dtype=np.float64).mean(1)
            is_nearer = exact < best
            found[is_nearer], best[is_nearer] = column[is_nearer] + begin, exact[is_nearer]
    return found, np.sqrt(best)
