"""When waiting jobs are likely to start: from what is left of those before them, where that is known."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aecore.runs.run import Run, RunError
from aecore.runs.snapshots import last_record
from aecore.runs.store import RunStore

LEAST_SECONDS, LEAST_SHARE = 2.0, 0.02
"""Of training, from which its pace counts as known."""

APART = ("seed", "epochs")
"""Settings that leave the time of an epoch as it is."""


def starts(running: Sequence[float | None], waiting: Sequence[float | None], slots: int) -> list[float | None]:
    """Seconds until each waiting job starts, in their order. running, waiting: seconds that each job still needs, None
    where that is unknown; what starts after something unknown is unknown too, unless a slot is free.
    """
    free: list[float] = [0.0] * max(0, slots - len(running))
    is_known = all(seconds is not None for seconds in running) and slots > 0
    free += [seconds for seconds in running if seconds is not None]
    heapq.heapify(free)
    found: list[float | None] = []
    for seconds in waiting:
        if not free or not (is_known or free[0] == 0.0):
            found.append(None)
            continue
        start = heapq.heappop(free)
        found.append(start)
        if seconds is None:
            is_known = False
        else:
            heapq.heappush(free, start + seconds)
    return found


@dataclass(frozen=True)
class Pace:
    """How fast a run trains: seconds for an epoch of its settings. left: seconds that it still needs."""

    run: Run
    epoch_seconds: float | None
    left: float | None


def seconds_left(store: RunStore, run_ids: Iterable[str]) -> dict[str, float | None]:
    """Seconds that each run still needs: the share that is left at its own pace, or its epochs at the pace of another
    of these runs with the same settings; None where there is neither.
    """
    paces = [pace for run_id in run_ids if (pace := _pace(store, run_id))]
    known = {_alike(pace.run): pace.epoch_seconds for pace in paces if pace.epoch_seconds is not None}
    return {pace.run.id: _left(pace, known) for pace in paces}


def _pace(store: RunStore, run_id: str) -> Pace | None:
    try:
        run = store.get(run_id)
    except RunError:
        return None
    record = last_record(run.folder)
    if not record or run.problem:
        return Pace(run, None, None)
    share, seconds, epoch = (record.get(name) for name in ("share", "seconds", "epoch"))
    if not (share and seconds and epoch) or seconds < LEAST_SECONDS or not LEAST_SHARE <= share <= 1:
        return Pace(run, None, None)
    return Pace(run, seconds / epoch, seconds * (1 - share) / share)


def _left(pace: Pace, known: dict[str, float]) -> float | None:
    if pace.left is not None:
        return pace.left
    epochs, epoch_seconds = pace.run.settings.get("epochs"), known.get(_alike(pace.run))
    has_one_phase = pace.run.is_autoencoder and pace.run.settings.get("start") != "greedy"
    return epochs * epoch_seconds if epoch_seconds and has_one_phase and isinstance(epochs, int) else None


def _alike(run: Run) -> str:
    """The same for runs whose epochs take the same time."""
    values: dict[str, Any] = {name: value for name, value in run.settings.items() if name not in APART}
    return json.dumps(values, sort_keys=True)
