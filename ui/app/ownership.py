"""Runs and jobs as one visitor of a shared server has them: their own to list and change, any of which they know the
address to look at and to copy; `ui.app.owned_content` has the same of what people brought.

The pages need not think of it: `services.store` and `services.jobs` are these, and refuse with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from aecore.jobs.queue import Job, Request, person_of
from aecore.jobs.service import Jobs
from aecore.runs.run import AUTOENCODER, RECOMMENDER, Run, RunError
from aecore.runs.store import Runs, RunStore
from aecore.stores.content import NotKeptError
from ui.app.identity import Person
from ui.app.owned_content import store_of

LEARNS_FROM = {AUTOENCODER: "uploads", RECOMMENDER: "ratings"}
"""What a new run keeps for its owner; not texts, since opening few of them is enough to begin a run."""


class VisitorsRuns(RunStore):
    """The runs of one person, and those that a link shows to them.

    store: the runs of everybody. linked: gives whatever in the address that they have opened could be
    an id. begun: hears of each run that they create.
    """

    def __init__(
        self, store: RunStore, person: Person, linked: Callable[[], Collection[str]] = tuple,
        begun: Callable[[Run], None] = lambda run: None,
    ) -> None:  # fmt: skip
        super().__init__(store.folder, store.listings)
        self._person, self._linked, self._begun = person, linked, begun

    def may_change(self, run: Run) -> bool:
        """Whether the run is theirs."""
        return self._person.may_change(run.status.owner)

    def create(
        self, settings: dict[str, Any], name: str, *, restarted_from: str = "", owner: str = "", run_id: str = ""
    ) -> Run:
        """A new run, which is theirs, and so is what it learns from: it stays when others delete it."""
        self.keep_data(settings)
        run = super().create(settings, name, restarted_from=restarted_from, owner=self._person.owner, run_id=run_id)
        self._begun(run)
        return run

    def keep_data(self, settings: dict[str, Any]) -> None:
        """Makes what a run with these settings learns from theirs too, if somebody has brought it."""
        if kind := LEARNS_FROM.get(settings.get("kind", AUTOENCODER)):
            store, data = store_of(kind, self.folder.parent), str(settings.get("data"))
            with suppress(NotKeptError):
                if store.is_id(data):
                    store.keep(data, self._person.owner)

    def list(self) -> Runs:
        """Their runs and those of the address, newest first."""
        if self._person.is_host:
            return super().list()
        linked = set(self._linked())
        return [run for run in super().list() if run.id in linked or self.may_change(run)]

    def deleted(self) -> Runs:
        """Their runs in the trash."""
        return [run for run in super().deleted() if self.may_change(run)]

    def update(self, run_id: str, **changes: Any) -> Run:
        """As of the store. RunError, too, for another visitor's run, as of all that follow."""
        self.check(run_id)
        return super().update(run_id, **changes)

    def change_settings(self, run_id: str, **changes: Any) -> Run:
        """As of the store."""
        self.check(run_id)
        return super().change_settings(run_id, **changes)

    def delete(self, run_id: str) -> Path:
        """As of the store."""
        self.check(run_id)
        return super().delete(run_id)

    def restore(self, run_id: str) -> Run:
        """As of the store."""
        if not self.may_change(self.get_deleted(run_id)):
            raise RunError(f"Run '{run_id}' is not in your trash.")
        return super().restore(run_id)

    def discard(self, run_id: str) -> None:
        """As of the store."""
        if not self.may_change(self.get_deleted(run_id)):
            raise RunError(f"Run '{run_id}' is not in your trash.")
        super().discard(run_id)

    def check(self, run_id: str) -> None:
        """RunError unless the run is there and theirs."""
        run = self.get(run_id)
        if not self.may_change(run):
            raise RunError(
                f"Run '{run.name}' belongs to another visitor: you can look at it, export it and train a copy, but only"
                " they can change it."
            )


class VisitorsJobs:
    """The jobs of the server, of which a visitor changes their own."""

    def __init__(self, jobs: Jobs, runs: VisitorsRuns, person: Person) -> None:
        self._jobs, self._runs, self._person = jobs, runs, person
        self.executor, self.open = jobs.executor, jobs.open
        self.find, self.is_active, self.place, self.ahead = jobs.find, jobs.is_active, jobs.place, jobs.ahead
        self.check_room_for_runs, self.place_of_run = jobs.check_room_for_runs, jobs.place_of_run
        self.is_known, self.is_warm = jobs.is_known, jobs.is_warm
        self.expected_wait, self.expected_wait_of_run = jobs.expected_wait, jobs.expected_wait_of_run

    @property
    def size(self) -> int:
        """How many runs train side by side."""
        return self._jobs.size

    @property
    def where(self) -> str:
        """Where runs train, as a sentence; "" for this machine."""
        return self._jobs.where

    def submit(self, request: Request, visitor: str) -> Job:
        """Queues a job for this visitor, in a tab of theirs. QueueFull if too many wait."""
        return self._jobs.submit(request, self._own(visitor))

    def release(self, request: Request, visitor: str) -> None:
        """Withdraws this visitor's request; the job goes on for others who asked for it."""
        self._jobs.release(request, self._own(visitor))

    def cancel(self, request: Request) -> None:
        """The same, for all their tabs and for good: nobody but the host ends what others wait for."""
        if self._person.is_host:
            self._jobs.cancel(request, self._person.tag)
            return
        job = self._jobs.find(request)
        for visitor in list(job.visitors) if job else ():
            if visitor == self._own(visitor):
                self._jobs.release(request, visitor, is_stop=True)

    def begins(self, request: Request, visitor: str) -> bool:
        """Whether this visitor's page asks for the job by itself."""
        return self._jobs.begins(request, self._own(visitor))

    def _own(self, visitor: str) -> str:
        """The mark, if it is one of this visitor's; else theirs."""
        return visitor if person_of(visitor) == self._person.tag else self._person.tag

    def train(self, run_id: str, visitor: str) -> None:
        """Puts their run in the queue. RunError for another visitor's, as of those that follow."""
        self._runs.check(run_id)
        self._jobs.train(run_id, self._person.tag)

    def pause(self, run_id: str) -> None:
        """Requests that their run pauses with a checkpoint."""
        self._runs.check(run_id)
        self._jobs.pause(run_id)

    def stop(self, run_id: str) -> None:
        """Requests that their run stops here and is measured."""
        self._runs.check(run_id)
        self._jobs.stop(run_id)
