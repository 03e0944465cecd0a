"""Download of a data set of ratings, with its licence and citation."""

from __future__ import annotations

import streamlit as st

from aecore.recommender.ratings.sources import RatingCard
from ui.widgets.download_panel import download_panel


def ratings_download(card: RatingCard) -> None:
    """Offers the download and shows its progress; the page reruns when it ends."""

    def offer() -> None:
        megabytes = f"{card.bytes / 1e6:,.0f} MB"
        st.markdown(
            f"{card.title} is not on this machine yet. It is downloaded once from GroupLens, checked, "
            f"and kept: {megabytes}."
        )
        st.caption(f"Licence: {card.licence}  \nTo cite: {card.citation}")

    download_panel(("ratings", card.name), card.title, offer, "You agree to the licence above.")
