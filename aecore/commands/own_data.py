"""Uploaded data on the command line: pictures and tables, ratings, and texts, each by its id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aecore.datasets.base import DataError
from aecore.datasets.downloads import disk_trouble
from aecore.datasets.uploads.base import shown
from aecore.datasets.uploads.store import list_uploads, upload_store
from aecore.recommender.ratings.own import list_own, ratings_store
from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.trash import empty_trash
from aecore.words.text_store import kept, text_store


def stores(home: Path) -> tuple[ContentStore, ...]:
    """Every store of uploaded data. No two share an id."""
    return upload_store(home), ratings_store(home), text_store(home)


def print_list(home: Path) -> None:
    """Prints one line for each stored upload, then one for each in the trash."""
    for id, about in _about(home).items():
        print(f"{id:<20} {about}")
    for store in stores(home):
        for each in store.deleted():
            print(f"{each.id:<20} in the trash: {shown(each.title, 80)}; `python -m aecore data restore {each.id}`")


def rename(home: Path, id: str, title: str) -> int:
    """Gives an upload another title. NotKeptError if there is none of that id, DataError if the title is empty."""
    title = shown(title, 80)
    if not title:
        raise DataError("A title needs at least one letter.")
    with _writing(home):
        _store(home, id).rename(id, title)
    print(f"{id} is called '{title}' now.")
    return 0


def delete(home: Path, id: str) -> int:
    """Moves an upload to the trash. NotKeptError if there is none of that id."""
    store = _store(home, id)
    title = shown(store.get(id).title, 80)
    with _writing(home):
        store.delete(id)
    print(f"'{title}' is in the trash. `python -m aecore data restore {id}` brings it back.")
    return 0


def restore(home: Path, id: str) -> int:
    """Restores an upload from the trash. NotKeptError if it is not there."""
    with _writing(home):
        entry = _store(home, id).restore(id)
    print(f"'{shown(entry.title, 80)}' is back.")
    return 0


def empty(home: Path, days: float) -> int:
    """Permanently deletes what has been in the trash for at least `days` days."""
    with _writing(home):
        gone = empty_trash(home, days)
    print(
        f"{gone:,} {'thing' if gone == 1 else 'things'} had been in the trash for at least {days:g} days and "
        f"{'is' if gone == 1 else 'are'} removed."
    )
    return 0


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _about(home: Path) -> dict[str, str]:
    uploads = {
        each.id: each.error or f"ready: {each.title}, {_counted(each.count, 'example')}" for each in list_uploads(home)
    }
    ratings = {
        each.id: each.error
        or f"ready: {each.title}, {_counted(each.ratings, 'rating')} of {_counted(each.films, 'film')} "
        f"by {_counted(each.people, 'user')}"
        for each in list_own(home)
    }
    readable = kept(home)
    texts = {
        each.id: f"ready: {shown(each.title, 80)}, texts"
        if each.id in readable
        else "These texts cannot be read. Delete them and bring them again."
        for each in text_store(home).entries()
    }
    return uploads | ratings | texts


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    """Turns an OSError of the disk into a DataError."""
    try:
        yield
    except OSError as error:
        raise disk_trouble(error, home, 0, "AECORE_HOME") from error


def _store(home: Path, id: str) -> ContentStore:
    for store in stores(home):
        if store.is_id(id):
            return store
    raise NotKeptError(f"'{shown(id, 40)}' is not the id of data of your own; `python -m aecore data list` shows them.")
