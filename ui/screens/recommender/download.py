"""A data set of ratings that is not here yet: its licence, whom to cite, and its download."""

from __future__ import annotations

import streamlit as st

from aecore.recommender.ratings.sources import RatingCard
from ui.widgets.download_panel import download_panel


def ratings_download(card: RatingCard) -> None:
    """Offers the download and shows it while it runs; the page is drawn anew when it ends."""

    def offer() -> None:
        megabytes = f"{card.bytes / 1e6:,.0f} MB"
        st.markdown(
            f"{card.title} is not on this machine yet. It is downloaded once from GroupLens, checked, "
            f"and kept: {megabytes}."
        )
        st.caption(f"Licence: {card.licence}  \nTo cite: {card.citation}")

    download_panel(("ratings", card.name), card.title, offer, "You agree to the licence above.")
