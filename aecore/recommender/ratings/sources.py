"""Data sets of ratings by name: the editions of MovieLens and what people have brought themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecore.jobs.downloads import fetch_files
from aecore.jobs.kinds import JobProgress
from aecore.paths import data_folder, home_folder
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import EDITIONS, edition, present, read
from aecore.recommender.ratings.own import list_own, load_own
from aecore.recommender.ratings.table import Ratings, RatingsError


@dataclass(frozen=True)
class RatingCard:
    """What a visitor should know of a data set.

    bytes: to be downloaded, 0 if nothing is. is_ready: whether it can be read at once.
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


def cards(folder: Path | None = None, home: Path | None = None) -> list[RatingCard]:
    """MovieLens first, the small editions before the large, then what people have brought, the newest first."""
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
        for each in list_own(home or home_folder())
        if not each.error
    ]
    return editions + own


def card(name: str, folder: Path | None = None, home: Path | None = None) -> RatingCard:
    """The card of one. RatingsError if there is none of that name."""
    for each in cards(folder, home):
        if each.name == name:
            return each
    raise RatingsError(
        f"There is no data set of ratings called '{name[:40]}'; there are {', '.join(EDITIONS)}, "
        "and those you have brought yourself."
    )


def load(name: str, folder: Path | None = None, home: Path | None = None) -> tuple[Ratings, Films]:
    """All ratings and the films they are of, in the same order. RatingsError if it is not there or damaged."""
    if name.startswith("own-"):
        return load_own(name, home or home_folder())
    return read(name, folder)


def fetch(store: Any, name: str) -> Iterator[JobProgress]:
    """A job: downloads an edition of MovieLens.

    RatingsError if there is none of that name, DataError if it cannot be had.
    """
    yield from fetch_files((edition(name).file,), data_folder())
