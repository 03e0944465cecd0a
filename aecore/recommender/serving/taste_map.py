"""The taste map: a place in the plane for every film, close to the films it goes together with."""

from __future__ import annotations

import numpy as np

PERPLEXITY, COMPONENTS, NEIGHBOURS = 30, 30, 5


def film_places(weights: np.ndarray, counts: np.ndarray, least: int = 5, seed: int = 0) -> np.ndarray:
    """(F, D) what a model knows of the films -> (F, 2) float32 in [-1, 1], by t-SNE of the cosine distances.

    counts: (F,) how many people rated each. Films with fewer ratings than `least` have no say in the map: each
    is put at the mean of the five others nearest to it. van der Maaten & Hinton 2008, JMLR 9; Poličar
    et al. 2024, openTSNE, JSS 109(3).
    """
    directions = weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-12)
    known = np.flatnonzero(counts >= least)
    if len(known) < 4 * NEIGHBOURS:
        known = np.arange(len(weights))
    places = np.zeros((len(weights), 2))
    places[known] = _tsne(directions[known], seed)
    for film in np.setdiff1d(np.arange(len(weights)), known):
        near = np.argpartition(-(directions[known] @ directions[film]), NEIGHBOURS)[:NEIGHBOURS]
        places[film] = places[known[near]].mean(0)
    return (places / max(float(np.abs(places).max()), 1e-12)).astype(np.float32)


def taste_place(places: np.ndarray, columns: np.ndarray, stars: np.ndarray) -> np.ndarray:
    """(2,): where a person's taste lies, the mean of the places of their films,
    each weighed by its stars above 2; the middle without any.

    places: (F, 2). columns, stars: (N,) of what the person rated.
    """
    weights = np.maximum(0, np.asarray(stars, np.float64) - 2)
    if not weights.sum():
        return np.zeros(2)
    return weights @ places[columns] / weights.sum()


def _tsne(directions: np.ndarray, seed: int) -> np.ndarray:
    """(N, D) unit vectors -> (N, 2), centred. Few of them, or of few directions, are shown by PCA."""
    centred = directions - directions.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    components = centred @ axes[:COMPONENTS].T
    if len(directions) <= 3 * PERPLEXITY or components.shape[1] < 2:
        return np.pad(components, ((0, 0), (0, 2)))[:, :2]
    from openTSNE import TSNE

    start = components[:, :2] / max(float(components[:, 0].std()), 1e-12) * 1e-4
    found = TSNE(perplexity=PERPLEXITY, metric="cosine", initialization=start, random_state=seed, n_jobs=1).fit(
        components
    )
    return np.asarray(found) - np.asarray(found).mean(0)
