"""What one person thinks of films: stars, films seen or not, those they will not watch and those they want to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from aecore.recommender.profiles.film import Film
from aecore.recommender.ratings.table import HIGHEST, LOWEST, RatingsError
from aecore.recommender.serving.catalogue import Catalogue

MARKS = ("seen", "not seen", "not for me", "watchlist")
"""seen: without a rating. not seen: no question about it any more, still recommended. not for me: never recommended."""

LIKED = 3.0
"""Stars from which on "not for me" contradicts them; below, the two may well be meant together."""

_DROPS = {
    "seen": {"not seen", "watchlist"},
    "not seen": {"seen"},
    "not for me": {"watchlist"},
    "watchlist": {"not for me"},
}


@dataclass(frozen=True)
class Entry:
    """What a person thinks of one film.

    stars: 0.5 to 5, or None. when: seconds since 1970 at which they said so, 0 if unknown.
    """

    film: Film
    stars: float | None = None
    marks: frozenset[str] = frozenset()
    when: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said about the film any more."""
        return self.stars is None and not self.marks

    @property
    def contradicting(self) -> frozenset[str]:
        """The marks that the stars contradict: "watchlist" beside any stars, "not for me" beside LIKED or more."""
        if self.stars is None:
            return frozenset()
        return self.marks & ({"watchlist", "not for me"} if self.stars >= LIKED else {"watchlist"})

    def without_contradiction(self) -> Entry:
        """With its stars, and only the marks that they do not contradict."""
        return replace(self, marks=self.marks - self.contradicting)

    def rated(self, stars: float | None, when: float) -> Entry:
        """With these stars, or with none; a film that is rated has been seen, and is on no list.

        RatingsError if out of scale.
        """
        if stars is None:
            return replace(self, stars=None, when=when)
        return replace(self, stars=checked_stars(stars), marks=frozenset(), when=when)

    def marked(self, mark: str, on: bool, when: float) -> Entry:
        """With or without a mark; one that contradicts it goes, and of a film not seen also its stars."""
        if mark not in MARKS:
            raise RatingsError(f"'{mark}' is no mark; a film can be marked as {', '.join(MARKS)}.")
        marks = (self.marks - _DROPS[mark] | {mark}) if on else self.marks - {mark}
        return replace(self, stars=None if on and mark == "not seen" else self.stars, marks=frozenset(marks), when=when)


def checked_stars(stars: float) -> float:
    """The stars as a number. RatingsError outside 0.5 to 5."""
    if not math.isfinite(stars) or not LOWEST <= stars <= HIGHEST:
        raise RatingsError(f"{stars:g} stars cannot be given; ratings lie between {LOWEST:g} and {HIGHEST:g}.")
    return float(stars)


@dataclass(frozen=True)
class Taste:
    """All entries of one person, the latest last."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def rated(self) -> tuple[Entry, ...]:
        """The entries that have stars."""
        return tuple(each for each in self.entries if each.stars is not None)

    @cached_property
    def contradictory(self) -> tuple[Entry, ...]:
        """The entries that have stars and a mark which contradicts them."""
        return tuple(each for each in self.entries if each.contradicting)

    def known(self, catalogue: Catalogue) -> dict[int, Entry]:
        """Movie id -> entry of the films this catalogue knows; of two entries about one film the later."""
        columns = ((catalogue.exact(each.film), each) for each in self.entries)
        return {int(catalogue.films.movie_ids[column]): each for column, each in columns if column >= 0}

    def unknown(self, catalogue: Catalogue) -> tuple[Entry, ...]:
        """Entries about films this catalogue does not know; they are kept until one does."""
        return tuple(each for each in self.entries if catalogue.exact(each.film) < 0)

    def stars(self, catalogue: Catalogue) -> dict[int, float]:
        """Movie id -> stars: what a model is asked with."""
        return {movie: each.stars for movie, each in self.known(catalogue).items() if each.stars is not None}

    def marked(self, mark: str, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids of the films with this mark."""
        return frozenset(movie for movie, each in self.known(catalogue).items() if mark in each.marks)

    def done_with(self, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids that are never recommended: rated, seen, or not for this person."""
        return frozenset(
            movie
            for movie, each in self.known(catalogue).items()
            if each.stars is not None or each.marks & {"seen", "not for me"}
        )

    def answered(self, catalogue: Catalogue) -> frozenset[int]:
        """Movie ids about which anything was said: the first screen does not ask again."""
        return frozenset(self.known(catalogue))


def taste_of(stars: dict[int, float], catalogue: Catalogue) -> Taste:
    """The taste of ratings given by movie id; ids that are not in the catalogue are kept by their number."""
    column = catalogue.films.column
    films = {movie: catalogue.film(movie) if movie in column else Film(movie_id=movie) for movie in stars}
    return Taste(tuple(Entry(films[movie], checked_stars(value)) for movie, value in stars.items()))


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry for each film, the latest, in the order of their moments."""
    latest: dict[str, Entry] = {}
    for each in sorted(entries, key=lambda entry: entry.when):
        latest[each.film.key] = each
    return tuple(latest.values())
