"""Diagnostics of a network that a run stores while it trains: active units,
explained variance of data and OOD inputs, filters of each layer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.files import BrokenFileError, read_npz, write_npz

FOLDER = "inside"
KEPT = 16
"""Diagnostics stored of a run. Beyond that number, the one closest to its neighbours is removed,
but never the first or the last.
"""

THRESHOLDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""A unit is active if it is further from zero than this."""

STORED = {
    "explained": "kept",
    "contribution_units": "painted_units",
    "contributions": "painted",
    "top_units": "loud_units",
    "top_values": "loud_values",
    "top_contributions": "loud",
}
"""Fields of `Inside` whose arrays have another name in the file."""


@dataclass(frozen=True)
class Inside:
    """Diagnostics of a network at one step, on validation examples (the sample) and on the snapshots' test pictures.

    active: (T, Z) share of the sample for which each unit of the code is active, for each of THRESHOLDS; active_units:
    (T,) mean number of active units. variance: (Z,) of each unit over the sample. divergence: (Z,) nats by which each
    unit of a variational code differs from the standard normal, mean over the sample; empty for others.
    kinds: (S,) names, "data" first; explained: (S,) explained variance of the reconstructions of these inputs,
    1 - SSE / SST about the kind's own mean; shown_in, shown_out: (S, K, *shape) some inputs and their reconstructions.
    layer_sizes: (L,) units shown of each layer; filters: (sum of these, *shape) mean gradient of each unit.
    contribution_units: (P,); contributions: (P, *shape) what each adds to a picture, one standard deviation above its
    mean. top_units, top_values: (Q, P) top activations of the first Q test pictures; top_contributions:
    (Q, P, *shape) what each of them adds.
    singular: (R,) singular values of the encoder's Jacobian, the largest first, mean over a few examples of the sample.
    """

    step: int
    epoch: float
    active: np.ndarray
    active_units: np.ndarray
    variance: np.ndarray
    divergence: np.ndarray
    kinds: np.ndarray
    explained: np.ndarray
    shown_in: np.ndarray
    shown_out: np.ndarray
    layer_sizes: np.ndarray
    filters: np.ndarray
    contribution_units: np.ndarray
    contributions: np.ndarray
    top_units: np.ndarray
    top_values: np.ndarray
    top_contributions: np.ndarray
    singular: np.ndarray

    def layers(self) -> list[np.ndarray]:
        """The filters of each layer, (U, *shape) each."""
        return np.split(self.filters, np.cumsum(self.layer_sizes)[:-1])


def write_inside(folder: Path, inside: Inside) -> None:
    """Stores the diagnostics of one step, and thins those of a run if there are many."""
    write_npz(_path(folder, inside.step), **{STORED.get(name, name): value for name, value in vars(inside).items()})
    steps = inside_steps(folder)
    if len(steps) > KEPT:
        crowded = min(range(1, len(steps) - 1), key=lambda i: math.sqrt(steps[i + 1]) - math.sqrt(steps[i - 1]))
        _path(folder, steps[crowded]).unlink(missing_ok=True)


def inside_steps(folder: Path) -> list[int]:
    """The steps with diagnostics, in order."""
    return sorted(int(path.stem) for path in (folder / FOLDER).glob("[0-9]*.npz") if path.stem.isdigit())


def cut_insides(folder: Path, step: int) -> None:
    """Deletes the diagnostics of steps after `step`, for a run that returns to a checkpoint."""
    for later in inside_steps(folder):
        if later > step:
            _path(folder, later).unlink(missing_ok=True)


def read_inside(folder: Path, step: int) -> Inside | None:
    """The diagnostics at `step`; None if they are missing or cannot be read."""
    try:
        return _read(folder, step, _path(folder, step).stat().st_mtime_ns)
    except (OSError, BrokenFileError, KeyError):
        return None


@lru_cache(maxsize=16)
def _read(folder: Path, step: int, _written: int) -> Inside:
    values = read_npz(_path(folder, step))
    names = [each.name for each in fields(Inside) if each.name not in ("step", "epoch")]
    arrays = {name: values[STORED.get(name, name)] for name in names}
    return Inside(int(values["step"]), float(values["epoch"]), **arrays)


def _path(folder: Path, step: int) -> Path:
    return folder / FOLDER / f"{step:09d}.npz"
