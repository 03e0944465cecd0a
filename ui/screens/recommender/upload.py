"""Ratings of one's own: a CSV is read, what was understood is said, and they are kept as a data set."""

from __future__ import annotations

import streamlit as st

from aecore.datasets import DataError
from aecore.paths import home_folder
from aecore.recommender.ratings.own import list_own, ratings_store, read_own, save_own
from ui.app.frame import refuse
from ui.screens.recommender.link import FIRST_RATINGS, RATINGS
from ui.widgets.own_data import damaged, delete_button, trash

KEPT = "ratings-kept"


def own_ratings(chosen: str) -> None:
    """A button to delete the chosen ratings, if they are somebody's own; those that are damaged; those in the trash."""
    ratings, own = ratings_store(home_folder()), {card.id: card for card in list_own(home_folder()) if not card.error}
    if chosen in own:
        delete_button(
            ratings, chosen, own[chosen].title, label="Delete these ratings", then=lambda _: _show(FIRST_RATINGS)
        )
    damaged(ratings, own, "ratings")
    trash(ratings, then=_show)


def _show(name: str) -> None:
    RATINGS.write(name)


def ratings_upload() -> None:
    """Takes a file and keeps it when the visitor agrees; the page then shows these ratings."""
    if kept := st.session_state.pop(KEPT, ""):
        RATINGS.write(kept)
        st.rerun()
    with st.expander("Bring ratings of your own", icon=":material/upload:", key="own-ratings"):
        st.markdown(
            "A CSV with a column each for person, film and stars (0.5 to 5); "
            "if you like also title, genres and time. It stays on this machine."
        )
        file = st.file_uploader(
            "Ratings (CSV)",
            type=["csv", "tsv", "txt"],
            key="ratings-file",
            help="First row: userId, movieId, rating, title, genres.",
        )
        if file is None:
            return
        try:
            with st.spinner("Reading", show_time=True):
                ratings, films = read_own(file.name, file.getvalue())
        except DataError as error:
            refuse(str(error))
            return
        st.success(
            f"Understood: {len(ratings):,} ratings of {len(films):,} films by {ratings.people:,} people.",
            icon=":material/check:",
        )
        title = st.text_input(
            "Name",
            value=file.name.rsplit(".", 1)[0][:80],
            key="ratings-title",
            max_chars=80,
            help="What to call these ratings.",
        )
        if st.button("Keep these ratings", key="keep-ratings", type="primary", icon=":material/save:"):
            try:
                st.session_state[KEPT] = save_own(ratings, films, title, home_folder())
            except DataError as error:
                refuse(str(error))
                return
            st.rerun()
