"""Asynchronous successive halving (ASHA): which runs of a sweep are stopped early. Pure: no files, no torch.

At each rung, a number of epochs, a run is compared with those that have reached it before: it goes on if it is among
the best 1/eta of them all (Li et al. 2020, arXiv:1810.05934). Nobody waits for others. Where the paper pauses runs and
promotes the best of them later, this is the variant that stops a run for good, as it arrives at a rung.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aecore.settings import SettingsError

MOST_ETA = 10


@dataclass(frozen=True)
class Halving:
    """How runs are stopped early. keep_one_in: eta, of that many runs at a rung one goes on. first: epochs of the
    first rung; each following one has eta times as many. SettingsError if one of them is out of bounds.
    """

    keep_one_in: int = 3
    first: int = 1

    def __post_init__(self) -> None:
        if not 2 <= self.keep_one_in <= MOST_ETA:
            raise SettingsError(f"Early stopping keeps one run in {self.keep_one_in}; it must be 2 to {MOST_ETA}.")
        if self.first < 1:
            raise SettingsError(f"The first check comes after {self.first} epochs; it must be at least 1.")

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Halving:
        """From two numbers. SettingsError if they are no such two."""
        if len(numbers) != 2:
            raise SettingsError("Early stopping takes two numbers: one run in how many goes on, and the first epoch.")
        return cls(*numbers)

    @classmethod
    def suggested(cls, epochs: int) -> Halving:
        """One run in three goes on, from the first ninth of the training."""
        return cls(first=max(1, round(epochs / 9)))

    def rungs(self, epochs: int) -> list[int]:
        """The epochs at which runs of so many epochs are compared; none at their end."""
        found, rung = [], self.first
        while rung < epochs:
            found.append(rung)
            rung *= self.keep_one_in
        return found


@dataclass
class Ladder:
    """The runs that have reached each rung: epochs -> id of the run -> its validation error per pixel there, and those
    that were to stop.
    """

    halving: Halving
    rungs: dict[int, dict[str, float]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def arrive(self, rung: int, run_id: str, error: float) -> bool:
        """Notes that a run has reached a rung; whether it is among the best there and goes on. A run arrives once:
        of a second time nothing is noted, and it goes on.
        """
        reached = self.rungs.setdefault(rung, {})
        if run_id in reached:
            return True
        reached[run_id] = error
        better = sum(each < error for each in reached.values())
        return better < max(1, len(reached) // self.halving.keep_one_in)

    def look(self, logs: Mapping[str, Iterable[Mapping[str, Any]]], epochs: int) -> list[str]:
        """The runs that are to stop now, by the progress records of each: all rungs that they have newly reached are
        looked at in the order of time. A record without a validation error tells nothing; a run that was to stop is
        compared with nobody any more, however late it does.
        """
        news = []
        for run_id, records in logs.items():
            for rung in self.halving.rungs(epochs):
                found = next((each for each in records if _is_at(each, rung)), None)
                if found and run_id not in self.rungs.get(rung, {}):
                    news.append((found.get("time", 0.0), rung, run_id, found["validation_mse"]))
        before = len(self.stopped)
        for _, rung, run_id, error in sorted(news):
            if run_id not in self.stopped and not self.arrive(rung, run_id, error):
                self.stopped.append(run_id)
        return self.stopped[before:]


def _is_at(record: Mapping[str, Any], rung: int) -> bool:
    error = record.get("validation_mse")
    return error is not None and math.isfinite(error) and record.get("epoch", 0.0) >= rung
