"""Studies of trained models on screen: the one board of this server, and how far a study is."""

from __future__ import annotations

from functools import cache

import streamlit as st

from aecore.jobs.analysis_board import Study, StudyBoard, TooManyStudies, Wish
from ui.app.frame import refuse
from ui.app.services import store, visitor


@cache
def study_board() -> StudyBoard:
    """Its process starts with the first study."""
    return StudyBoard(store())


def study_of(wish: Wish) -> Study | None:
    """The newest study of that wish."""
    return study_board().study(wish)


def submit(wish: Wish) -> None:
    """Queues it; a refusal is told in its own words."""
    try:
        study_board().submit(wish, visitor())
    except TooManyStudies as error:
        st.session_state["notice"] = str(error)


def show_progress(wish: Wish, study: Study | None, *, begin: str, price: str) -> None:
    """How far it is, with a button to stop it; or one to begin, with `price`: what it will take."""
    kind = wish[0]
    with st.container(horizontal=True, vertical_alignment="center", key=f"{kind}-progress"):
        if study is not None and study.state == "running":
            left = study.seconds_left
            st.progress(study.share, study.doing + (f" · about {left:,.0f} s left" if left else ""))
            st.button("Stop", key=f"{kind}-stop", icon=":material/stop:", on_click=study_board().stop, args=(wish,), help="What has been found is kept.")
        elif study is not None and study.is_active:
            place = study_board().place(study)
            st.info(f"{place} other{'s' if place > 1 else ''} first, then this one." if place else "It starts in a moment.", icon=":material/hourglass_top:")
            st.button("Stop", key=f"{kind}-stop", icon=":material/stop:", on_click=study_board().stop, args=(wish,), help="Takes it out of the queue.")
        else:
            if study is not None and study.state == "failed":
                refuse(study.error)
            elif study is None:
                st.markdown(price, width="stretch")
            label = {"stopped": "Go on", "failed": "Try again"}.get(study.state if study else "", begin)
            help = "You can stop it at any time."
            if st.button(label, key=f"{kind}-go", type="primary", icon=":material/play_arrow:", on_click=submit, args=(wish,), help=help):
                st.rerun()
