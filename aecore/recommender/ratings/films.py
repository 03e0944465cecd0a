"""Films: titles, years, genres, and their ids at IMDb and TMDb."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aecore.recommender.ratings.table import columns_of

NO_GENRES = ("(no genres listed)", "unknown")

_YEAR = re.compile(r"^(.*\S)\s*\((\d{4})(?:\s*[-–]\s*\d{0,4})?\)\s*(?:\((?:V|TV|VG)\)\s*)?$")
_LAST_BRACKETS = re.compile(r"^(.*\S)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")
_ALSO = re.compile(r"^\s*a\.?\s?k\.?\s?a\.?:?\s+", re.IGNORECASE)
_NO_TITLE = re.compile(r"^(part|vol|volume|chapter|episode)\b|^[\divx.]+$", re.IGNORECASE)
_ARTICLE_LAST = re.compile(
    r"^(.+), (the|a|an|da|le|la|les|l['’]|un|une|il|lo|i|gli|uno|una|el|los|"
    r"las|der|die|das|ein|eine|den|det|de|en|ett|het|een|o|os)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\S\s+or[:,]?$", re.IGNORECASE)


@dataclass(frozen=True)
class Title:
    """A parsed title.

    year: 0 if unknown. alternatives: other titles of the same film, such as the original one.
    """

    name: str
    year: int
    alternatives: tuple[str, ...] = ()


def parse_title(text: str) -> Title:
    """Parses a MovieLens title, moving articles to the front: "City of Lost Children, The
    (Cité des enfants perdus, La) (1995)".
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    dated = _YEAR.match(text)
    name, year = (dated[1], int(dated[2])) if dated else (text, 0)
    alternatives: list[str] = []
    while (found := _LAST_BRACKETS.match(name)) and not _NO_TITLE.match(found[2]) and not _GOES_ON.search(found[1]):
        name = found[1]
        if other := article_first(_ALSO.sub("", found[2]).strip()):
            alternatives.insert(0, other)
    return Title(article_first(name), year, tuple(alternatives))


def article_first(name: str) -> str:
    """ "Matrix, The" -> "The Matrix", "Avventura, L'" -> "L'Avventura"; other names are unchanged."""
    found = _ARTICLE_LAST.match(name)
    if not found:
        return name
    front, article = found.groups()
    return article + front if article[-1] in "'’" else f"{article} {front}"


def article_last(name: str) -> str:
    """ "The Matrix" -> "Matrix, The", for sorting by the main word. Only English articles are moved."""
    first, _, rest = name.partition(" ")
    return f"{rest}, {first}" if rest and first.casefold() in ("the", "a", "an") else name


def plain(name: str) -> str:
    """A title in normal form, to compare spellings: lower-case letters and digits, single spaces, no accents,
    "&" as "and".
    """
    name = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    name = name.replace("&", " and ").replace("’", "'").replace("'", "")
    folded = "".join(each for each in name if not unicodedata.combining(each)).translate(_LETTERS)
    return " ".join("".join(each if each.isalnum() else " " for each in folded).split())


_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "þ": "th", "ð": "d"})


@dataclass(frozen=True, eq=False)
class Films:
    """F films. movie_ids: (F,) int64. titles: F titles, article first, without the year. years: (F,) int16, 0 unknown.

    genres: (F, G) bool, whose columns are `genre_names`. imdb, tmdb: (F,) int32 ids there, 0 unknown.
    alternatives: F tuples of other titles.
    """

    movie_ids: np.ndarray
    titles: tuple[str, ...]
    years: np.ndarray
    genres: np.ndarray
    genre_names: tuple[str, ...]
    imdb: np.ndarray
    tmdb: np.ndarray
    alternatives: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.alternatives:
            object.__setattr__(self, "alternatives", ((),) * len(self.titles))

    @classmethod
    def of(
        cls,
        movie_ids: Sequence[int] | np.ndarray,
        titles: Sequence[str],
        genres: Sequence[Iterable[str]] | None = None,
        links: dict[int, tuple[int, int]] | None = None,
    ) -> Films:
        """From titles as MovieLens writes them. genres: names per film; links: movie id -> ids at IMDb and TMDb."""
        parsed = [parse_title(each) for each in titles]
        named = [[name for name in each if name and name not in NO_GENRES] for each in (genres or [()] * len(parsed))]
        genre_names = tuple(sorted({name for each in named for name in each}))
        column = {name: place for place, name in enumerate(genre_names)}
        table = np.zeros((len(parsed), len(genre_names)), bool)
        for row, each in enumerate(named):
            table[row, [column[name] for name in each]] = True
        ids = [(links or {}).get(int(movie), (0, 0)) for movie in movie_ids]
        imdb, tmdb = np.array(ids, np.int32).reshape(-1, 2).T.copy()
        years = np.array([each.year for each in parsed], np.int16)
        others = tuple(each.alternatives for each in parsed)
        return cls(
            np.asarray(movie_ids, np.int64),
            tuple(each.name for each in parsed),
            years,
            table,
            genre_names,
            imdb,
            tmdb,
            others,
        )

    @classmethod
    def untitled(cls, movie_ids: np.ndarray) -> Films:
        """Films known only by their ids, with titles such as "Film 17"."""
        return cls.of(movie_ids, [f"Film {movie}" for movie in movie_ids])

    def __len__(self) -> int:
        return len(self.titles)

    @cached_property
    def column(self) -> dict[int, int]:
        """Movie id -> column."""
        return {movie: place for place, movie in enumerate(self.movie_ids.tolist())}

    def title(self, place: int) -> str:
        """The title with its year, "The Matrix (1999)"."""
        return f"{self.titles[place]} ({self.years[place]})" if self.years[place] else self.titles[place]

    def genres_of(self, place: int) -> tuple[str, ...]:
        """The genres of one film, in alphabetical order."""
        return tuple(self.genre_names[each] for each in np.flatnonzero(self.genres[place]))

    def take(self, places: np.ndarray) -> Films:
        """The films of these columns, in this order; `genre_names` is unchanged."""
        places = np.asarray(places, np.int64)
        titles, others = tuple(self.titles[each] for each in places), tuple(self.alternatives[each] for each in places)
        return Films(
            self.movie_ids[places],
            titles,
            self.years[places],
            self.genres[places],
            self.genre_names,
            self.imdb[places],
            self.tmdb[places],
            others,
        )

    def on(self, movie_ids: np.ndarray) -> Films:
        """One film for each of `movie_ids`, in that order; an unknown film is titled by its number."""
        places = columns_of(np.asarray(movie_ids, np.int64), self.movie_ids)
        if (places >= 0).all():
            return self.take(places)
        blank = Films.untitled(np.asarray(movie_ids, np.int64))
        known = places >= 0

        def merged(mine: np.ndarray, empty: np.ndarray) -> np.ndarray:
            out = empty.copy()
            out[known] = mine[places[known]]
            return out

        titles = tuple(
            self.titles[each] if each >= 0 else name for each, name in zip(places, blank.titles, strict=True)
        )
        others = tuple(self.alternatives[each] if each >= 0 else () for each in places)
        genres = merged(self.genres, np.zeros((len(blank), len(self.genre_names)), bool))
        years, imdb, tmdb = (
            merged(self.years, blank.years),
            merged(self.imdb, blank.imdb),
            merged(self.tmdb, blank.tmdb),
        )
        return Films(blank.movie_ids, titles, years, genres, self.genre_names, imdb, tmdb, others)
