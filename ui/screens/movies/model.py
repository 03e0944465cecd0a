"""The recommender of the page, the built-in one or that of a run, loaded once, and what is asked of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from aecore.files import BrokenFileError
from aecore.recommender import BUILTIN, load
from aecore.recommender.models.base import WEIGHTS
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.cold_start import cold_start_films
from aecore.recommender.serving.loaded import Loaded, one_thread
from aecore.runs.store import RunError
from ui.app.links import MODEL
from ui.app.services import services
from ui.widgets.recommender_metrics import plain

FIRST, ENOUGH = 150, 24
"""Films in the order in which a newcomer is asked about them; when fewer than ENOUGH are left,
the best known others follow.
"""


@dataclass(frozen=True, eq=False)
class Advisor(Loaded):
    """A recommender as the page asks it. source: "builtin" or the id of a run."""

    source: str = BUILTIN

    @cached_property
    def usual(self) -> np.ndarray:
        """(F,) stars the model expects of somebody it knows nothing about:
        the film's mean, drawn towards that of all where few have rated it.

        RatingsError if it predicts none.
        """
        scores = self.scores({})
        if scores.stars is None:
            raise RatingsError("This model orders films but predicts no stars, so there is nothing to compare.")
        return scores.stars[0]

    @cached_property
    def first(self) -> list[int]:
        """Columns of the films to ask about, the most telling first."""
        with one_thread():
            return cold_start_films(self.catalogue, self.model.affinity, self.disagreement, FIRST)

    def to_ask(self, answered: frozenset[int]) -> list[int]:
        """Columns of the films to ask somebody about who has answered about some:
        the most telling, then the best known.
        """
        movie_ids = self.catalogue.films.movie_ids
        left = [column for column in self.first if int(movie_ids[column]) not in answered]
        if len(left) >= ENOUGH:
            return left
        known = set(self.first)
        best = (int(column) for column in np.argsort(-self.catalogue.popularity, kind="stable"))
        more = (column for column in best if column not in known and int(movie_ids[column]) not in answered)
        return [*left, *(column for _, column in zip(range(FIRST), more, strict=False))]


def advisor() -> Advisor:
    """The recommender that the address names by `model`; the built-in one if it names none, or one that is not here."""
    source = MODEL.read() or BUILTIN
    if source != BUILTIN and source in sources():
        with suppress(BrokenFileError, RunError):
            return advisor_of(source)
    return advisor_of(BUILTIN)


def say_which() -> None:
    """Who recommends, where it is not the built-in recommender, or where the one that the address names is not here."""
    wanted, used = MODEL.read() or BUILTIN, advisor().source
    if used != BUILTIN:
        st.caption(
            f"*{plain(sources().get(used, used))}* recommends, which was trained on this machine. "
            "Under *About* you can choose another."
        )
    elif wanted != BUILTIN:
        MODEL.refuse("it is not on this machine")


def sources() -> dict[str, str]:
    """Those that can be chosen: "builtin" and the finished runs of recommenders, with their titles."""
    runs = (
        run
        for run in services.store.list()
        if run.is_recommender and run.status.state in ("done", "stopped") and (run.folder / WEIGHTS).is_file()
    )
    return {BUILTIN: "Built in"} | {run.id: run.name for run in runs}


@lru_cache(maxsize=4)
def advisor_of(source: str) -> Advisor:
    """The built-in recommender or that of a run. BrokenFileError or RunError if it cannot be read."""
    loaded = load(source)
    return Advisor(**{each.name: getattr(loaded, each.name) for each in fields(Loaded)}, source=source)
