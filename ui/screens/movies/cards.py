"""Cards of films, from catalogue, taste and scores, and the range in which a prediction lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aecore.recommender.models.base import Scores
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.ratings.films import plain
from aecore.recommender.ratings.table import HIGHEST, LOWEST
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import Pick
from ui.components.film_cards import Card
from ui.screens.movies.visitor import unknown_film_id

MOST_OWN = 4
"""Films of the user that a search shows before those of the catalogue."""


class Cards:
    """Makes cards of films with the user's ratings and marks and the predicted stars. scores: one row, or None."""

    def __init__(self, catalogue: Catalogue, taste: Taste, scores: Scores | None = None) -> None:
        self.catalogue, self.scores = catalogue, scores
        self.known = taste.known(catalogue)
        self.is_own = any(entry.stars is not None for entry in self.known.values())

    def card(self, column: int, *, guess: bool = True) -> Card:
        """The card of the film in this column. guess: whether it shows predicted stars."""
        films = self.catalogue.films
        movie = int(films.movie_ids[column])
        entry = self.known.get(movie)
        card = Card(
            movie, films.titles[column], int(films.years[column]), films.genres_of(column), int(films.imdb[column]),
            int(films.tmdb[column]), entry and entry.stars, tuple(sorted(entry.marks)) if entry else (),
            tags=self.catalogue.details.tags.get(int(column), ()), raters=self.catalogue.details.raters_of(column),
        )  # fmt: skip
        return self._with_guess(card, column) if guess else card

    def cards(self, columns: Iterable[int], *, guess: bool = True) -> tuple[Card, ...]:
        """The cards of several films."""
        return tuple(self.card(int(column), guess=guess) for column in columns)

    def of_entry(self, entry: Entry, note: str = "") -> Card:
        """The card of an entry, also of a film that the model does not know."""
        column = self.catalogue.exact(entry.film)
        if column >= 0:
            return replace(
                self.card(column, guess=entry.stars is None),
                stars=entry.stars,
                marks=tuple(sorted(entry.marks)),
                note=note,
            )
        film = entry.film
        note = (
            f"{note} · kept, but not known to this recommender" if note else "Kept, but not known to this recommender"
        )
        return Card(
            unknown_film_id(film),
            film.title or str(film),
            film.year,
            film.genres,
            film.imdb,
            film.tmdb,
            entry.stars,
            tuple(sorted(entry.marks)),
            note=note,
        )

    def own_found(self, text: str, taste: Taste) -> tuple[Card, ...]:
        """The user's films that the model does not know and that have all words of a search in their titles."""
        words = plain(text).split()
        found = [each for each in taste.unknown(self.catalogue) if words and _has(plain(str(each.film)).split(), words)]
        return tuple(self.of_entry(each) for each in found[:MOST_OWN])

    def _with_guess(self, card: Card, column: int) -> Card:
        if self.scores is None or self.scores.stars is None:
            return card
        stars = float(self.scores.stars[0, column])
        if self.scores.spread is None:
            return replace(card, guess=stars)
        spread = float(self.scores.spread[0, column])
        likely = likely_stars(stars, spread) if self.is_own else ""  # without ratings it is alike for all films
        return replace(card, guess=stars, spread=spread, likely=likely)


def _has(title: list[str], words: list[str]) -> bool:
    """Whether each word begins one of the title."""
    return all(any(each.startswith(word) for each in title) for word in words)


def columns_of(picks: Sequence[Pick]) -> list[int]:
    """The columns of recommended films."""
    return [each.column for each in picks]


def likely_stars(stars: float, spread: float) -> str:
    """The stars a standard deviation around a prediction, to half a star: "3.5–5". Of the built-in recommender's
    held-out ratings four of five lie in it, as a half star on either end counts whole.
    """
    low, high = (round(2 * each) / 2 for each in (stars - spread, stars + spread))
    low, high = max(LOWEST, low), min(HIGHEST, high)
    return f"{low:g}–{high:g}" if low < high else f"{low:g}"


def day(moment: float) -> str:
    """A date, "3 Oct 2024"; "" if it is unknown."""
    if moment <= 0:
        return ""
    date = datetime.fromtimestamp(moment, UTC)
    return f"{date.day} {date:%b %Y}"
