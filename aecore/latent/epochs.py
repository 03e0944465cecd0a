"""A map that follows the epochs of a run: one map for every snapshot,
aligned so that points do not jump.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets import Dataset, Examples
from aecore.jobs.kinds import JobProgress
from aecore.latent.code_set import ATLAS, MAP, CodeError
from aecore.latent.methods import TsneSettings, narrowed, principal, tsne
from aecore.runs.snapshots import crowd_rows, read_snapshot, snapshot_steps
from aecore.runs.store import Run, RunStore
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import ResultCache, Slot

WAYS = {"pca": "PCA", "tsne": "t-SNE"}
FIRST_STEPS, MORE_STEPS = 500, 100
"""Steps of t-SNE for the first snapshot, and for each one after it, which starts from the map before it."""

MOST_PERPLEXITY = 30.0
START_SIZE = 25.0
"""Root mean square distance of points from the middle of a finished t-SNE map of a thousand points."""


@dataclass(frozen=True)
class Moment:
    """A snapshot: its step and epoch, and the keys under which its map is cached (20
    hexadecimal digits each).
    """

    step: int
    epoch: float
    codes_key: str
    map_key: str


def moments(store: RunStore, run: Run, way: str) -> list[Moment]:
    """The snapshots of a run that have codes, in order."""
    codes_key = fingerprint(["epochs", run.id, run.status.created])
    found = [(step, read_snapshot(run.folder, step)) for step in snapshot_steps(run.folder)]
    return [
        Moment(step, snapshot.epoch, codes_key, _slot(store, codes_key, way, step).key)
        for step, snapshot in found
        if snapshot is not None and len(snapshot.crowd) > 2
    ]


def examples_of(data: Dataset, latent_size: int) -> Examples:
    """The test examples whose codes are followed."""
    return data.test.take(crowd_rows(len(data.test), latent_size))


def atlas_slot(store: RunStore, moment: Moment) -> Slot:
    """The cache slot of the pictures of a run's followed examples."""
    return ResultCache(store.folder.parent).at(ATLAS, moment.codes_key)


def read_moment(store: RunStore, moment: Moment) -> np.ndarray | None:
    """The map (N, 2) of a snapshot; None if it has not been drawn."""
    return ResultCache(store.folder.parent).at(MAP, moment.map_key).read_as(lambda kept: kept.arrays["positions"])


def follow(store: RunStore, run_id: str, way: str) -> Iterator[JobProgress]:
    """An analysis: draws the missing maps of all snapshots, each started from and aligned
    with the one before it.

    RunError if there is no such run; CodeError if its snapshots have no codes.
    """
    run = store.get(run_id)
    every = moments(store, run, way)
    if not every:
        raise CodeError(
            "The snapshots of this run hold no codes: it was made by an earlier version of this app. "
            "Train it again to follow its map."
        )
    before: np.ndarray | None = None
    for index, moment in enumerate(every):
        known = read_moment(store, moment)
        if known is None:
            yield JobProgress(index / len(every), f"{WAYS[way]}: epoch {moment.epoch:g}")
            snapshot = read_snapshot(run.folder, moment.step)
            if snapshot is None:  # the snapshots have been thinned meanwhile
                continue
            known = _drawn(np.asarray(snapshot.crowd, np.float32), way, before)
            _slot(store, moment.codes_key, way, moment.step).write(
                {"step": 1, "of": 1, "seconds": 0.0}, positions=known
            )
        before = known


def cached(store: RunStore, run_id: str, way: str) -> list[Path]:
    """The maps that `follow` does not draw again. RunError if there is no such run."""
    return [_slot(store, each.codes_key, way, each.step).path for each in moments(store, store.get(run_id), way)]


def turned(positions: np.ndarray, onto: np.ndarray | None) -> np.ndarray:
    """The map (N, 2), centred, its points at a mean square distance of 1 from the middle, rotated or mirrored so that
    they lie as near as possible to those of another map (orthogonal Procrustes, Schönemann 1966).
    """
    centred = positions - positions.mean(0)
    centred = centred / max(float(np.sqrt(np.square(centred).sum(1).mean())), 1e-12)
    if onto is None:
        return centred.astype(np.float32)
    left, _, right = np.linalg.svd(centred.T @ onto)
    return (centred @ (left @ right)).astype(np.float32)


def _drawn(codes: np.ndarray, way: str, before: np.ndarray | None) -> np.ndarray:
    codes = np.nan_to_num(codes, nan=0.0, posinf=0.0, neginf=0.0)
    if way == "pca" or float(np.ptp(codes, axis=0).max()) == 0.0:
        return turned(codes if codes.shape[1] == 2 else principal(codes, 2), before)
    settings = TsneSettings(perplexity=max(2.0, min(MOST_PERPLEXITY, (len(codes) - 1) // 3)), iterations=FIRST_STEPS)
    memory: dict[str, np.ndarray] = {}
    if before is not None:  # no early exaggeration: t-SNE continues from a map of its usual size
        start = turned(before, None) * START_SIZE
        memory = {"positions": start, "step": np.array(FIRST_STEPS - MORE_STEPS), "gains": np.ones_like(start)}
    return turned([*tsne(narrowed(codes), settings, 2, memory)][-1].positions, before)


def _slot(store: RunStore, codes_key: str, way: str, step: int) -> Slot:
    return ResultCache(store.folder.parent).slot(MAP, ["epochs", way, step], [codes_key])
