"""UMAP's layout by umap-learn, with intermediate states."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator

import numpy as np

WATCH_SECONDS = 0.25
EXTENT = 10.0
"""UMAP starts within a square of this side."""


def umap_layout(
    near: np.ndarray, distances: np.ndarray, start: np.ndarray, min_dist: float, iterations: int, seed: int
) -> Iterator[tuple[np.ndarray, int]]:
    """Positions (N, dims) and rounds done, a few times a second, the final ones last.

    near, distances: (N, K) the neighbours of each point without itself; start: (N, dims) initial positions.
    umap-learn has no callback between its rounds, but updates an array in place that can be read meanwhile.
    """
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

    random = np.random.RandomState(seed)
    count = len(near)
    itself = np.column_stack([np.arange(count), near]).astype(np.int32)
    far = np.column_stack([np.zeros(count), distances]).astype(np.float32)
    graph = fuzzy_simplicial_set(
        np.zeros((count, 1), np.float32), itself.shape[1], random, "euclidean", knn_indices=itself, knn_dists=far
    )[0].tocoo()
    graph.data[graph.data < graph.data.max() / iterations] = 0.0
    graph.eliminate_zeros()
    a, b = find_ab_params(1.0, min_dist)
    extent = np.maximum(np.ptp(start, axis=0), 1e-12)
    positions = np.ascontiguousarray(EXTENT * (start - start.min(0)) / extent, np.float32)
    state = random.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max - 1, 3).astype(np.int64)
    pulls = make_epochs_per_sample(graph.data, iterations)
    counter, failures = _Counter(), []

    def work() -> None:
        try:
            optimize_layout_euclidean(
                positions, positions, graph.row, graph.col, iterations, count, pulls, a, b, state,
                tqdm_kwds={"file": counter, "disable": False, "mininterval": 0.0, "total": iterations}, move_other=True,
            )  # fmt: skip
        except BaseException as error:
            failures.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    while worker.is_alive():
        yield positions.copy(), min(counter.done, iterations - 1)
        before = time.monotonic()
        worker.join(WATCH_SECONDS)
        while worker.is_alive() and time.monotonic() - before < WATCH_SECONDS:
            worker.join(WATCH_SECONDS)
    if failures:
        raise failures[0]
    yield positions, iterations


class _Counter(io.StringIO):
    """Reads the number of rounds from the progress bar that umap-learn draws."""

    done = 0

    def write(self, text: str) -> int:
        found = re.search(r"\| (\d+)/\d+", text)
        if found:
            self.done = int(found[1])
        return len(text)
