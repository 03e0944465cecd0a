"""METHODS: the ways to make a map of codes; each yields its intermediate states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from aecore.latent.code_set import CodeError
from aecore.latent.neighbours import neighbours
from aecore.latent.umap_layout import umap_layout
from aecore.settings import Settings, knob

Metric = Literal["euclidean", "cosine"]
METRIC_HELP = (
    "What near means: the straight distance between two codes, or the angle between them, "
    "which forgets how large they are."
)
SEED_HELP = "Another number, other random draws: what both maps show is there, what only one shows may be chance."

WIDE, COMPONENTS = 100, 50
"""Codes of more than WIDE numbers are first reduced to their COMPONENTS principal components,
as is customary for t-SNE and UMAP.
"""

CHUNK = 25
"""Steps of t-SNE between two states."""

TREE_UP_TO = 3000
"""Points up to which the Barnes-Hut tree is faster than interpolation, in two dimensions;
openTSNE has only the tree for three.
"""

NEIGHBOURS_PER_PERPLEXITY = 3
"""Neighbours that t-SNE uses for each unit of perplexity (van der Maaten 2014)."""


@dataclass(frozen=True)
class Picture:
    """positions: (N, dims) float32; step of how many; memory: arrays from which the method resumes."""

    positions: np.ndarray
    step: int
    of: int
    memory: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class CodeView(Settings):
    """The code itself: two or three of its numbers."""

    across: int = knob(1, "Which number of the code runs from left to right.", low=1, high=8192)
    up: int = knob(2, "Which number of the code runs upwards.", low=1, high=8192)
    deep: int = knob(
        3, "Which number of the code runs into the screen, on a map in three dimensions.", low=1, high=8192
    )


@dataclass(frozen=True)
class PcaView(Settings):
    """Principal components: nothing to set."""


@dataclass(frozen=True)
class TsneSettings(Settings):
    """t-SNE (van der Maaten & Hinton 2008)."""

    perplexity: float = knob(
        30.0, "Roughly how many neighbours each point tries to keep near. Small: many small islands. "
        "Large: the broad order counts more.",
        low=2.0, high=300.0, log=True,
    )  # fmt: skip
    iterations: int = knob(
        500,
        "Steps. The first 250 pull neighbours together with exaggerated force, the rest spread them out.",
        low=260,
        high=3000,
        log=True,
    )
    metric: Metric = knob("euclidean", METRIC_HELP)
    exaggeration: float = knob(
        12.0, "How much stronger than real the pull is in the first 250 steps.", low=1.0, high=50.0, advanced=True
    )
    seed: int = knob(0, SEED_HELP, low=0, high=9999, advanced=True)


@dataclass(frozen=True)
class UmapSettings(Settings):
    """UMAP (McInnes, Healy & Melville 2018)."""

    neighbours: int = knob(15, "How many neighbours each point tries to keep near.", low=2, high=200, log=True)
    min_dist: float = knob(
        0.1, "How near two points may come on the map: small values pack them tightly.", low=0.0, high=0.99
    )
    iterations: int = knob(200, "Rounds over all pairs of neighbours.", low=20, high=1000, log=True)
    metric: Metric = knob("euclidean", METRIC_HELP)
    seed: int = knob(0, SEED_HELP, low=0, high=9999, advanced=True)


def code_view(codes: np.ndarray, settings: CodeView, dims: int, memory: dict[str, np.ndarray]) -> Iterator[Picture]:
    """Two or three numbers of the code unchanged. CodeError if the code is shorter."""
    chosen = (settings.across, settings.up, settings.deep)[:dims]
    size = codes.shape[1]
    if size == 1 and dims == 2:  # one number: it becomes the x axis
        yield Picture(np.column_stack([codes[:, 0], np.zeros(len(codes), np.float32)]), 1, 1)
        return
    if max(chosen) > size:
        raise CodeError(
            f"The code has only {size} number{'s' if size > 1 else ''}, and there is no number {max(chosen)}. "
            f"Choose numbers from 1 to {size}."
        )
    yield Picture(codes[:, [number - 1 for number in chosen]].astype(np.float32), 1, 1)


def pca_view(codes: np.ndarray, settings: PcaView, dims: int, memory: dict[str, np.ndarray]) -> Iterator[Picture]:
    """The principal components of the codes (Pearson 1901); where there are fewer than
    `dims`, the rest is zero.
    """
    yield Picture(principal(codes, dims), 1, 1)


def tsne(codes: np.ndarray, settings: TsneSettings, dims: int, memory: dict[str, np.ndarray]) -> Iterator[Picture]:
    """t-SNE by openTSNE (Poličar, Stražar & Zupan 2019), from PCA or resumed from `memory`.

    CodeError if there are too few points.
    """
    _refuse_perplexity(settings.perplexity, len(codes))
    from openTSNE import TSNEEmbedding, affinity, nearest_neighbors

    codes = narrowed(codes)
    near, distances = neighbours(codes, int(NEIGHBOURS_PER_PERPLEXITY * settings.perplexity), settings.metric)
    known = nearest_neighbors.PrecomputedNeighbors(near, distances)
    links = affinity.PerplexityBasedNN(perplexity=settings.perplexity, knn_index=known, n_jobs=1)
    start = memory["positions"].astype(np.float64) if memory else _small(principal(codes, dims), settings.seed)
    method = "fft" if dims == 2 and len(codes) > TREE_UP_TO else "bh"
    embedding = TSNEEmbedding(start, links, negative_gradient_method=method, n_jobs=1, random_state=settings.seed)
    step = int(memory["step"]) if memory else 0
    if memory:
        embedding.optimizer.gains = memory["gains"].astype(np.float64)
    while step < settings.iterations:
        is_early = step < 250
        count = min(CHUNK, (250 if is_early else settings.iterations) - step)
        embedding.optimize(
            count,
            exaggeration=settings.exaggeration if is_early else None,
            momentum=0.5 if is_early else 0.8,
            inplace=True,
        )
        step += count
        yield Picture(
            np.asarray(embedding, np.float32),
            step,
            settings.iterations,
            {"gains": np.asarray(embedding.optimizer.gains, np.float32)},
        )


def umap(codes: np.ndarray, settings: UmapSettings, dims: int, memory: dict[str, np.ndarray]) -> Iterator[Picture]:
    """UMAP by umap-learn, from PCA. CodeError if there are too few points."""
    _refuse_neighbours(settings.neighbours, len(codes))
    codes = narrowed(codes)
    near, distances = neighbours(codes, settings.neighbours, settings.metric)
    start = _small(principal(codes, dims), settings.seed)
    for positions, step in umap_layout(near, distances, start, settings.min_dist, settings.iterations, settings.seed):
        yield Picture(positions, step, settings.iterations)


@dataclass(frozen=True)
class Method:
    """One way to make a map. is_instant: fast enough to wait for. draw: (codes, settings, dims, memory) -> states.

    check: (codes, settings), raises CodeError if there are too few points.
    """

    title: str
    about: str
    settings: type[Settings]
    is_instant: bool
    draw: Callable[[np.ndarray, Any, int, dict[str, np.ndarray]], Iterator[Picture]]
    check: Callable[[np.ndarray, Any], None] = lambda codes, settings: None


METHODS: dict[str, Method] = {
    "tsne": Method(
        "t-SNE",
        "Moves points until near neighbours are near. It cares for neighbours only: "
        "how far apart two islands lie, and how large they are, says nothing.",
        TsneSettings, False, tsne, lambda codes, settings: _refuse_perplexity(settings.perplexity, len(codes)),
    ),
    "umap": Method(
        "UMAP", "Like t-SNE, with other forces; it often keeps a little more of the broad order. "
        "Distances between islands still say little.",
        UmapSettings, False, umap, lambda codes, settings: _refuse_neighbours(settings.neighbours, len(codes)),
    ),
    "pca": Method(
        "PCA", "The flat shadow in which the codes spread widest. Far on the map is far in the code; "
        "near may be an accident.", PcaView, True, pca_view,
    ),
    "code": Method("Code itself", "Two or three numbers of the code, as they are.", CodeView, True, code_view),
}  # fmt: skip


def principal(codes: np.ndarray, count: int) -> np.ndarray:
    """The first principal components (N, count) float32, the sign so that the largest loading is positive;
    zeros where there are no more.
    """
    centred = codes.astype(np.float64) - codes.mean(0)
    wide = centred.shape[1] > len(centred)
    values, vectors = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    order = np.argsort(-values)[: min(count, len(values))]
    if wide:
        scores = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
        scores = scores * np.sign(scores[np.abs(scores).argmax(0), np.arange(scores.shape[1])])
    else:
        axes = vectors[:, order]
        scores = centred @ (axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])]))
    return np.pad(scores, ((0, 0), (0, count - scores.shape[1]))).astype(np.float32)


def narrowed(codes: np.ndarray) -> np.ndarray:
    """The input of t-SNE and UMAP: the codes, or their COMPONENTS principal components if they have
    more than WIDE numbers.
    """
    return principal(codes, COMPONENTS) if codes.shape[1] > WIDE else codes


def _small(start: np.ndarray, seed: int) -> np.ndarray:
    """The initial map of t-SNE: PCA scaled to nearly a point (Kobak & Linderman 2021);
    empty directions get a little noise.
    """
    start = start.astype(np.float64) / max(float(start[:, 0].std()), 1e-12) * 1e-4
    is_empty = start.std(0) < 1e-12
    start[:, is_empty] = np.random.default_rng(seed).normal(0, 1e-5, (len(start), int(is_empty.sum())))
    return start


def _refuse_perplexity(perplexity: float, count: int) -> None:
    least = int(np.ceil(NEIGHBOURS_PER_PERPLEXITY * perplexity)) + 1
    if count < least:
        most = (count - 1) / NEIGHBOURS_PER_PERPLEXITY
        way_on = (
            f"Choose a perplexity of at most {int(most)}, or more points." if most >= 2 else "Choose at least 7 points."
        )
        raise CodeError(f"A perplexity of {perplexity:g} needs at least {least} points; there are {count}. {way_on}")


def _refuse_neighbours(wanted: int, count: int) -> None:
    if wanted >= count:
        raise CodeError(
            f"{wanted} neighbours need at least {wanted + 1} points; there are {count}. Choose fewer neighbours."
        )
