"""Film: a film as a profile or an import names it, by title and year, by ids, or by whichever are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aecore.foreign import FORMULA
from aecore.recommender.ratings.films import Films, plain

MOST_LETTERS = 300
"""Longer titles are cut; the longest of a real film has 208 letters."""
MOST_GENRES, MOST_GENRE_LETTERS = 8, 40


@dataclass(frozen=True)
class Film:
    """A film by title, year and ids.

    year, imdb, tmdb, movie_id: 0 if unknown. movie_id is the id in MovieLens or in an uploaded data set. genres: of a
    film that was added by hand; those of all others are the catalogue's.

    A record keeps all that is known, so that the film can be found in the catalogue of any model,
    even with other ids.
    """

    title: str = ""
    year: int = 0
    imdb: int = 0
    tmdb: int = 0
    movie_id: int = 0
    genres: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of a record: the most stable identifier that is known; "" if there is none."""
        if self.imdb:
            return f"imdb {self.imdb}"
        if self.tmdb:
            return f"tmdb {self.tmdb}"
        return self.name or (f"film {self.movie_id}" if self.movie_id else "")

    @property
    def name(self) -> str:
        """Normal form of title and year, "title matrix 1999" for "The Matrix (1999)"; "" without a title."""
        words = plain_title(self.title)
        return f"title {words} {self.year}" if words else ""

    def __str__(self) -> str:
        if self.title:
            return f"{self.title} ({self.year})" if self.year else self.title
        ids = [
            f"tt{self.imdb:07d}" if self.imdb else "",
            f"TMDb {self.tmdb}" if self.tmdb else "",
            f"film {self.movie_id}" if self.movie_id else "",
        ]
        return next(filter(None, ids), "a film without a name")


def as_values(film: Film) -> dict[str, Any]:
    """The film as JSON values, which `film_from` reads; without genres if it has none, as earlier versions expect."""
    return {name: value for name, value in asdict(film).items() if name != "genres" or value}


def film_from(values: Mapping[str, Any]) -> Film:
    """The film of what `as_values` gave."""
    return Film(**{**values, "genres": tuple(values.get("genres", ()))})


def film_at(films: Films, column: int) -> Film:
    """The film in this column of a catalogue."""
    ids = int(films.imdb[column]), int(films.tmdb[column]), int(films.movie_ids[column])
    return Film(films.titles[column], int(films.years[column]), *ids)


def plain_title(title: str) -> str:
    """Normal form of a title without its article: the same for "The Matrix", "Matrix, The" and "the matrix!"."""
    words = plain(title) or " ".join(title.casefold().split())
    first, _, rest = words.partition(" ")
    if rest and first in _ARTICLES:
        return rest
    front, _, last = words.rpartition(" ")
    return front if front and last in ("the", "a", "an") and title.rstrip().casefold().endswith(f", {last}") else words


def clean_title(title: str) -> str:
    """A title on one line without control characters, at most `MOST_LETTERS` long, and without the apostrophe
    that guards a spreadsheet cell.
    """
    title = " ".join("".join(each if each.isprintable() else " " for each in title[: 4 * MOST_LETTERS]).split())
    if title[:1] == "'" and title[1:2] in FORMULA:
        title = title[1:]
    return title[:MOST_LETTERS].strip()


def clean_genres(names: Iterable[str]) -> tuple[str, ...]:
    """Genres on one line each and each once, without the sign that separates them in a file."""
    cleaned = (clean_title(each.replace("|", " "))[:MOST_GENRE_LETTERS] for each in names)
    return tuple(dict.fromkeys(filter(None, cleaned)))[:MOST_GENRES]


_ARTICLES = frozenset(
    ["the", "a", "an", "le", "la", "les", "l", "un", "une", "il", "lo", "el", "los", "las", "der", "die", "das"]
)
