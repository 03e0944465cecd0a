"""Upload of ratings: reads a CSV, shows how it was read, and saves it as a data set."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import streamlit as st

from aecore.datasets import DataError
from aecore.datasets.uploads.base import shown
from aecore.foreign import in_markdown, in_table
from aecore.paths import home_folder
from aecore.recommender.ratings.own import list_own, save_own
from aecore.recommender.ratings.own_parser import OWN_RATINGS
from aecore.recommender.ratings.own_tables import ColumnsError, OwnMeaning, OwnRatings
from aecore.runs.usage import QuotaError
from ui.app.allowance import check_storage
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.recommender.link import FIRST_RATINGS, RATINGS
from ui.widgets.own_data import ONLY_BY_LINK, damaged, delete_button, note_title, offer_to_keep, trash
from ui.widgets.reading import BroughtFile, read
from ui.widgets.upload_choices import ask_choices, chosen_choices

KEPT = "ratings-kept"
ROWS = 6


def own_ratings(chosen: str) -> None:
    """Shows a button to delete the chosen ratings if they were uploaded, or to keep those of another visitor; damaged
    uploads, and the trash.
    """
    ratings = services.ratings
    own = {card.id: card for card in list_own(home_folder(), ratings.ids()) if not card.error}
    if chosen in own:
        delete_button(
            ratings, chosen, own[chosen].title, label="Delete these ratings", then=lambda _: _show(FIRST_RATINGS)
        )
        offer_to_keep(ratings, chosen, own[chosen].title)
    damaged(ratings, own, "ratings")
    trash(ratings, then=_show)


def _show(name: str) -> None:
    RATINGS.write(name)


def ratings_upload() -> None:
    """Shows the upload; a button saves the ratings and selects them."""
    if kept := st.session_state.pop(KEPT, ""):
        RATINGS.write(kept)
        st.rerun()
    with st.expander("Upload your own ratings", icon=":material/upload:", key="own-ratings"):
        st.markdown(
            "A CSV with one column each for user, film and rating (up to 5, 10 or 100), and optionally for title, "
            "genres and time. It stays on this machine"
            f"{ONLY_BY_LINK}."
        )
        file = st.file_uploader(
            "Ratings (CSV)",
            type=["csv", "tsv", "txt"],
            key="ratings-file",
            help="First row: userId, movieId, rating, title, genres.",
        )
        if file is None:
            return
        found = _understood(file)
        if found is None:
            return
        ratings, films = found.ratings, found.films
        title = st.text_input(
            "Name",
            value=file.name.rsplit(".", 1)[0][:80],
            key="ratings-title",
            max_chars=80,
            help="What to call these ratings.",
        )
        if st.button("Keep these ratings", key="keep-ratings", type="primary", icon=":material/save:"):
            try:
                check_storage(ratings.stars.nbytes * 3)
                id = save_own(ratings, films, title, home_folder(), services.owner())
                note_title(services.ratings, id, shown(title, 80))
                st.session_state[KEPT] = id
            except (DataError, QuotaError) as error:
                refuse(str(error))
                return
            st.rerun()


def _understood(file: BroughtFile) -> OwnRatings | None:
    """Reads a file, with selects for what it leaves open; None, with a sentence, if it cannot be read or takes long."""
    key = file.file_id
    told = chosen_choices(key)
    columns = {what: told.get(f"{what}_column", "") for what in ("user", "film", "stars")}
    meaning, refusal = OwnMeaning(**columns, scale=told.get("ratings_to", "")), ""
    try:
        try:
            found = read(OWN_RATINGS, [file], "ratings", meaning=asdict(meaning))
        except DataError as error:
            if not told or isinstance(error, ColumnsError):
                raise
            refusal, found = str(error), read(OWN_RATINGS, [file], "ratings", meaning=asdict(OwnMeaning()))
    except ColumnsError as error:
        ask_choices(error.choices, key)
        refuse(str(error))
        return None
    except DataError as error:
        refuse(str(error))
        return None
    if found is None:
        return None
    ratings = found.ratings
    if not refusal:
        st.success(
            f"Understood: {len(ratings):,} ratings of {len(found.films):,} films by {ratings.users:,} users.",
            icon=":material/check:",
        )
    ask_choices(found.choices, key)
    if refusal:
        refuse(refusal)
        return None
    for note in found.notes:
        st.markdown(f"- {in_markdown(note)}")
    st.dataframe(_first_rows(found), hide_index=True, key="ratings-rows")
    return found


def _first_rows(found: OwnRatings) -> dict[str, list[str | float | int]]:
    """The first ratings as read."""
    ratings, count = found.ratings, min(len(found.ratings), ROWS)
    users = np.repeat(ratings.user_ids, np.diff(ratings.indptr))[:count]
    films = [in_table(found.films.title(place)) for place in ratings.films[:count]]
    return {"User": users.tolist(), "Film": films, "Stars": ratings.stars[:count].tolist()}
