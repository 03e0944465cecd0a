"""Page configuration and navigation; nothing else. The menu itself is in `menu` and `places`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from aecore.runs.listing import steady  # noqa: E402
from ui.app import predict, present, upload_room, warm_up  # noqa: E402
from ui.app.echo import settle_widgets  # noqa: E402
from ui.app.frame import LOGO, STYLE, Head, PageEnded, set_head, show_refusals  # noqa: E402
from ui.app.menu import menu  # noqa: E402
from ui.app.refusals import begin_page  # noqa: E402
from ui.app.room import show_bar  # noqa: E402
from ui.app.tour import show_tour  # noqa: E402

SIDEBAR = 264
"""Pixels: a projector has few to spare."""

st.set_page_config(page_title="Autoencoder Explorer", page_icon=LOGO, layout="wide", initial_sidebar_state=SIDEBAR)
st.logo(LOGO, size="large")

chosen = st.navigation(menu())
begin_page(chosen.url_path)
is_presented = present.begin_page(chosen.url_path)
st.html(f"<style>{STYLE}{present.style(is_presented)}{predict.begin_page(chosen.url_path)}</style>")
set_head(Head(predict.show_button, predict.show_card))
upload_room.begin_page(chosen.url_path)
settle_widgets()
present.show_bar(chosen.url_path, is_presented)
show_bar()
show_tour()
try:
    with steady(), suppress(PageEnded):
        chosen.run()
finally:
    warm_up.page_served()
    show_refusals()
