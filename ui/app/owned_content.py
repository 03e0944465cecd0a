"""What people brought (data sets, ratings, texts) as one visitor of a shared server has it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.entries import Deleted, Entry
from ui.app.identity import Person

STORES = {
    "uploads": "aecore.datasets.uploads.store:upload_store",
    "ratings": "aecore.recommender.ratings.own:ratings_store",
    "texts": "aecore.words.text_store:text_store",
}
"""What makes the store of each kind of what people bring."""


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

    def discardable(self) -> list[Deleted]:
        """What they may remove from the trash for good; of the host, only what is their own."""
        return self._store.deleted(self._person.owner)

    def discard(self, id: str) -> None:
        """Removes it from their trash for good; who else has deleted it may still restore it.

        NotKeptError if it is not in their own trash.
        """
        self._store.discard(id, self._person.owner)


def store_of(kind: str, home: Path) -> ContentStore:
    """The store of what people bring of a kind in `STORES`; loaded late, as pages need one of them or none."""
    module, _, name = STORES[kind].partition(":")
    store: ContentStore = getattr(import_module(module), name)(home)
    return store
