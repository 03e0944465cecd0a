"""Taste: one user's ratings and marks of films."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from aecore.recommender.profiles.film import Film
from aecore.recommender.ratings.table import HIGHEST, LOWEST, RatingsError
from aecore.recommender.serving.catalogue import Catalogue

MARKS = ("seen", "not seen", "not for me", "watchlist")
"""seen: without a rating. not seen: not asked about again, still recommended. not for me: never recommended."""

LIKED = 3.0
"""Stars from which "not for me" contradicts them; below, both may be meant."""

_DROPS = {
    "seen": {"not seen", "watchlist"},
    "not seen": {"seen"},
    "not for me": {"watchlist"},
    "watchlist": {"not for me"},
}


@dataclass(frozen=True)
class Entry:
    """A user's rating and marks of one film.

    stars: 0.5 to 5, or None. when: time of the last change in seconds since 1970, 0 if unknown.
    """

    film: Film
    stars: float | None = None
    marks: frozenset[str] = frozenset()
    when: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether there are neither stars nor marks."""
        return self.stars is None and not self.marks

    @property
    def contradicting(self) -> frozenset[str]:
        """The marks that the stars contradict: "watchlist" beside any stars, "not for me" beside LIKED or more."""
        if self.stars is None:
            return frozenset()
        return self.marks & ({"watchlist", "not for me"} if self.stars >= LIKED else {"watchlist"})

    def without_contradiction(self) -> Entry:
        """The entry without the marks that its stars contradict."""
        return replace(self, marks=self.marks - self.contradicting)

    def rated(self, stars: float | None, when: float) -> Entry:
        """The entry with these stars, or none; a rated film has been seen, so stars clear all marks.

        RatingsError outside 0.5 to 5.
        """
        if stars is None:
            return replace(self, stars=None, when=when)
        return replace(self, stars=checked_stars(stars), marks=frozenset(), when=when)

    def marked(self, mark: str, on: bool, when: float) -> Entry:
        """The entry with or without a mark; contradicting marks are removed, and "not seen" also removes the stars."""
        if mark not in MARKS:
            raise RatingsError(f"'{mark}' is no mark; a film can be marked as {', '.join(MARKS)}.")
        marks = (self.marks - _DROPS[mark] | {mark}) if on else self.marks - {mark}
        return replace(self, stars=None if on and mark == "not seen" else self.stars, marks=frozenset(marks), when=when)


def checked_stars(stars: float) -> float:
    """The stars as a float. RatingsError outside 0.5 to 5."""
    if not math.isfinite(stars) or not LOWEST <= stars <= HIGHEST:
        raise RatingsError(f"{stars:g} stars cannot be given; ratings lie between {LOWEST:g} and {HIGHEST:g}.")
    return float(stars)


@dataclass(frozen=True)
class Taste:
    """All entries of one user, latest last."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def rated(self) -> tuple[Entry, ...]:
        """The entries with stars."""
        return tuple(each for each in self.entries if each.stars is not None)

    @cached_property
    def contradictory(self) -> tuple[Entry, ...]:
        """The entries with stars and a mark that contradicts them."""
        return tuple(each for each in self.entries if each.contradicting)

    def known(self, catalogue: Catalogue) -> dict[int, Entry]:
        """Movie id -> entry, for films of this catalogue; if a film has two entries, the later."""
        columns = ((catalogue.exact(each.film), each) for each in self.entries)
        return {int(catalogue.films.movie_ids[column]): each for column, each in columns if column >= 0}

    def unknown(self, catalogue: Catalogue) -> tuple[Entry, ...]:
        """Entries of films that are not in this catalogue; they are kept for another."""
        return tuple(each for each in self.entries if catalogue.exact(each.film) < 0)

    def stars(self, catalogue: Catalogue) -> dict[int, float]:
        """Movie id -> stars: the input of a model."""
        return {movie: each.stars for movie, each in self.known(catalogue).items() if each.stars is not None}

    def marked(self, mark: str, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids of the films with this mark."""
        return frozenset(movie for movie, each in self.known(catalogue).items() if mark in each.marks)

    def done_with(self, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids that are never recommended: rated, seen, or marked "not for me"."""
        return frozenset(
            movie
            for movie, each in self.known(catalogue).items()
            if each.stars is not None or each.marks & {"seen", "not for me"}
        )

    def answered(self, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids with an entry: they are no longer cold-start items to rate."""
        return frozenset(self.known(catalogue))


def taste_of(stars: dict[int, float], catalogue: Catalogue) -> Taste:
    """The taste of ratings by movie id; ids that are not in the catalogue are kept as numbers."""
    column = catalogue.films.column
    films = {movie: catalogue.film(movie) if movie in column else Film(movie_id=movie) for movie in stars}
    return Taste(tuple(Entry(films[movie], checked_stars(value)) for movie, value in stars.items()))


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The latest entry of each film, in order of time."""
    latest: dict[str, Entry] = {}
    for each in sorted(entries, key=lambda entry: entry.when):
        latest[each.film.key] = each
    return tuple(latest.values())
