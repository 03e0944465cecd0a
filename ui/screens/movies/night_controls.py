"""The controls of a film night as its host left them, for a tab of theirs that is new."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from aecore.recommender.serving.night_state import Evening, Night
from aecore.recommender.serving.recommend import Preferences
from ui.app.echo import fill
from ui.app.links import MODEL
from ui.app.url_state import Pair
from ui.screens.movies.link import (
    AGAIN,
    CHOOSE_FROM,
    FROM,
    GENRES,
    NOVELTY,
    OLDEST,
    POPULARITY_NOVELTY,
    RULE,
    THERE,
    WITH,
    WITHOUT,
    YEARS,
)  # fmt: skip
from ui.screens.movies.model import advisor, sources, usual_source
from ui.screens.movies.night_list import keep_list, on_watchlists
from ui.screens.movies.visitor import key_of, profiles

_TAKEN = "night-taken"


def take_controls(night: Night | None) -> None:
    """Sets the controls to what was last chosen for the night, once in a session, before they are drawn: else a new
    tab of the host would choose anew for everybody. What the address names stays as it is there.
    """
    code = night.code if night else ""
    if st.session_state.get(_TAKEN) == code:
        return
    st.session_state[_TAKEN] = code
    if night is None or night.evening == Evening():
        return
    chosen = night.evening
    if not MODEL.is_there and chosen.model in sources():
        MODEL.put(chosen.model, unless=usual_source())
    if not WITH.is_there:
        WITH.put(tuple("".join(filter(str.isalnum, each.code)) for each in chosen.people if each.code), unless=())
    controls = (
        (RULE, chosen.rule), (AGAIN, chosen.seen_by_some), (THERE, _there(chosen)), *_filters(chosen.preferences)
    )  # fmt: skip
    fill({param.name: value for param, value in controls if not param.is_there})


def _there(chosen: Evening) -> list[str]:
    """The numbers of the profiles that sat at the host's screen."""
    keys = {each.key for each in chosen.people}
    return [str(number) for number, each in enumerate(profiles(), 1) if key_of(each.id) in keys]


def _filters(chosen: Preferences) -> Iterator[Pair]:
    films = advisor().catalogue.films
    newest = max(OLDEST + 1, int(films.years.max(initial=0)))
    yield POPULARITY_NOVELTY, min(NOVELTY, key=lambda name: abs(NOVELTY[name] - chosen.novelty))
    yield GENRES, [each for each in chosen.include if each in films.genre_names]
    yield WITHOUT, [each for each in chosen.exclude if each in films.genre_names]
    yield YEARS, (chosen.first_year or OLDEST, min(chosen.last_year or newest, newest))
    if chosen.only is not None and chosen.only == on_watchlists():
        yield CHOOSE_FROM, FROM[1]
    elif chosen.only is not None:
        keep_list(chosen.only)
        yield CHOOSE_FROM, FROM[2]
