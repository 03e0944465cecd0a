"""Runs, jobs and what people brought as one visitor of a shared server has them: their own to list and change, any of
which they know the address to look at and to copy.

The pages need not think of it: `services.store`, `services.jobs`, `services.uploads`, `services.ratings` and
`services.texts` are these, and refuse with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from aecore.jobs.queue import Job, Request, person_of
from aecore.jobs.service import Jobs
from aecore.runs.store import AUTOENCODER, RECOMMENDER, Run, RunError, Runs, RunStore
from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.entries import Deleted, Entry
from ui.app.identity import Person

STORES = {
    "uploads": "aecore.datasets.uploads.store:upload_store",
    "ratings": "aecore.recommender.ratings.own:ratings_store",
    "texts": "aecore.words.text_store:text_store",
}
"""What makes the store of each kind of what people bring."""

LEARNS_FROM = {AUTOENCODER: "uploads", RECOMMENDER: "ratings"}
"""What a new run keeps for its owner; not texts, since opening few of them is enough to begin a run."""


class VisitorsRuns(RunStore):
    """The runs of one person, and those that a link shows to them.

    linked: gives whatever in the address that they have opened could be an id.
    """

    def __init__(self, folder: Path, person: Person, linked: Callable[[], Collection[str]] = tuple) -> None:
        super().__init__(folder)
        self._person, self._linked = person, linked

    def may_change(self, run: Run) -> bool:
        """Whether the run is theirs."""
        return self._person.may_change(run.status.owner)

    def create(self, settings: dict[str, Any], name: str, *, restarted_from: str = "", owner: str = "") -> Run:
        """A new run, which is theirs, and so is what it learns from: it stays when others delete it."""
        if kind := LEARNS_FROM.get(settings.get("kind", AUTOENCODER)):
            store, data = store_of(kind, self.folder.parent), str(settings.get("data"))
            with suppress(NotKeptError):
                if store.is_id(data):
                    store.keep(data, self._person.owner)
        return super().create(settings, name, restarted_from=restarted_from, owner=self._person.owner)

    def list(self) -> Runs:
        """Their runs and those of the address, newest first."""
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
        if run_id not in {run.id for run in self.deleted()}:
            raise RunError(f"Run '{run_id}' is not in your trash.")
        return super().restore(run_id)

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

    @property
    def size(self) -> int:
        """How many runs train side by side."""
        return self._jobs.size

    def submit(self, request: Request, visitor: str) -> Job:
        """Queues a job for this visitor, in a tab of theirs. QueueFull if too many wait."""
        return self._jobs.submit(request, self._own(visitor))

    def release(self, request: Request, visitor: str) -> None:
        """Withdraws this visitor's request; the job goes on for others who asked for it."""
        self._jobs.release(request, self._own(visitor))

    def cancel(self, request: Request) -> None:
        """The same, for all their tabs: nobody ends what others wait for."""
        job = self._jobs.find(request)
        for visitor in list(job.visitors) if job else ():
            if visitor == self._own(visitor):
                self._jobs.release(request, visitor)

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


class VisitorsContent:
    """What people brought of one kind, as one person has it: their own, and what a link shows to them.

    linked: gives whatever a link names, in full or without the kind: "upload-0123456789" or "0123456789".
    """

    def __init__(self, store: ContentStore, person: Person, linked: Callable[[], Collection[str]] = tuple) -> None:
        self._store, self._person, self._linked = store, person, linked
        self._owner = None if person.is_host else person.owner  # the host acts for all owners

    @property
    def kind(self) -> str:
        """The kind, as in the name of its folder."""
        return self._store.folder.name

    def ids(self) -> frozenset[str]:
        """The ids of theirs and of those that a link names."""
        own = frozenset(self._store.ids(self._owner))
        if self._person.is_host or not (linked := set(self._linked())):
            return own
        return own | {id for id in self._store.ids() if not linked.isdisjoint((id, id.rpartition("-")[2]))}

    def get(self, id: str) -> Entry:
        """Any entry of which they know the id. NotKeptError if there is none."""
        return self._store.get(id)

    def may_change(self, id: str) -> bool:
        """Whether it is there and theirs."""
        with suppress(NotKeptError):
            owners = self._store.owners(id)
            return self._person.is_host or self._owner in owners.keeping
        return False

    def is_anothers(self, id: str) -> bool:
        """Whether it is there and not theirs."""
        with suppress(NotKeptError):
            owners = self._store.owners(id)
            return not self._person.is_host and self._owner not in owners.keeping
        return False

    def keep(self, id: str) -> None:
        """Makes it theirs, too. NotKeptError if it is not there."""
        self._store.keep(id, self._person.owner)

    def delete(self, id: str) -> None:
        """Moves it to their trash; others who keep it still have it, unless the host deletes it.

        NotKeptError if it is not there, or not theirs.
        """
        if self.is_anothers(id):
            raise NotKeptError(
                f"'{self.get(id).title}' belongs to another visitor: you can use it and keep it too, but only they can "
                "delete it."
            )
        self._store.delete(id, self._owner)

    def deleted(self) -> list[Deleted]:
        """What is in their trash, last deleted first."""
        return self._store.deleted(self._owner)

    def restore(self, id: str) -> Entry:
        """Restores it, for them alone, or for all who had it if the host does. NotKeptError if not in their trash."""
        return self._store.restore(id, self._owner)


def store_of(kind: str, home: Path) -> ContentStore:
    """The store of what people bring of a kind in `STORES`; loaded late, as pages need one of them or none."""
    module, _, name = STORES[kind].partition(":")
    store: ContentStore = getattr(import_module(module), name)(home)
    return store
