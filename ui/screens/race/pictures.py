"""Reconstructions of the same sixteen test pictures by every entry, in rows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.runs.snapshots import read_snapshot, snapshot_steps
from aecore.runs.store import Run
from ui.components.data_uri import data_uri
from ui.widgets.marks import Mark
from ui.widgets.picture_rows import PER_BLOCK, joined


@dataclass(frozen=True)
class SnapshotPictures:
    """The newest snapshot of a run as strips of eight pictures each; equal originals have equal strips."""

    epoch: float
    originals: tuple[str, ...]
    noisy: tuple[str, ...]
    reconstructions: tuple[str, ...]


def newest_snapshot(run: Run) -> SnapshotPictures | None:
    """The newest snapshot of a run; None before there is one."""
    steps = snapshot_steps(run.folder)
    if not steps:
        return None
    try:
        return _snapshot(run.folder, steps[-1], (run.folder / "film" / f"{steps[-1]:09d}.npz").stat().st_mtime_ns)
    except OSError:  # deleted just now by a run that returned to a checkpoint
        return None


def pictures_html(names: Sequence[str], snapshots: Sequence[SnapshotPictures | None]) -> str:
    """The originals and below them the pictures of each run, in blocks of eight; empty if no run has any yet.

    A run whose originals are not those of the first is left out: it was trained on an earlier version of the data.
    """
    first = next(filter(None, snapshots), None)
    if first is None:
        return ""
    blocks = (_block(index, first, names, snapshots) for index in range(len(first.originals)))
    return f'<div class="race-film">{"".join(blocks)}</div>'


def _block(
    index: int, first: SnapshotPictures, names: Sequence[str], snapshots: Sequence[SnapshotPictures | None]
) -> str:
    rows = [_row("<b>test</b>", "the originals", first.originals[index])]
    for mark, name, snapshot in zip(map(Mark, range(1, len(names) + 1)), names, snapshots, strict=True):
        if snapshot is None or snapshot.originals != first.originals:
            continue
        if snapshot.noisy:
            rows.append(_row(f"{mark.number} saw", f"what {name} was given", snapshot.noisy[index]))
        rows.append(_row(mark.badge(), name, snapshot.reconstructions[index]))
    return f'<div class="race-block">{"".join(rows)}</div>'


def _row(who: str, name: str, strip: str) -> str:
    name = html.escape(name)
    return (
        f'<div class="race-row" title="{name}"><span class="race-who">{who}</span><img alt="Test pictures: '
        f'{name}" src="{strip}"></div>'
    )


@lru_cache(maxsize=64)
def _snapshot(folder: Path, step: int, changed: int) -> SnapshotPictures | None:
    """`changed`: when the snapshot was written, as a run that returned to a checkpoint rewrites the same step."""
    snapshot = read_snapshot(folder, step)
    if snapshot is None:
        return None
    noisy = () if np.array_equal(snapshot.originals, snapshot.noisy) else _strips(snapshot.noisy)
    return SnapshotPictures(snapshot.epoch, _strips(snapshot.originals), noisy, _strips(snapshot.reconstructions))


def _strips(examples: np.ndarray) -> tuple[str, ...]:
    """(K, C, H, W) pictures or (K, D) rows of a table, uint8 -> an image for each eight, as data addresses."""
    pictures = examples if examples.ndim == 4 else examples.reshape(len(examples), 1, 1, -1)
    return tuple(data_uri(joined(pictures[start : start + PER_BLOCK])) for start in range(0, len(pictures), PER_BLOCK))
