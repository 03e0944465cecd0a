"""What a sweep has found: the figures of its runs, the best so far, and what each searched setting seems to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from aecore.runs.run import Run
from aecore.runs.snapshots import ProgressLog
from aecore.runs.status import ENDED
from aecore.runs.sweeps import OVER, SweepRecord

FEWEST_RANKED = 5
"""Runs from which a rank correlation is told."""


@dataclass(frozen=True)
class SweptRun:
    """A run of a sweep. state: of the run, or "" if it has not been begun, or "deleted". is_halted: whether early
    stopping has ended it. error: its last validation error per pixel; None before the first. seconds, epochs: of
    training. finished: when, in seconds since 1970; 0 before.
    """

    number: int
    id: str
    name: str
    point: dict[str, Any]
    state: str = ""
    is_halted: bool = False
    error: float | None = None
    seconds: float = 0.0
    epochs: float = 0.0
    finished: float = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether it was trained to its end, or was stopped and measured."""
        return self.state in ENDED and self.error is not None


def swept_runs(sweep: SweepRecord, runs: Mapping[str, Run]) -> list[SweptRun]:
    """The runs of a sweep in its order. runs: those of the home by their ids."""
    begun, halted = set(sweep.status.begun), set(sweep.status.halted)
    found = []
    for number, planned in enumerate(sweep.runs, 1):
        run = runs.get(planned.id)
        if run is None:
            state = "deleted" if planned.id in begun else ""
            found.append(SweptRun(number, planned.id, planned.name, planned.point, state))
            continue
        is_over = run.status.state in OVER
        error, seconds, epochs = _figures(run.folder, run.status.finished) if is_over else _read(run.folder)
        found.append(
            SweptRun(
                number, planned.id, run.name, planned.point, run.status.state,
                planned.id in halted and run.status.state == "stopped", error, seconds, epochs, run.status.finished,
            )
        )  # fmt: skip
    return found


@lru_cache(maxsize=2000)
def _figures(folder: Path, _finished: float) -> tuple[float | None, float, float]:
    return _read(folder)


def _read(folder: Path) -> tuple[float | None, float, float]:
    records = ProgressLog(folder / "progress.jsonl").read()
    held_out = (each.get("validation_mse") for each in reversed(records))
    error = next((value for value in held_out if value is not None and math.isfinite(value)), None)
    last = records[-1] if records else {}
    return error, last.get("seconds") or 0.0, last.get("epoch", 0.0)


def ranked(runs: Sequence[SweptRun]) -> list[SweptRun]:
    """The runs that have ended, the smallest validation error first."""
    return sorted((run for run in runs if run.has_ended), key=lambda run: (run.error, run.number))


@dataclass(frozen=True)
class SoFar:
    """The best after so many ended runs. seconds: of training, of all of these together. error: of the run that ended
    last; best: the smallest so far.
    """

    count: int
    seconds: float
    error: float
    best: float
    run: SweptRun


def best_so_far(runs: Sequence[SweptRun]) -> list[SoFar]:
    """The runs in the order in which they ended, each with the best until then."""
    found: list[SoFar] = []
    for run in sorted((run for run in runs if run.has_ended), key=lambda run: (run.finished, run.number)):
        seconds, best = (found[-1].seconds, found[-1].best) if found else (0.0, math.inf)
        error = run.error if run.error is not None else math.inf
        found.append(SoFar(len(found) + 1, seconds + run.seconds, error, min(best, error), run))
    return found


@dataclass(frozen=True)
class Effect:
    """What a searched setting seems to do, by the runs that have ended. count: how many. correlation: Spearman's rank
    correlation of its value with the validation error, of numbers only. chance: how large its amount has to be for
    chance to explain it in one case in twenty only. medians: of each value that is no number, the median error and the
    number of runs, the smallest error first.
    """

    name: str
    count: int
    correlation: float | None = None
    chance: float = 1.0
    medians: tuple[tuple[Any, float, int], ...] = ()

    @property
    def says_much(self) -> bool:
        """Whether chance alone would hardly show such a correlation."""
        return self.correlation is not None and abs(self.correlation) >= self.chance


def effects(names: Sequence[str], runs: Sequence[SweptRun]) -> list[Effect]:
    """What each of these settings seems to do, the strongest correlation first, settings that are no numbers last."""
    ended = [run for run in runs if run.has_ended]
    found = [_effect(name, ended) for name in names]
    return sorted(found, key=lambda each: -abs(each.correlation) if each.correlation is not None else 1.0)


def _effect(name: str, runs: Sequence[SweptRun]) -> Effect:
    values, errors = [run.point[name] for run in runs], [run.error or 0.0 for run in runs]
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        correlation = rank_correlation(values, errors) if len(runs) >= FEWEST_RANKED else None
        return Effect(name, len(runs), correlation, _chance(len(runs)))
    groups: dict[str, tuple[Any, list[float]]] = {}
    for value, error in zip(values, errors, strict=True):
        groups.setdefault(str(value), (value, []))[1].append(error)
    medians = sorted(((value, median(found), len(found)) for value, found in groups.values()), key=lambda each: each[1])
    return Effect(name, len(runs), medians=tuple(medians))


def _chance(count: int) -> float:
    """About the amount that a rank correlation of independent numbers passes in one case in twenty."""
    return min(1.0, 1.96 / math.sqrt(count - 1)) if count > 1 else 1.0


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's rank correlation, equal values sharing their mean rank; None where one of them never changes."""
    one, other = _ranks(first), _ranks(second)
    middle = (len(one) - 1) / 2
    products = sum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    spreads = [sum((rank - middle) ** 2 for rank in ranks) for ranks in (one, other)]
    return products / math.sqrt(spreads[0] * spreads[1]) if all(spreads) else None


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered)))}
    last = {value: place for place, value in enumerate(ordered)}
    return [(first[value] + last[value]) / 2 for value in values]


def seconds_for(runs: Sequence[Run], data: str, variant: str) -> tuple[float, int] | None:
    """The median seconds for an epoch of the ended runs on this data and of this variant, and how many these are; of
    all variants where there are none. None where nothing has been trained on this data.
    """
    known = [
        (run.settings.get("variant"), run.status.seconds / run.settings["epochs"])
        for run in runs
        if run.is_autoencoder and run.settings.get("data") == data and run.status.state == "done" and run.status.seconds
        and isinstance(run.settings.get("epochs"), int) and run.settings.get("start") != "greedy"
    ]  # fmt: skip
    own = [pace for name, pace in known if name == variant] or [pace for _, pace in known]
    return (median(own), len(own)) if own else None
