"""The recommender of the page, built in or from a run, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from aecore.files import BrokenFileError
from aecore.foreign import in_markdown
from aecore.recommender import BUILTIN, load
from aecore.recommender.models.base import Scores
from aecore.recommender.newer.usual import is_ready, usual
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.cold_start import cold_start_films
from aecore.recommender.serving.loaded import Loaded, one_thread
from aecore.runs.store import RunError
from ui.app.links import MODEL
from ui.app.services import services
from ui.widgets.kept import Kept
from ui.widgets.newest import newest

FIRST, ENOUGH = 150, 24
"""Number of cold-start items; if fewer than ENOUGH are left to rate, the most popular other films follow."""

SCORES = 16 << 20
"""Bytes of scores that are kept for each recommender."""


@dataclass(frozen=True, eq=False)
class Advisor(Loaded):
    """A recommender as the page uses it. source: "builtin" or the id of a run."""

    source: str = BUILTIN

    def film_vectors(self, films: np.ndarray) -> np.ndarray:
        """(n, D): what the films of these columns have in common with those that go together with them, for
        explanations: unit vectors of the model, where it has any, and of the genres.
        """
        genres = self.catalogue.films.genres[films]
        genres = genres / np.sqrt(np.maximum(genres.sum(1, keepdims=True), 1))
        directions = getattr(self.model, "directions", None)
        if directions is None:
            return genres
        vectors = directions(films)
        return np.hstack([vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), genres])

    @cached_property
    def _known(self) -> Kept[Scores]:
        return Kept(SCORES, _bytes_of)

    def scores(self, *tastes: Mapping[int, float]) -> Scores:
        """As of every recommender. Those of one user are computed once: filters change nothing in them, and all who
        have rated nothing have the same.
        """
        if len(tastes) != 1:
            return super().scores(*tastes)
        return self._known.get(tuple(sorted(tastes[0].items())), lambda: _fixed(Loaded.scores(self, *tastes)))

    @cached_property
    def usual(self) -> np.ndarray:
        """(F,) predicted stars for a user without ratings:
        the film's mean, shrunk towards that of all films if it has few ratings.

        RatingsError if the model predicts none.
        """
        scores = self.scores({})
        if scores.stars is None:
            raise RatingsError("This model orders films but predicts no stars, so there is nothing to compare.")
        return scores.stars[0]

    @cached_property
    def first(self) -> list[int]:
        """Columns of the cold-start items, most informative first."""
        with one_thread():
            return cold_start_films(self.catalogue, self.model.affinity, self.disagreement, FIRST)

    def to_ask(self, answered: frozenset[int]) -> list[int]:
        """Columns of the films to rate next, without those in `answered`:
        cold-start items, then the most popular films.
        """
        movie_ids = self.catalogue.films.movie_ids
        left = [column for column in self.first if int(movie_ids[column]) not in answered]
        if len(left) >= ENOUGH:
            return left
        known = set(self.first)
        best = (int(column) for column in np.argsort(-self.catalogue.popularity, kind="stable"))
        more = (column for column in best if column not in known and int(movie_ids[column]) not in answered)
        return [*left, *(column for _, column in zip(range(FIRST), more, strict=False))]


def _parts(scores: Scores) -> list[np.ndarray]:
    return [each for each in (scores.order, scores.stars, scores.spread, scores.likes) if each is not None]


def _bytes_of(scores: Scores) -> int:
    return sum(each.nbytes for each in _parts(scores)) + 1024


def _fixed(scores: Scores) -> Scores:
    for each in _parts(scores):
        each.setflags(write=False)  # several look at them
    return scores


def advisor() -> Advisor:
    """The recommender that the address names; the usual one if it names none, the built-in one if an unknown one."""
    source = MODEL.read() or usual_source()
    if source != BUILTIN and _is_source(source):
        with suppress(BrokenFileError, RunError):
            return advisor_of(source)
    return advisor_of(BUILTIN)


def to_match() -> dict[str, str]:
    """To which catalogue imported films are matched, as options of their parser."""
    mine = advisor()
    return {"recommender": mine.source, "edition": mine.catalogue.edition}


def usual_source() -> str:
    """The recommender where the address names none: built in, or the run on newer films that took over."""
    return usual(services.everyones)


def say_which() -> None:
    """Says which recommender is used if it is not the built-in one, or if the one in the address is unknown."""
    wanted, used = MODEL.read() or usual_source(), advisor().source
    if used != BUILTIN:
        name = used
        with suppress(RunError):  # deleted this very moment
            name = services.store.get(used).name
        st.caption(
            f"*{in_markdown(name)}* recommends, which was trained on this machine. "
            "Under *About* you can choose another."
        )
    elif MODEL.is_there and wanted != BUILTIN:
        MODEL.refuse("it is not on this machine")


def sources() -> dict[str, str]:
    """The available recommenders with their titles: "builtin", the usual one and the newest finished runs."""
    found = {BUILTIN: "Built in"}
    if (usual_one := usual_source()) != BUILTIN:  # on a shared server most visitors have no list with it
        with suppress(RunError):  # deleted this very moment
            found[usual_one] = services.everyones.get(usual_one).name
    return found | {run.id: run.name for run in newest(services.store.list(), is_ready)}


def _is_source(run_id: str) -> bool:
    with suppress(RunError):
        return is_ready(services.store.get(run_id))
    return False


@lru_cache(maxsize=4)
def advisor_of(source: str) -> Advisor:
    """Loads the built-in recommender or that of a run. BrokenFileError or RunError if it cannot be read."""
    loaded = load(source)
    return Advisor(**{each.name: getattr(loaded, each.name) for each in fields(Loaded)}, source=source)
