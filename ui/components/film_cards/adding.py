"""A film that a user adds by hand, as the browser describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NewFilm:
    """The film as it was typed; nothing in it has been checked.

    imdb: an id or a link at IMDb; tmdb: TMDb's number, 0 if unknown.
    """

    title: str
    year: int = 0
    imdb: str = ""
    tmdb: int = 0
    genres: tuple[str, ...] = ()


@dataclass(frozen=True)
class CatalogueWords:
    """What the cards say of the catalogue that is searched.

    about: how many films of which years, a sentence. missing: the catalogue, as where a film cannot be found. genres:
    those that a film added by hand can have.
    """

    about: str
    missing: str
    genres: tuple[str, ...]


def new_film(said: Any) -> NewFilm | None:
    """The film in the browser's message; None if there is none."""
    if not hasattr(said, "get"):
        return None
    genres = said.get("genres")
    named = genres[:MOST_GENRES] if isinstance(genres, list | tuple) else ()
    return NewFilm(
        _text(said.get("title")),
        _whole(said.get("year")),
        _text(said.get("imdb")),
        _whole(said.get("tmdb")),
        tuple(each[:MOST_LETTERS] for each in named if isinstance(each, str)),
    )


MOST_GENRES, MOST_LETTERS = 40, 1000


def _text(value: Any) -> str:
    return value[:MOST_LETTERS] if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**31 else 0
