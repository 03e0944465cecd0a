"""The taste map: places every film on a plane, close to similar films."""

from __future__ import annotations

import numpy as np

PERPLEXITY, COMPONENTS, NEIGHBOURS = 30, 30, 5


def film_places(weights: np.ndarray, counts: np.ndarray, least: int = 5, seed: int = 0) -> np.ndarray:
    """(F, D) vectors of the films -> (F, 2) float32 in [-1, 1], by t-SNE of the cosine distances.

    counts: (F,) number of ratings. Films with fewer than `least` ratings do not shape the map: each
    is placed at the mean of its five nearest neighbours. van der Maaten & Hinton 2008, JMLR 9; Poličar
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
    """(2,): place of a user's taste, the mean of the places of the rated films,
    weighted by stars above 2; the origin without any.

    places: (F, 2). columns, stars: (N,) of the user's ratings.
    """
    weights = np.maximum(0, np.asarray(stars, np.float64) - 2)
    if not weights.sum():
        return np.zeros(2)
    return weights @ places[columns] / weights.sum()


def _tsne(directions: np.ndarray, seed: int) -> np.ndarray:
    """(N, D) unit vectors -> (N, 2), centred; by PCA if there are few vectors or dimensions."""
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
