"""MovieLens: reads the editions of GroupLens, downloaded or found in the data folder, into ratings and films."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from aecore.datasets.downloads import DownloadProgress, RemoteFile, fetch, verify
from aecore.paths import data_folder
from aecore.readers.errors import place
from aecore.recommender.ratings.delimited import Form, Source, read_cells, read_ratings, whole
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError, columns_of

CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems 5(4), article 19. https://doi.org/10.1145/2827872"
)
MEANWHILE = "the built-in recommender works offline"

_RESEARCH = (
    "Free for research and teaching. Not for commercial use without permission of GroupLens; "
    "no endorsement may be implied; name the source."
)
_NO_COPIES = _RESEARCH + " The data may not be passed on without separate permission."
_SAME_TERMS = _RESEARCH + " The data, and what is made from them, may be passed on under the same conditions."


@dataclass(frozen=True)
class Edition:
    """An edition of MovieLens: its description, and the layout of its files.

    users, films, ratings: counts; films are those of the catalogue, rated or not.
    inside: the folder in the ZIP.
    """

    title: str
    about: str
    licence: str
    users: int
    films: int
    ratings: int
    file: RemoteFile
    layout: Literal["100k", "dat", "csv"]
    inside: str
    citation: str = CITATION


def _zip(name: str, size: int, *, sha256: str = "", md5: str = "") -> RemoteFile:
    """A ZIP of GroupLens, by plain HTTP as well: the host's certificate has expired before,
    and the digest verifies the file.
    """
    urls = tuple(f"{scheme}://files.grouplens.org/datasets/movielens/{name}.zip" for scheme in ("https", "http"))
    return RemoteFile(f"movielens/{name}.zip", urls, sha256, size, "file", md5, MEANWHILE)


EDITIONS: dict[str, Edition] = {
    "ml-latest-small": Edition(
        "MovieLens, latest small",
        "Ratings from 1996 to 2018. Trains in seconds.",
        _SAME_TERMS, 610, 9_742, 100_836,
        _zip("ml-latest-small", 978_202, sha256="696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436"),
        "csv", "ml-latest-small",
    ),
    "ml-100k": Edition(
        "MovieLens 100K", "Ratings from 1997 and 1998. It has the five official splits into training and test "
        "ratings on which models are compared.",
        _NO_COPIES, 943, 1_682, 100_000,
        _zip("ml-100k", 4_924_029, sha256="50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"),
        "100k", "ml-100k",
    ),
    "ml-1m": Edition(
        "MovieLens 1M",
        "By users who joined in the year 2000; each has rated at least 20 films.",
        _NO_COPIES, 6_040, 3_883, 1_000_209,
        _zip("ml-1m", 5_917_549, sha256="a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20"),
        "dat", "ml-1m",
    ),
    "ml-10m": Edition(
        "MovieLens 10M", "Ten million ratings of 1995 to 2009, the first edition with half stars.",
        _NO_COPIES, 69_878, 10_681, 10_000_054,
        _zip("ml-10m", 65_566_137, md5="ce571fd55effeba0271552578f2648bd"), "dat", "ml-10M100K",
    ),
    "ml-25m": Edition(
        "MovieLens 25M", "25 million ratings of 1995 to 2019.",
        _SAME_TERMS, 162_541, 62_423, 25_000_095,
        _zip("ml-25m", 261_978_986, sha256="8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa"),
        "csv", "ml-25m",
    ),
    "ml-32m": Edition(
        "MovieLens 32M", "32 million ratings of 1995 to 2023, the largest and newest edition that does not change.",
        _SAME_TERMS, 200_948, 87_585, 32_000_204,
        _zip("ml-32m", 238_950_008, sha256="e4a68655d7386b8f95f2f2424b2ff975dfdd15ffd59e0d864a14dca43e99d6ee"),
        "csv", "ml-32m",
    ),
}  # fmt: skip
"""Sizes and SHA-256 digests as TensorFlow Datasets lists them (url_checksums/movielens.txt); of 10M only the MD5 that
GroupLens publishes; those of 32M are of the file whose published MD5 is
d472be332d4daa821edc399621853b57.
"""

_RATINGS = {"100k": "u.data", "dat": "ratings.dat", "csv": "ratings.csv"}
_RATING_FORMS = {
    "100k": Form("\t", 4),
    "dat": Form("::", 4),
    "csv": Form(",", 4, ("userId", "movieId", "rating", "timestamp")),
}
_MOVIES = {"100k": "u.item", "dat": "movies.dat", "csv": "movies.csv"}
SPLITS = (1, 2, 3, 4, 5)
"""The official splits of 100K: u1.base and u1.test to u5.base and u5.test."""


def present(name: str, folder: Path | None = None) -> bool:
    """Whether an edition is on this machine, as its ZIP or as an unpacked folder of its name."""
    return _found(name, folder or data_folder()) is not None


def download(name: str, folder: Path | None = None) -> Generator[DownloadProgress, None, None]:
    """Downloads an edition into the data folder and checks it; see `aecore.datasets.downloads.fetch`."""
    return fetch(edition(name).file, folder or data_folder())


def check(name: str, folder: Path | None = None) -> str:
    """Verifies an edition; returns what was verified, as a sentence.

    DataError if the ZIP is not the published file, or an unpacked folder, which has no digest, cannot be read.
    """
    folder, file = folder or data_folder(), edition(name).file
    source = _found(name, folder)
    if source is None or source.prefix:
        verify(file, folder)
        return f"{file.path}: as it should be"
    ratings, films = read(name, folder)
    return (
        f"{source.path}: unpacked, so there is no checksum; all {len(ratings):,} ratings of "
        f"{len(films):,} films can be read"
    )


def edition(name: str) -> Edition:
    """The edition of this name. RatingsError if there is none."""
    if name not in EDITIONS:
        raise RatingsError(f"There is no edition '{name}' of MovieLens; there are {', '.join(EDITIONS)}.")
    return EDITIONS[name]


def read(name: str, folder: Path | None = None) -> tuple[Ratings, Films]:
    """Reads all ratings and films of an edition; their columns are the same, films in ascending order of id.

    RatingsError, with file and line, if it is not there, or a file is missing, cut short or damaged.
    """
    (films, source), layout = films_and_source(name, folder), EDITIONS[name].layout
    ratings = _read_table(source, films, _RATINGS[layout], _RATING_FORMS[layout])
    check_count(name, _RATINGS[layout], len(ratings))
    return ratings, films


def films_and_source(name: str, folder: Path | None = None) -> tuple[Films, Source]:
    """The films of an edition, and where its files lie. RatingsError as `read`."""
    source = source_of(name, folder)
    return _read_films(source, EDITIONS[name].layout), source


def split_100k(number: int, folder: Path | None = None) -> tuple[Ratings, Ratings]:
    """Training and test ratings of the official split 1 to 5 of 100K; both have all 943 users and 1,682 films."""
    if number not in SPLITS:
        raise RatingsError(f"There is no split {number} of MovieLens 100K; there are {', '.join(map(str, SPLITS))}.")
    source = source_of("ml-100k", folder)
    films = _read_films(source, "100k")
    users = np.arange(1, EDITIONS["ml-100k"].users + 1)
    parts = []
    for ending, count in (("base", 80_000), ("test", 20_000)):
        parts.append(_read_table(source, films, f"u{number}.{ending}", _RATING_FORMS["100k"], users))
        check_count("ml-100k", f"u{number}.{ending}", len(parts[-1]), count)
    return parts[0], parts[1]


def _found(name: str, folder: Path) -> Source | None:
    card = edition(name)
    ratings = _RATINGS[card.layout]
    for unpacked in (folder / "movielens" / name, folder / "movielens" / card.inside):
        if (unpacked / ratings).is_file():
            return Source(unpacked)
    return Source(folder / card.file.path, f"{card.inside}/") if (folder / card.file.path).is_file() else None


def source_of(name: str, folder: Path | None = None) -> Source:
    """Where the files of an edition lie. RatingsError if it is not there."""
    folder = folder or data_folder()
    source = _found(name, folder)
    if source is None:
        raise RatingsError(
            f"{edition(name).title} has not been downloaded yet; it is not in {folder}. "
            f"Download it, or run `python -m aecore data fetch {name}`."
        )
    return source


def _read_table(source: Source, films: Films, name: str, form: Form, users: np.ndarray | None = None) -> Ratings:
    found = read_ratings(source, name, form)
    columns = columns_of(found.movies, films.movie_ids)
    if (columns < 0).any():
        at = int(np.argmin(columns))
        where = place(name, found.line_of(at))
        raise RatingsError(
            f"{where}: film {found.movies[at]} is not in the list of films. Download the data set again."
        )
    if users is None:
        return Ratings.of_ids(found.users, found.movies, found.stars, found.times, films.movie_ids)
    places = columns_of(found.users, users)
    if (places < 0).any():
        at = int(np.argmin(places))
        where = place(name, found.line_of(at))
        raise RatingsError(
            f"{where}: there is no user {found.users[at]} among {len(users)}. Download the data set again."
        )
    return Ratings.of(places, columns, found.stars, found.times, users, films.movie_ids)


def _read_films(source: Source, layout: str) -> Films:
    name = _MOVIES[layout]
    if layout == "100k":
        genre_names = [cells[0] for _, cells in read_cells(source, "u.genre", Form("|", 2))]
        table = read_cells(source, name, Form("|", 5 + len(genre_names)))
        rows = [(whole(cells[0], name, line), cells[1], _flagged(cells[5:], genre_names)) for line, cells in table]
    else:
        table = read_cells(
            source, name, Form("::", 3) if layout == "dat" else Form(",", 3, ("movieId", "title", "genres"))
        )
        rows = [(whole(cells[0], name, line), cells[1], cells[2].split("|")) for line, cells in table]
    links = _read_links(source) if layout == "csv" and source.has("links.csv") else {}
    rows.sort(key=lambda row: row[0])
    ids = [row[0] for row in rows]
    if not ids:
        raise RatingsError(f"'{name}' lists no films. Download the data set again.")
    if twice := next((a for a, b in zip(ids, ids[1:], strict=False) if a == b), None):
        raise RatingsError(f"'{name}' lists film {twice} twice. Download the data set again.")
    return Films.of(ids, [row[1] for row in rows], [row[2] for row in rows], links)


def _flagged(flags: list[str], names: list[str]) -> list[str]:
    return [name for name, flag in zip(names, flags, strict=False) if flag.strip() == "1"]


def _read_links(source: Source) -> dict[int, tuple[int, int]]:
    name = "links.csv"
    rows = read_cells(source, name, Form(",", 3, ("movieId", "imdbId", "tmdbId")))
    return {
        whole(cells[0], name, line): (whole(cells[1], name, line, 0), whole(cells[2], name, line, 0))
        for line, cells in rows
    }


def check_count(edition_name: str, name: str, found: int, published: int = 0) -> None:
    """RatingsError if a file of an edition holds fewer ratings than were published: all of the edition, or so many."""
    published = published or EDITIONS[edition_name].ratings
    if found < published:
        title = EDITIONS[edition_name].title
        raise RatingsError(
            f"'{name}' holds {found:,} of the {published:,} ratings of {title}; the file was cut short. "
            "Delete it and download it again."
        )
