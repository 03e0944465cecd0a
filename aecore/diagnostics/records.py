"""What a run keeps of the inside of its network while it trains: who speaks,
what is copied, what each layer looks for.
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
"""Looks inside that are kept of a run; the one with the closest neighbours goes first,
but never the first or the last.
"""

THRESHOLDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""A unit is active if it is further from zero than this."""


@dataclass(frozen=True)
class Inside:
    """One look into a network, on examples of the validation set (the sample) and on the film's test pictures.

    active: (T, Z) share of the sample for which each unit of the code is active, for each of THRESHOLDS; active_units:
    (T,) mean number of active units. variance: (Z,) of each unit over the sample. divergence: (Z,) nats by which each
    unit of a variational code differs from the standard normal, mean over the sample; empty for others.
    kinds: (S,) names, "data" first; kept: (S,) share of the variance of these inputs that comes back, 1 - SSE / SST
    about the kind's own mean; shown_in, shown_out: (S, K, *shape) some of them and what comes back.
    layer_sizes: (L,) units shown of each layer; filters: (sum of these, *shape) mean gradient of each unit.
    painted_units: (P,); painted: (P, *shape) what the unit adds to a picture, one standard deviation above its mean.
    loud_units, loud_values: (Q, P) loudest units of the first Q test pictures; loud: (Q, P, *shape) what each adds.
    singular: (R,) singular values of the encoder's Jacobian, the largest first, mean over a few examples of the sample.
    """

    step: int
    epoch: float
    active: np.ndarray
    active_units: np.ndarray
    variance: np.ndarray
    divergence: np.ndarray
    kinds: np.ndarray
    kept: np.ndarray
    shown_in: np.ndarray
    shown_out: np.ndarray
    layer_sizes: np.ndarray
    filters: np.ndarray
    painted_units: np.ndarray
    painted: np.ndarray
    loud_units: np.ndarray
    loud_values: np.ndarray
    loud: np.ndarray
    singular: np.ndarray

    def layers(self) -> list[np.ndarray]:
        """The filters of each layer, (U, *shape) each."""
        return np.split(self.filters, np.cumsum(self.layer_sizes)[:-1])


def write_inside(folder: Path, inside: Inside) -> None:
    """Keeps a look inside, and lets go of one if there are many."""
    write_npz(_path(folder, inside.step), **inside.__dict__)
    steps = inside_steps(folder)
    if len(steps) > KEPT:
        crowded = min(range(1, len(steps) - 1), key=lambda i: math.sqrt(steps[i + 1]) - math.sqrt(steps[i - 1]))
        _path(folder, steps[crowded]).unlink(missing_ok=True)


def inside_steps(folder: Path) -> list[int]:
    """The steps of which there is a look inside, in order."""
    return sorted(int(path.stem) for path in (folder / FOLDER).glob("[0-9]*.npz") if path.stem.isdigit())


def cut_insides(folder: Path, step: int) -> None:
    """Takes out what is later than `step`: a run that goes back to a checkpoint has undone it."""
    for later in inside_steps(folder):
        if later > step:
            _path(folder, later).unlink(missing_ok=True)


def read_inside(folder: Path, step: int) -> Inside | None:
    """The look inside at `step`; None if it is not there or cannot be read."""
    try:
        return _read(folder, step, _path(folder, step).stat().st_mtime_ns)
    except (OSError, BrokenFileError, KeyError):
        return None


@lru_cache(maxsize=16)
def _read(folder: Path, step: int, _written: int) -> Inside:
    values = read_npz(_path(folder, step))
    arrays = {each.name: values[each.name] for each in fields(Inside) if each.name not in ("step", "epoch")}
    return Inside(int(values["step"]), float(values["epoch"]), **arrays)


def _path(folder: Path, step: int) -> Path:
    return folder / FOLDER / f"{step:09d}.npz"
