"""Sweeping: begins the runs of sweeps a few at a time, in their owner's turn, and stops those that fall behind.

The folders are the only truth: what is begun, at which rungs runs stood and which were stopped is written down there,
so that a sweep goes on after a restart as if nothing had been. One process drives a sweep at a time, by a lock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from filelock import Timeout

from aecore.experiment.halving import Halving, Ladder
from aecore.jobs.queue import LONGEST_QUEUE, QueueFull, person_of
from aecore.limits import limits_for
from aecore.runs.run import Run, RunError
from aecore.runs.snapshots import ProgressLog
from aecore.runs.sweeps import OVER, PlannedRun, SweepRecord, SweepStore
from aecore.runs.usage import QuotaError, RunSizes, check_home, check_person, folder_bytes, usage_of, with_brought

if TYPE_CHECKING:
    from aecore.jobs.service import Jobs

AHEAD = 2
"""Runs of one person that wait; while there are fewer, their sweeps begin another. The rest of their places in the
queue stays free for what they ask by hand.
"""

CROWDED = LONGEST_QUEUE // 2
"""Runs of everybody that wait, from which no sweep begins another."""

MOST_RESUMED = 2
"""How often a run that was cut off is resumed by itself: one that ends its process each time would go on for ever."""


class Sweeping:
    """Drives the sweeps of a home, and pauses, stops, continues, deletes and restores them."""

    def __init__(self, jobs: Jobs) -> None:
        self.store = SweepStore(jobs.store.folder.parent)
        self._jobs, self._runs = jobs, jobs.store
        self._logs: dict[str, ProgressLog] = {}
        self._settled: dict[str, set[str]] = {}
        self._asked: set[tuple[str, float]] = set()
        self.home_bytes: Callable[[], int | None] = lambda: folder_bytes(self._runs.folder.parent)
        """Bytes of everything in the home; a server has them measured already."""

    def tick(self) -> None:
        """Looks after every running sweep once; those that another process drives are left to it."""
        for sweep in self.store.list():
            if sweep.is_running:
                with suppress(Timeout, RunError), self.store.lock(sweep.id).acquire(timeout=0):
                    self.drive(sweep.id)

    def drive(self, sweep_id: str) -> SweepRecord:
        """Looks after one sweep, whose lock this process holds."""
        with self.store.changing(sweep_id) as sweep:
            if not sweep.is_running:
                return sweep
            settled = self._settled.setdefault(sweep_id, set())
            live = {run_id: self._run(run_id) for run_id in sweep.status.begun if run_id not in settled}
            sweep = self._halve(sweep, live)
            settled |= {run_id for run_id, run in live.items() if run is None or run.status.state in OVER}
            sweep = self._feed(sweep, {run_id: run for run_id, run in live.items() if run and run_id not in settled})
            if len(settled & {run.id for run in sweep.runs}) == len(sweep.runs):
                sweep = self.store.write(sweep, state="done", message="")
                self._forget(sweep)
            return sweep

    def _halve(self, sweep: SweepRecord, live: dict[str, Run | None]) -> SweepRecord:
        """Stops the runs that are not among the best at a rung."""
        if not sweep.halving:
            return sweep
        known = {int(epochs): dict(reached) for epochs, reached in sweep.status.rungs.items()}
        ladder = Ladder(Halving.of(sweep.halving), known, list(sweep.status.halted))
        ladder.look({run_id: self._records(run) for run_id, run in live.items() if run}, _epochs(sweep))
        rungs = {str(epochs): reached for epochs, reached in ladder.rungs.items()}
        if rungs != sweep.status.rungs:
            sweep = self.store.write(sweep, rungs=rungs, halted=tuple(ladder.stopped))
        for run_id in ladder.stopped:
            run = live.get(run_id)
            if (
                run
                and run.status.state in ("preparing", "training")
                and (run_id, run.status.started) not in self._asked
            ):
                self._asked.add((run_id, run.status.started))
                with suppress(RunError):  # it has just ended
                    self._jobs.stop(run_id)
        return sweep

    def _feed(self, sweep: SweepRecord, live: dict[str, Run]) -> SweepRecord:
        """Puts runs in the queue while there is room for them: those cut off, those to be resumed, then new ones."""
        try:
            for run_id, run in live.items():
                sweep = self._resume(sweep, run_id, run)
            begun = set(sweep.status.begun)
            for planned in sweep.runs:
                if planned.id not in begun:
                    if not self._has_room(sweep):
                        break
                    sweep = self._begin(sweep, planned)
        except QueueFull:  # when others have begun there is room again
            pass
        except QuotaError as error:
            sweep = self.store.write(sweep, state="paused", message=str(error))
        return sweep

    def _resume(self, sweep: SweepRecord, run_id: str, run: Run) -> SweepRecord:
        status, state = sweep.status, run.status.state
        if state == "queued" and not self._jobs.is_known(run_id):
            self._jobs.train(run_id, sweep.visitor)
        elif state in ("paused", "interrupted") and self._has_room(sweep):
            times = status.resumed.get(run_id, 0)
            if run_id in status.resume:
                self._jobs.train(run_id, sweep.visitor)  # first: where the queue is full, it is tried again
                sweep = self.store.write(sweep, resume=tuple(each for each in status.resume if each != run_id))
            elif state == "interrupted" and times < MOST_RESUMED:
                sweep = self.store.write(sweep, resumed={**status.resumed, run_id: times + 1})
                self._jobs.train(run_id, sweep.visitor)
            elif state == "interrupted":
                self._settled[sweep.id].add(run_id)
        return sweep

    def _begin(self, sweep: SweepRecord, planned: PlannedRun) -> SweepRecord:
        """Makes a run and queues it, unless its folder says that it has been begun already."""
        if not (self._runs.path(planned.id).exists() or (self._runs.trash / planned.id).exists()):
            self._check_quota(sweep)
            self._runs.create(planned.settings, planned.name, owner=sweep.owner, run_id=planned.id)
            sweep = self.store.write(sweep, begun=(*sweep.status.begun, planned.id))
            self._jobs.train(planned.id, sweep.visitor)
            return sweep
        return self.store.write(sweep, begun=(*sweep.status.begun, planned.id))

    def _check_quota(self, sweep: SweepRecord) -> None:
        """QuotaError unless the owner may have another run now: they may have made others since the sweep began."""
        limits = limits_for(self._runs.folder.parent, is_host=not sweep.owner)
        home, inf = self._runs.folder.parent, float("inf")
        if limits.runs < inf or limits.person_bytes < inf:
            own = usage_of(self._runs, self._sizes, lambda run: run.status.owner == sweep.owner, sys.maxsize)
            check_person(with_brought(own, home, sweep.owner), limits)
        check_home(home, self.home_bytes() if limits.home_bytes < inf else None, limits)

    _sizes = RunSizes()

    def _has_room(self, sweep: SweepRecord) -> bool:
        waiting = self._jobs.waiting_runs()
        own = sum(person_of(sweep.visitor) in map(person_of, each) for each in waiting)
        return own < AHEAD and len(waiting) < CROWDED

    def _run(self, run_id: str) -> Run | None:
        try:
            return self._runs.get(run_id)
        except RunError:  # it has been deleted
            return None

    def _records(self, run: Run) -> list[dict[str, Any]]:
        return self._logs.setdefault(run.id, ProgressLog(run.folder / "progress.jsonl")).read()

    def _forget(self, sweep: SweepRecord) -> None:
        self._settled.pop(sweep.id, None)
        for run in sweep.runs:
            self._logs.pop(run.id, None)
        self._asked = {each for each in self._asked if each[0] not in sweep.status.begun}

    def pause(self, sweep_id: str) -> None:
        """Begins no more runs; those in training leave a checkpoint, and waiting ones leave the queue."""
        self._end(sweep_id, "paused")

    def stop(self, sweep_id: str) -> None:
        """Begins no more runs; those in training end here and are measured."""
        self._end(sweep_id, "stopped")

    def _end(self, sweep_id: str, state: str) -> None:
        sweep = self.store.update(sweep_id, state=state, message="")
        active = [run.id for run in self.runs_of(sweep) if run.status.is_active]
        for run_id in sorted(active, key=lambda run_id: self._jobs.place_of_run(run_id) < 0):  # waiting ones first
            with suppress(RunError):  # it has ended meanwhile
                (self._jobs.pause if state == "paused" else self._jobs.stop)(run_id)

    def resume(self, sweep_id: str) -> None:
        """Goes on: with the runs that rest unfinished, and those that have not been begun."""
        with self.store.changing(sweep_id) as sweep:
            resting = [run.id for run in self.runs_of(sweep) if run.status.state in ("paused", "interrupted")]
            self._settled.pop(sweep_id, None)
            self.store.write(sweep, state="running", message="", resume=tuple(resting), resumed={})

    def runs_of(self, sweep: SweepRecord) -> list[Run]:
        """The runs that have been begun and are there, in the sweep's order."""
        begun = set(sweep.status.begun)
        found = (self._run(planned.id) for planned in sweep.runs if planned.id in begun)
        return [run for run in found if run]

    def delete(self, sweep_id: str, now: float) -> None:
        """Moves a sweep and its runs to the trash; `restore` undoes this. RunError while one of them trains or
        waits.
        """
        with self.store.changing(sweep_id) as sweep:
            runs = self.runs_of(sweep)
            if any(run.status.is_active for run in runs):
                raise RunError(f"Sweep '{sweep.name}' has runs that train or wait; stop it first, then delete it.")
            state = "stopped" if sweep.status.state == "running" else sweep.status.state
            ids = tuple(run.id for run in runs)
            self.store.write(sweep, state=state, deleted=now, deleted_runs=ids)  # first: a crash then loses no run
            self._each(ids, self._runs.delete)

    def restore(self, sweep_id: str) -> None:
        """Brings a deleted sweep back, and the runs that were deleted with it and are still in the trash."""
        with self.store.changing(sweep_id) as sweep:
            self._each(sweep.status.deleted_runs, self._runs.restore)
            self._settled.pop(sweep_id, None)
            self.store.write(sweep, deleted=0.0, deleted_runs=())

    def _each(self, run_ids: Sequence[str], act: Any) -> None:
        for run_id in run_ids:
            with suppress(RunError):  # somebody has moved it before
                act(run_id)


def _epochs(sweep: SweepRecord) -> int:
    return int(sweep.runs[0].settings["epochs"])
