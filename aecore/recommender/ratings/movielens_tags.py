"""The tags that users of MovieLens gave to films, of the editions that have any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aecore.recommender.ratings.delimited import Form, read_cells, whole
from aecore.recommender.ratings.movielens import EDITIONS, present, source_of

NAME, COLUMNS = "tags.csv", ("userId", "movieId", "tag", "timestamp")


def has_tags(name: str, folder: Path | None = None) -> bool:
    """Whether this is an edition that is there, and has tags."""
    return name in EDITIONS and present(name, folder) and source_of(name, folder).has(NAME)


def read_tags(name: str, folder: Path | None = None) -> Iterator[tuple[int, int, str]]:
    """The tags of an edition: user, movie id and tag of each. RatingsError if they cannot be read."""
    for line, cells in read_cells(source_of(name, folder), NAME, Form(",", len(COLUMNS), COLUMNS)):
        yield whole(cells[0], NAME, line), whole(cells[1], NAME, line), cells[2]
