"""Catalogue: matches films of profiles and imports to the films of a model, exactly, by guess, or as candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aecore.recommender.profiles.film import Film, film_at, plain_title
from aecore.recommender.ratings.films import Films, article_first, plain
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.details import NO_DETAILS, Details
from aecore.recommender.serving.search import Search
from aecore.stores.fingerprint import fingerprint

WRONG_ENDING, FEWEST_LETTERS = 4, 5
"""Letters at the end of a title that are left out one by one while nothing is found; and letters that are kept."""
MUCH_BETTER_KNOWN = 8.0
"""Of two films with the same title and year, one is taken if it is this many times more popular."""

_NUMERALS = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(frozen=True)
class Found:
    """A match. column: of the film; guess: why it is a guess, as half a sentence; "" if it is certain."""

    column: int
    guess: str = ""


class Catalogue:
    """The films of one model, found by id, title or search.

    popularity: (F,), None if unknown. details: what else is known of the films.
    """

    def __init__(self, films: Films, popularity: np.ndarray | None = None, details: Details = NO_DETAILS) -> None:
        self.films, self.details = films, details
        self.popularity = np.zeros(len(films), np.float32) if popularity is None else np.asarray(popularity, np.float32)
        if len(self.popularity) != len(films):
            raise RatingsError(
                f"There are {len(films)} films but {len(self.popularity)} popularities; they must be as many."
            )
        self._years: dict[int, list[tuple[int, str, str]]] = {}

    def film(self, movie_id: int) -> Film:
        """The film with this movie id. KeyError if there is none."""
        return film_at(self.films, self.films.column[int(movie_id)])

    def exact(self, film: Film) -> int:
        """The column of an exact match, by id or by title and year; -1 if there is none."""
        column = self.films.column.get(film.movie_id, -1)
        if column >= 0 and self._agrees(film, column):
            return column
        column = self._by_imdb.get(film.imdb, -1)
        if column < 0:
            column = self._by_tmdb.get(film.tmdb, -1)
        if column >= 0 or not film.title:
            return column
        same = self._same_title(film.title, film.year, self._titles)
        return same[0] if len(same) == 1 and not self._is_another(film, same[0]) else -1

    def find(self, film: Film) -> Found | None:
        """The match, exact or guessed; None if there is none or several are equally likely (see `candidates`)."""
        column = self.exact(film)
        if column >= 0:
            how = "" if self._is_certain(film, column) else f"written here as {self.films.title(column)}"
            return Found(column, how)
        return self._guess(film) if film.title else None

    def candidates(self, film: Film, count: int = 5) -> tuple[int, ...]:
        """Columns to choose from for a film that was not found, likeliest first."""
        if not film.title:
            return ()
        near = self._near(film.title, film.year)
        found = self.search(f"{film.title} {film.year or ''}", count)
        for letters in range(1, WRONG_ENDING + 1):  # where people misspell, the beginning is right
            if len(found) or len(near) or len(film.title) - letters < FEWEST_LETTERS:
                break
            found = self.search(film.title[:-letters], count)
        ranked = sorted(
            found.tolist(), key=lambda each: bool(film.year) and abs(int(self.films.years[each]) - film.year) > 1
        )
        return tuple(dict.fromkeys([*near, *ranked]))[:count]

    @cached_property
    def edition(self) -> str:
        """20 hexadecimal digits: equal for catalogues that know the same films alike, and so find the same."""
        films = self.films
        ids = films.movie_ids, films.years, films.imdb, films.tmdb
        return fingerprint([films.titles, films.alternatives], *ids, self.popularity)

    @cached_property
    def years(self) -> tuple[int, int]:
        """The years of the oldest and of the newest film; zeros if no year is known."""
        known = self.films.years[self.films.years > 0]
        return (int(known.min()), int(known.max())) if len(known) else (0, 0)

    @cached_property
    def search(self) -> Search:
        """Search-as-you-type over these films."""
        return Search(self.films, self.popularity)

    def _agrees(self, film: Film, column: int) -> bool:
        """Whether a record with a movie id means the film with that id here:
        ids differ between data sets.
        """
        imdb = int(self.films.imdb[column])
        if film.imdb and imdb:
            return film.imdb == imdb
        if not film.title:
            return not film.imdb and not film.tmdb
        known = (self.films.titles[column], *self.films.alternatives[column])  # also the title of the data set
        same = plain_title(film.title) in map(plain_title, known)
        years = film.year, int(self.films.years[column])
        return same and (not all(years) or abs(years[0] - years[1]) <= 1)

    def _is_another(self, film: Film, column: int) -> bool:
        """Whether ids on both sides show that two films of one title differ."""
        imdb = int(self.films.imdb[column])
        return bool(film.imdb and imdb)

    def _is_certain(self, film: Film, column: int) -> bool:
        """Whether a match is certain: by an id, or by identical title and year."""
        here = film_at(self.films, column)
        by_id = (
            (film.imdb and film.imdb == here.imdb)
            or (film.tmdb and film.tmdb == here.tmdb)
            or (film.movie_id and film.movie_id == here.movie_id)
        )
        return bool(by_id) or (film.title.casefold() == here.title.casefold() and film.year == here.year)

    def _guess(self, film: Film) -> Found | None:
        for year, said in (
            (film.year, ""),
            (film.year - 1, "a year earlier here"),
            (film.year + 1, "a year later here"),
        ):
            if said and not film.year:
                break
            for table, why in ((self._titles, ""), (self._alternatives, "another title of")):
                same = self._same_title(film.title, year, table)
                if said and not why:  # a year and an article that differ make two films
                    same = [each for each in same if plain(article_first(film.title)) == plain(self.films.titles[each])]
                same = self._best_known(same)
                if len(same) == 1:
                    return Found(same[0], self._why(same[0], why, said))
        near = self._best_known(self._near(film.title, film.year))
        return (
            Found(near[0], f"the only film of {film.year} with that in its title: {self.films.title(near[0])}")
            if len(near) == 1
            else None
        )

    def _why(self, column: int, why: str, said: str) -> str:
        title = self.films.title(column)
        return ", ".join(filter(None, [f"{why} {title}" if why else f"taken for {title}", said]))

    def _same_title(self, title: str, year: int, table: dict[str, list[int]]) -> list[int]:
        """All films of that title; with a year, those of that year or of unknown year."""
        return [each for each in table.get(title_key(title), []) if not year or self.films.years[each] in (year, 0)]

    def _best_known(self, columns: list[int]) -> list[int]:
        """The most popular film if it is far more popular than the rest, else all."""
        if len(columns) < 2:
            return columns
        ranked = sorted(columns, key=lambda each: -self.popularity[each])
        first, second = (float(self.popularity[each]) for each in ranked[:2])
        return ranked[:1] if first > MUCH_BETTER_KNOWN * second else columns

    def _near(self, title: str, year: int) -> list[int]:
        """Films of that year whose title contains this one, or is contained in it:
        "Star Wars" for "Star Wars: Episode IV".
        """
        if not year:
            return []
        key, head = title_key(title), _head(title)
        return list(
            dict.fromkeys(
                column for column, other, its_head in self._of_year(year) if _is_part(key, other, head, its_head)
            )
        )

    def _of_year(self, year: int) -> list[tuple[int, str, str]]:
        """Column, key and head of all titles of the films of a year."""
        if year not in self._years:
            columns = np.flatnonzero(self.films.years == year).tolist()
            titles = [
                (each, title) for each in columns for title in (self.films.titles[each], *self.films.alternatives[each])
            ]
            self._years[year] = [(each, title_key(title), _head(title)) for each, title in titles]
        return self._years[year]

    @cached_property
    def _by_imdb(self) -> dict[int, int]:
        return _first_of(self.films.imdb)

    @cached_property
    def _by_tmdb(self) -> dict[int, int]:
        return _first_of(self.films.tmdb)

    @cached_property
    def _titles(self) -> dict[str, list[int]]:
        table: dict[str, list[int]] = {}
        for column, title in enumerate(self.films.titles):
            table.setdefault(title_key(title), []).append(column)
        return table

    @cached_property
    def _alternatives(self) -> dict[str, list[int]]:
        table: dict[str, list[int]] = {}
        for column, titles in enumerate(self.films.alternatives):
            for key in {title_key(each) for each in titles}:
                table.setdefault(key, []).append(column)
        return table


def title_key(title: str) -> str:
    """Normal form of a title, to compare spellings: no case, accents, punctuation or leading article; II is 2."""
    words = plain_title(article_first(title)) or plain(title)
    return " ".join(_NUMERALS.get(each, each) for each in words.split())


def _head(title: str) -> str:
    """The key of the part before a colon or dash: "borat" of "Borat: Cultural Learnings"; "" if there is neither."""
    parts = re.split(r":| - ", title, maxsplit=1)
    return title_key(parts[0]) if len(parts) > 1 else ""


def _is_part(key: str, other: str, head: str, its_head: str) -> bool:
    """Whether one title is the part of the other before its colon, or two or more consecutive words of it."""
    if not key or not other:
        return False
    short, long, head_of_long = (key, other, its_head) if len(key) <= len(other) else (other, key, head)
    return short == head_of_long or (" " in short and f" {short} " in f" {long} ")


def _first_of(ids: np.ndarray) -> dict[int, int]:
    """Id -> column; the first column of a repeated id; without 0, which means unknown."""
    table = {int(each): column for column, each in reversed(list(enumerate(ids.tolist())))}
    table.pop(0, None)
    return table
