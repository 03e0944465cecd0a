"""Replicates: the same settings trained from several random seeds, their mean and their spread."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aecore.experiment.results import Result
from aecore.runs.store import Run

SEEDS = 3
"""Replicates of one entry."""


@dataclass(frozen=True)
class SpreadPoint:
    """Smallest and largest validation error per pixel of all replicates at one epoch."""

    epoch: float
    seconds: float
    low: float
    high: float


def seeds_from(first: int, highest: int) -> tuple[int, ...]:
    """SEEDS seeds in a row, the first one if there is room above it."""
    start = min(first, highest - SEEDS + 1)
    return tuple(range(start, start + SEEDS))


def by_entry(runs: Sequence[Run]) -> list[list[int]]:
    """Indices of the runs, grouped by settings other than the seed.

    Only where every entry has the same three or more seeds; else each run stands alone.
    """
    groups: dict[str, list[int]] = {}
    for index, run in enumerate(runs):
        settings = {name: value for name, value in run.settings.items() if name != "seed"}
        groups.setdefault(json.dumps(settings, sort_keys=True), []).append(index)
    found = list(groups.values())
    seeds = {tuple(runs[index].settings.get("seed") for index in group) for group in found}
    is_replicated = len(seeds) == 1 and len(set(next(iter(seeds)))) == len(found[0]) >= SEEDS
    return found if is_replicated else [[index] for index in range(len(runs))]


def mean_result(results: Sequence[Result], name: str) -> Result:
    """Mean figures of replicates; `is_measured` once all are, `share` that of the slowest."""
    first = next((each for each in results if not each.is_measured), results[0])
    figures = ("mse", "squared_error", "pca", "probe", "seconds")
    means = {figure: _mean([getattr(each, figure) for each in results]) for figure in figures}
    share, is_measured = _mean([each.share for each in results]) or 0.0, all(each.is_measured for each in results)
    return replace(first, name=name, share=share, is_measured=is_measured, **means)


def mean_records(records: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Mean validation error per pixel and mean seconds at each epoch that all replicates have reached."""
    return [
        {
            "epoch": rows[0]["epoch"],
            "seconds": _mean([row["seconds"] for row in rows]),
            "validation_mse": _mean([row["validation_mse"] for row in rows]),
        }
        for rows in _at_same_epochs(records)
    ]


def spread(records: Sequence[Sequence[dict[str, Any]]]) -> list[SpreadPoint]:
    """Range of the replicates at each epoch that all have reached."""
    points = []
    for rows in _at_same_epochs(records):
        errors = [row["validation_mse"] for row in rows]
        seconds = _mean([row["seconds"] for row in rows]) or 0.0
        points.append(SpreadPoint(rows[0]["epoch"], seconds, min(errors), max(errors)))
    return points


def _at_same_epochs(records: Sequence[Sequence[dict[str, Any]]]) -> list[tuple[dict[str, Any], ...]]:
    known = [{row["epoch"]: row for row in rows if row["validation_mse"] is not None} for rows in records]
    return [tuple(each[epoch] for each in known) for epoch in known[0] if all(epoch in each for each in known)]


def _mean(values: Sequence[float | None]) -> float | None:
    """The mean; None if a value is unknown."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None
