"""A data set of ratings that is not here yet: its licence, whom to cite, and its download."""

from __future__ import annotations

import streamlit as st

from aecore.recommender.ratings.sources import RatingCard
from ui.app.downloads import download_of
from ui.app.frame import refuse

TICK_SECONDS = 0.5


def ratings_download(card: RatingCard) -> None:
    """Offers the download and shows it while it runs; the page is drawn anew when it ends."""
    is_running = download_of(card.name).is_running
    st.fragment(_panel, run_every=TICK_SECONDS if is_running else None, key=f"ratings-{card.name}")(card, is_running)


def _panel(card: RatingCard, was_running: bool) -> None:
    download = download_of(card.name)
    if was_running and not download.is_running:
        st.rerun()
    if download.is_running:
        share = download.share()
        st.progress(share, f"Downloading {card.title}: {share:.0%}")
        st.button("Stop", key=f"stop-{card.name}", icon=":material/stop:", on_click=download.stop, help="What has come so far is kept for next time.")
        return
    st.markdown(f"{card.title} is not on this machine yet. It is downloaded once from GroupLens, checked, and kept: {card.bytes / 1e6:,.0f} MB.")
    st.caption(f"Licence: {card.licence}  \nTo cite: {card.citation}")
    if download.error:
        refuse(download.error, icon=":material/cloud_off:")
    if st.button(f"Download {card.title}", key=f"get-{card.name}", type="primary", icon=":material/download:", help="You agree to the licence above."):
        download.start()
        st.rerun()
