"""Sweeps as one visitor of a shared server has them: their own to list and change, any of which they know the address
to look at.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from aecore.jobs.sweeping import Sweeping
from aecore.runs.run import RunError
from aecore.runs.sweeps import PlannedRun, SweepRecord
from ui.app.identity import Person
from ui.app.ownership import VisitorsRuns


class VisitorsSweeps:
    """The sweeps of one person, and those that a link shows to them. The host may change everybody's."""

    def __init__(self, sweeping: Sweeping, runs: VisitorsRuns, person: Person) -> None:
        self._sweeping, self._runs, self._person = sweeping, runs, person

    def deleted(self) -> list[SweepRecord]:
        """Their deleted sweeps, the last deleted first."""
        found = [sweep for sweep in self._sweeping.store.list() if self.may_change(sweep) and sweep.status.deleted]
        return sorted(found, key=lambda sweep: -sweep.status.deleted)

    def list(self) -> list[SweepRecord]:
        """Their sweeps, newest first, without deleted ones."""
        return [sweep for sweep in self._sweeping.store.list() if self.may_change(sweep) and not sweep.status.deleted]

    def get(self, sweep_id: str) -> SweepRecord:
        """Any sweep of that id. RunError if there is none, or it has been deleted."""
        sweep = self._sweeping.store.get(sweep_id)
        if sweep.status.deleted:
            raise RunError(f"Sweep '{sweep.name}' has been deleted.")
        if sweep.problem:
            raise RunError(sweep.problem)
        return sweep

    def may_change(self, sweep: SweepRecord) -> bool:
        """Whether the sweep is theirs."""
        return self._person.may_change(sweep.owner) and not sweep.problem

    def to_begin(self) -> int:
        """How many runs their running sweeps have yet to begin."""
        own = [each for each in self._sweeping.store.list() if each.owner == self._person.owner and each.is_running]
        return sum(len(each.runs) - len(each.status.begun) for each in own)

    def begin(self, text: str, name: str, runs: Sequence[PlannedRun], halving: tuple[int, ...]) -> SweepRecord:
        """A new sweep, which is theirs; so is the data that its runs learn from, which stays when others delete it."""
        self._runs.keep_data(runs[0].settings)
        return self._sweeping.store.create(
            text, name, runs, halving=halving, owner=self._person.owner, visitor=self._person.tag
        )

    def pause(self, sweep_id: str) -> None:
        """Pauses their sweep. RunError for another visitor's, as of all that follow."""
        self._sweeping.pause(self._own(sweep_id))

    def stop(self, sweep_id: str) -> None:
        """Stops their sweep."""
        self._sweeping.stop(self._own(sweep_id))

    def resume(self, sweep_id: str) -> None:
        """Goes on with their sweep."""
        self._sweeping.resume(self._own(sweep_id))

    def delete(self, sweep_id: str) -> None:
        """Moves their sweep and its runs to the trash."""
        self._sweeping.delete(self._own(sweep_id), time.time())

    def restore(self, sweep_id: str) -> None:
        """Brings their deleted sweep and its runs back."""
        self._sweeping.restore(self._own(sweep_id))

    def _own(self, sweep_id: str) -> str:
        sweep = self._sweeping.store.get(sweep_id)
        if not self._person.may_change(sweep.owner):
            raise RunError(
                f"Sweep '{sweep.name}' belongs to another visitor: you can look at it and start one like it, but only "
                "they can change it."
            )
        return sweep.id
