"""Same film: which record of a film means the same one, by a shared id, else by title and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from aecore.recommender.profiles.film import Film

IDENTITIES = ("key", "imdb", "tmdb", "name")
"""By what a film is looked up, in this order."""

Value = TypeVar("Value")


def is_another(film: Film, known: Film) -> bool:
    """Whether the IMDb ids of two films differ, whatever else they share."""
    return bool(film.imdb and known.imdb and film.imdb != known.imdb)


def joined(film: Film, known: Film) -> Film:
    """The film, with missing fields from another record of it."""
    ids = {name: getattr(film, name) or getattr(known, name) for name in ("year", "imdb", "tmdb", "movie_id")}
    return Film(film.title or known.title, **ids, genres=film.genres or known.genres)


class ByFilm(Generic[Value]):
    """Values of films, found as a profile's file finds its entries: by any identity that two records share."""

    def __init__(self, films: Iterable[tuple[Film, Value]] = ()) -> None:
        self._table: dict[tuple[str, str | int], list[tuple[Film, Value]]] = {}
        for film, value in films:
            self.add(film, value)

    def add(self, film: Film, value: Value) -> None:
        """Adds the value of a film; of several for one film, `find` gives the first."""
        for name in IDENTITIES:
            if identity := getattr(film, name):
                self._table.setdefault((name, identity), []).append((film, value))

    def find(self, film: Film) -> Value | None:
        """The value of the film; None if there is none."""
        for name in IDENTITIES:
            for known, value in self._table.get((name, getattr(film, name)), ()):
                if name == "imdb" or not is_another(film, known):
                    return value
        return None


def same_films(films: Sequence[Film]) -> list[int]:
    """For each film the place of one that is the same, alike for all records of a film."""
    found: ByFilm[int] = ByFilm()
    out = [0] * len(films)
    for place in sorted(range(len(films)), key=lambda each: -_identities(films[each])):  # those that join others first
        same = found.find(films[place])
        out[place] = place if same is None else same
        found.add(films[place], out[place])
    return out


def _identities(film: Film) -> int:
    return bool(film.imdb) + bool(film.tmdb) + bool(film.title)
