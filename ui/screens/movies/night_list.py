"""The films from which a film night chooses: all, those of watchlists, or those of a file."""

from __future__ import annotations

import streamlit as st

from aecore.datasets.uploads.base import count_of
from aecore.recommender.profiles.importers import ENDINGS, ImportProblem
from aecore.recommender.profiles.importers.parser import FILMS
from ui.app.frame import refuse
from ui.screens.movies.link import CHOOSE_FROM, FROM
from ui.screens.movies.model import advisor, to_match
from ui.screens.movies.visitor import profile_store, profiles
from ui.widgets.reading import read

_KEPT = "night-list-kept"


def keep_list(films: frozenset[int]) -> None:
    """Movie ids of a file that was given earlier, in another tab: used until this one has a file of its own."""
    st.session_state[_KEPT] = films


def on_watchlists() -> frozenset[int]:
    """Movie ids on the watchlists of all profiles of this browser."""
    catalogue = advisor().catalogue
    return frozenset().union(*(profile_store().taste(each.id).marked("watchlist", catalogue) for each in profiles()))


def ask_films() -> frozenset[int] | None:
    """Movie ids of an uploaded list or of the watchlists; None for all films."""
    catalogue = advisor().catalogue
    words = "Watchlists of the profiles of this browser, or a file with a list."
    choice = st.segmented_control(
        "Choose from", FROM, default=FROM[0], required=True, help=words, **CHOOSE_FROM.bound()
    )
    if choice == FROM[1]:
        return on_watchlists()
    if choice != FROM[2]:
        return None
    file = st.file_uploader(
        "A list of films",
        ENDINGS,
        key="night-list",
        help="A watchlist or list of Letterboxd, IMDb or Trakt, or a CSV with the columns Title and Year.",
    )
    if file is None:
        kept: frozenset[int] | None = st.session_state.get(_KEPT)
        if kept is not None:
            st.caption(f"{count_of(len(kept), 'film')} of the list that you gave earlier.")
        return kept
    st.session_state.pop(_KEPT, None)
    try:
        found = read(FILMS, [file], "night", lists="watch", **to_match())
    except ImportProblem as error:
        refuse(str(error))
        return None
    if found is None:
        return None
    st.caption(f"{len(found.known):,} of its {found.count:,} films are known here.")
    return frozenset(catalogue.films.movie_ids[[each.column for each in found.known]].tolist())
