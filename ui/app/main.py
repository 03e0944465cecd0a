"""Page configuration and navigation; nothing else. Pages that are not built yet are absent."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ui.app import warm_up  # noqa: E402
from ui.app.frame import LOGO, STYLE, show_refusals  # noqa: E402
from ui.app.places import page_file  # noqa: E402
from ui.app.refusals import begin_page  # noqa: E402

SIDEBAR = 264
"""Pixels: a projector has few to spare."""

st.set_page_config(page_title="Autoencoder Explorer", page_icon=LOGO, layout="wide", initial_sidebar_state=SIDEBAR)
st.logo(LOGO, size="large")
st.html(STYLE)


def page(file: str, title: str, icon: str, **options: object) -> st.Page:
    """A screen of the app; its address is the name of its file."""
    return st.Page(page_file(file), title=title, icon=f":material/{icon}:", **options)


PAGES = {
    "Learn": [
        page("home", "Home", "home", default=True),
        page("synapses", "Synapses", "hub"),
        page("steps", "Training, step by step", "footprint"),
        page("pooling", "Pooling", "grid_on"),
    ],
    "Train": [
        page("train", "Train", "model_training"),
        page("race", "Race", "sports_score"),
        page("runs", "Runs", "stacked_line_chart"),
        page("features", "Features", "category"),
        page("data", "Data", "grid_view"),
    ],
    "Explore": [
        page("noise", "Noise lab", "grain"),
        page("anomaly", "Anomaly", "search_insights"),
        page("compression", "Compression", "compress"),
    ],
    "Latent space": [
        page("latent", "Map", "bubble_chart"),
        page("generate", "Generate", "casino"),
        page("translate", "Translate", "face_retouching_natural"),
        page("words", "Words", "match_word"),
    ],
    "Movies": [
        page("movies", "Movies", "movie"),
        page("recommender", "Recommender", "recommend"),
    ],
}

chosen = st.navigation(PAGES)
begin_page(chosen.url_path)
try:
    chosen.run()
finally:
    warm_up.page_served()
    show_refusals()
