"""Uploaded ratings as a data set: saved in the home folder, listed and loaded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from aecore.datasets.downloads import disk_trouble
from aecore.datasets.uploads.base import shown
from aecore.files import BrokenFileError, read_json, read_npz
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.stores.content import ContentStore, Entry, NotKeptError
from aecore.stores.fingerprint import fingerprint
from aecore.stores.owners import HOST


@dataclass(frozen=True)
class OwnCard:
    """A summary of saved ratings, written to disk beside them.

    created: ISO 8601 in UTC. people: number of users, under the name it is stored by.
    error: why the ratings cannot be used, "" if they can.
    """

    id: str
    title: str = ""
    created: str = ""
    people: int = 0
    films: int = 0
    ratings: int = 0
    error: str = ""


def ratings_store(home: Path) -> ContentStore:
    """The store of uploaded ratings: list, rename, delete and restore."""
    return ContentStore(home, "ratings", "own-[0-9a-f]{10}")


def save_own(ratings: Ratings, films: Films, title: str, home: Path, owner: str = HOST) -> str:
    """Saves ratings as this owner's and returns their id; the same ratings have the same id, and take the new title
    unless others have them too.

    DataError if the home cannot be written.
    """
    names = [films.titles, films.movie_ids.tolist()]
    id = f"own-{fingerprint(names, ratings.indptr, ratings.films, ratings.stars, digits=10)}"
    card = OwnCard(
        id,
        shown(title, 80) or "My ratings",
        datetime.now(UTC).isoformat(timespec="seconds"),
        ratings.users,
        len(films),
        len(ratings),
    )
    arrays = {
        "indptr": ratings.indptr,
        "films": ratings.films,
        "stars": ratings.stars,
        "person_ids": ratings.user_ids,
        "movie_ids": ratings.movie_ids,
    }
    if ratings.times is not None:
        arrays["times"] = ratings.times
    facts = {name: getattr(films, name) for name in ("years", "genres", "imdb", "tmdb")}
    texts = {
        "titles": list(films.titles),
        "genre_names": list(films.genre_names),
        "alternatives": [list(each) for each in films.alternatives],
    }
    store = ratings_store(home)
    try:
        store.put(id, asdict(card), {"ratings.npz": arrays | facts, "films.json": texts}, owner)
    except OSError as error:
        raise disk_trouble(error, store.folder, ratings.stars.nbytes * 3, "AECORE_HOME") from error
    return id


def list_own(home: Path, ids: Collection[str] | None = None) -> list[OwnCard]:
    """The cards of all saved ratings, or of those of these ids, newest first; those that cannot be used come last."""
    return sorted((_card(each) for each in ratings_store(home).entries(ids)), key=lambda card: card.error != "")


def load_own(id: str, home: Path) -> tuple[Ratings, Films]:
    """Loads saved ratings and their films. RatingsError if the id is unknown or the files were changed."""
    folder = _entry(id, home).folder
    try:
        arrays = read_npz(folder / "ratings.npz")
        texts = read_json(folder / "films.json")
        facts = {name: arrays.pop(name) for name in ("years", "genres", "imdb", "tmdb")}
        films = Films(
            arrays["movie_ids"], tuple(texts["titles"]), genre_names=tuple(texts["genre_names"]),
            alternatives=tuple(tuple(each) for each in texts["alternatives"]), **facts,
        )  # fmt: skip
        rows = np.repeat(np.arange(len(arrays["person_ids"])), np.diff(arrays["indptr"]))
        ratings = Ratings.of(
            rows, arrays["films"], arrays["stars"], arrays.get("times"), arrays["person_ids"], arrays["movie_ids"]
        )
        assert len(films) == ratings.films_count == len(films.years) == len(films.genres)
    except (OSError, BrokenFileError, ValueError, KeyError, TypeError, AssertionError):
        raise RatingsError(
            f"The ratings in {folder} were changed or damaged after they were saved. "
            "Delete them and upload the file again."
        ) from None
    return ratings, films


def _entry(id: str, home: Path) -> Entry:
    try:
        return ratings_store(home).get(id)
    except NotKeptError:
        raise RatingsError(
            f"There are no ratings '{shown(id, 40)}' here; they may have been deleted. Choose others."
        ) from None


def _card(entry: Entry) -> OwnCard:
    try:
        card = OwnCard(**(entry.card or {}))
        numbers = (card.people, card.films, card.ratings)
        if (
            card.id == entry.id
            and all(type(each) is int for each in numbers)
            and isinstance(card.title, str)
            and isinstance(card.created, str)
        ):
            return card
    except TypeError:
        pass
    return OwnCard(entry.id, entry.id, error="Its card was changed or damaged. Delete it and upload the file again.")
