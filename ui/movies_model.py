"""The recommender of the page, loaded once, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from aecore.recommender import load
from aecore.recommender.catalogue import Catalogue
from aecore.recommender.first_screen import first_screen
from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.ratings import Ratings

FIRST, ENOUGH = 150, 24
"""Films in the order in which a newcomer is asked about them; when fewer than ENOUGH are left, the best known others follow."""


@dataclass(frozen=True, eq=False)
class Advisor:
    """A model and the films it knows. places: (F, 2) of the map of films. facts: what was measured, with its protocol."""

    model: Recommender
    catalogue: Catalogue
    places: np.ndarray
    facts: Mapping[str, Any]

    def score(self, tastes: Sequence[Mapping[int, float]]) -> Scores:
        """Scores of people of whom only their stars by movie id are known, one row each."""
        return self.model.score(Ratings.of_tastes(tastes, self.model.movie_ids))

    @cached_property
    def usual(self) -> np.ndarray:
        """(F,) stars the model expects of somebody it knows nothing about: the film's mean, drawn towards that of all where few have rated it."""
        scores = self.score([{}])
        assert scores.stars is not None
        return scores.stars[0]

    @cached_property
    def first(self) -> list[int]:
        """Columns of the films to ask about, the most telling first."""
        return first_screen(self.catalogue, self.model.affinity, None, FIRST)

    def to_ask(self, answered: frozenset[int]) -> list[int]:
        """Columns of the films to ask somebody about who has answered about some: the most telling, then the best known."""
        movie_ids = self.catalogue.films.movie_ids
        left = [column for column in self.first if int(movie_ids[column]) not in answered]
        if len(left) >= ENOUGH:
            return left
        known = set(self.first)
        best = (int(column) for column in np.argsort(-self.catalogue.popularity, kind="stable"))
        more = (column for column in best if column not in known and int(movie_ids[column]) not in answered)
        return [*left, *(column for _, column in zip(range(FIRST), more, strict=False))]


@cache
def advisor() -> Advisor:
    """The built-in recommender."""
    loaded = load()
    return Advisor(loaded.model, loaded.catalogue, loaded.places, loaded.facts)
