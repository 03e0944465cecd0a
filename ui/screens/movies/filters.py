"""The filters of recommendations: genres, years, popularity-novelty.

All of them are in the address.
"""

from __future__ import annotations

import streamlit as st

from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.recommend import Preferences
from ui.app.address import Interval
from ui.app.address_choices import SomeOf
from ui.screens.movies.link import GENRES, NOVELTY, OLDEST, POPULARITY_NOVELTY, WITHOUT, YEARS
from ui.screens.movies.newer import newest_film


def ask_preferences(films: Films, only: frozenset[int] | None = None) -> Preferences:
    """Shows the filters; returns their present values. only: movie ids to choose from."""
    newest = max(OLDEST + 1, int(films.years.max(initial=0)))
    novelty = st.select_slider(
        "Well-known or hidden gems", tuple(NOVELTY), "As it comes", width=330, **POPULARITY_NOVELTY.bound(),
        help="Towards hidden gems, films more popular than a limit move down, the more so the further they are above "
        "it; each step lowers the limit, and the stars expected count for more. Towards well-known, films less popular "
        "than a limit move down. In the middle nothing is moved.",
    )  # fmt: skip
    genres = SomeOf(films.genre_names)
    with st.popover(_title(newest), icon=":material/tune:", key="filters"):
        include = st.multiselect(
            "Only with one of these genres", films.genre_names, placeholder="All genres",
            **GENRES.among(genres, []).bound(), help="A film needs at least one of them.",
        )  # fmt: skip
        exclude = st.multiselect(
            "Never with these genres", films.genre_names, placeholder="None left out",
            **WITHOUT.among(genres, []).bound(),
            help="A film with such a genre is left out, whatever its other genres are.",
        )  # fmt: skip
        first, last = st.slider(
            "Years",
            OLDEST,
            newest,
            (OLDEST, newest),
            help="When the film came out, both years included.",
            **YEARS.among(Interval(OLDEST, newest), (OLDEST, newest)).bound(),
        )
        newest_film(int(films.years.max(initial=0)))
        st.button(
            "Clear all filters", key="clear-filters", on_click=_clear, args=(newest,), icon=":material/filter_alt_off:"
        )
    return Preferences(
        tuple(include),
        tuple(exclude),
        first if first > OLDEST else 0,
        last if last < newest else 0,
        NOVELTY[novelty],
        only,
    )


def _title(newest: int) -> str:
    """The label of the filters, with the number that are set."""
    years = tuple(st.session_state.get(YEARS.name, (OLDEST, newest)))
    count = (
        len(st.session_state.get("genres", ())) + len(st.session_state.get("without", ())) + (years != (OLDEST, newest))
    )
    return f"Filters · {count}" if count else "Filters"


def _clear(newest: int) -> None:
    st.session_state["genres"], st.session_state["without"] = [], []
    st.session_state["years"] = (OLDEST, newest)
