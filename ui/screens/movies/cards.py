"""Cards of films, from catalogue, taste and scores, and words for the uncertainty of a prediction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aecore.recommender.models.base import Scores
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import Pick
from ui.components.film_cards import Card
from ui.screens.movies.visitor import unknown_film_id

SURE = ((0.8, "quite sure"), (0.95, "fairly sure"), (float("inf"), "not sure"))
"""Upper bounds of the standard deviation of predicted stars, and words for it."""


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
            (),
            film.imdb,
            film.tmdb,
            entry.stars,
            tuple(sorted(entry.marks)),
            note=note,
        )

    def _with_guess(self, card: Card, column: int) -> Card:
        if self.scores is None or self.scores.stars is None:
            return card
        stars = float(self.scores.stars[0, column])
        if self.scores.spread is None:
            return replace(card, guess=stars)
        spread = float(self.scores.spread[0, column])
        sure = sureness(spread) if self.is_own else ""  # without ratings of the user it is alike for all films
        return replace(card, guess=stars, spread=spread, sure=sure)


def columns_of(picks: Sequence[Pick]) -> list[int]:
    """The columns of recommended films."""
    return [each.column for each in picks]


def sureness(spread: float) -> str:
    """The uncertainty of predicted stars, in words."""
    return next(words for limit, words in SURE if spread < limit)


def day(moment: float) -> str:
    """A date, "3 Oct 2024"; "" if it is unknown."""
    if moment <= 0:
        return ""
    date = datetime.fromtimestamp(moment, UTC)
    return f"{date.day} {date:%b %Y}"
