"""Data sets of ratings by name: the editions of MovieLens, and uploads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecore.jobs.downloads import fetch_files
from aecore.jobs.kinds import JobProgress
from aecore.paths import data_folder, home_folder
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import EDITIONS, edition, present, read, source_of
from aecore.recommender.ratings.own import list_own, load_own
from aecore.recommender.ratings.table import Ratings, RatingsError


@dataclass(frozen=True)
class RatingCard:
    """The description of a data set of ratings.

    users, films, ratings: counts. bytes: size of the download, 0 if there is none. is_ready: whether it is on this
    machine.
    """

    name: str
    title: str
    about: str
    users: int
    films: int
    ratings: int
    licence: str
    citation: str
    bytes: int
    is_ready: bool


def cards(folder: Path | None = None, home: Path | None = None, ids: Collection[str] | None = None) -> list[RatingCard]:
    """All data sets: MovieLens from the smallest edition to the largest, then uploads, or those of these ids,
    newest first.
    """
    editions = [
        RatingCard(
            name,
            each.title,
            each.about,
            each.users,
            each.films,
            each.ratings,
            each.licence,
            each.citation,
            each.file.size_hint,
            present(name, folder),
        )
        for name, each in EDITIONS.items()
    ]
    own = [
        RatingCard(
            each.id,
            each.title,
            "Uploaded here.",
            each.people,
            each.films,
            each.ratings,
            "Yours",
            "",
            0,
            True,
        )
        for each in list_own(home or home_folder(), ids)
        if not each.error
    ]
    return editions + own


def card(name: str, folder: Path | None = None, home: Path | None = None) -> RatingCard:
    """The card of the data set of this name. RatingsError if there is none."""
    for each in cards(folder, home, (name,)):
        if each.name == name:
            return each
    raise RatingsError(
        f"There is no data set of ratings called '{name[:40]}'; there are {', '.join(EDITIONS)}, "
        "and those you have brought yourself."
    )


def load(name: str, folder: Path | None = None, home: Path | None = None) -> tuple[Ratings, Films]:
    """Loads ratings and films with the same columns. RatingsError if the data set is missing or damaged."""
    if name.startswith("own-"):
        return load_own(name, home or home_folder())
    return read(name, folder)


def downloaded(name: str, folder: Path) -> list[Path]:
    """The files of an edition of MovieLens that is in the data folder; none of any other data set."""
    if name not in EDITIONS or not present(name, folder):
        return []
    source = source_of(name, folder)
    return [source.path] if source.prefix else [each for each in source.path.rglob("*") if each.is_file()]


def fetch(store: Any, name: str) -> Iterator[JobProgress]:
    """A job: downloads an edition of MovieLens.

    RatingsError if there is none of that name, DataError if the download fails.
    """
    yield from fetch_files((edition(name).file,), data_folder())
