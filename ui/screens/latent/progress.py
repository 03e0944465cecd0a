"""A map on its way: it begins by itself, tells how far it is, and can be paused and gone on with."""

from __future__ import annotations

import streamlit as st

from aecore.jobs.analysis_board import Wish
from ui.app.services import visitor
from ui.screens.latent.form import Choice
from ui.widgets.analysis_progress import study_board, study_of, submit

TICK_SECONDS = 0.5


def wish_of(choice: Choice) -> Wish:
    """The study that draws this map."""
    wish = choice.wish
    return ("map", choice.source.id, choice.part, choice.most, wish.method, wish.dims, wish.built().to_json(), wish.only)


def follow(wish: Wish, *, is_drawn: bool, is_measured: bool) -> None:
    """Begins the study if there is something left to do, and shows how far it is; the page is drawn anew when that changes.

    Whoever asks for another map lets go of the one that is being drawn for them: it keeps its last picture.
    """
    mine = st.session_state.get("map-followed")
    if mine is not None and mine != wish:
        before = study_of(mine)
        if before is not None and before.is_active and before.visitor == visitor():
            study_board().stop(mine)
    st.session_state["map-followed"] = wish
    is_complete = is_drawn and is_measured
    study = study_of(wish)
    if not is_complete and study is None:
        submit(wish)
        study = study_of(wish)
    is_active = study is not None and study.is_active
    if is_complete and not is_active:
        return
    st.fragment(_panel, run_every=TICK_SECONDS if is_active else None, key="map-progress")(wish, study.state if study else "", is_drawn)


def _panel(wish: Wish, was: str, is_drawn: bool) -> None:
    study = study_of(wish)
    if (study.state if study else "") != was:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="map-progress"):
        if study is None:
            st.button("Draw this map", icon=":material/play_arrow:", key="map-go", type="primary", on_click=submit, args=(wish,), help="It can be paused.")
        elif study.is_active:
            place = study_board().place(study)
            left = study.seconds_left
            then = "what this map keeps is measured" if is_drawn else "this map"
            words = f"{place} other{'s' if place > 1 else ''} first, then {then}" if place else study.doing or "Starting"
            st.progress(study.share, words + (f" · about {left:,.0f} s left" if left else ""), width="stretch")
            st.button(
                "Pause", icon=":material/pause:", key="map-pause", on_click=study_board().stop, args=(wish,), help="The map stays as it is, and can go on."
            )
        elif study.state in ("stopped", "failed"):
            if study.state == "failed":
                st.warning(study.error, icon=":material/block:")
            label = "Go on" if study.state == "stopped" else "Try again"
            st.button(label, icon=":material/play_arrow:", key="map-go", type="primary", on_click=submit, args=(wish,), help="From where it was left.")
