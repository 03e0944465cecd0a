"""Progress of a map: it starts automatically, and can be paused and resumed."""

from __future__ import annotations

import streamlit as st

from aecore.jobs.queue import Request
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.latent.form import Choice
from ui.widgets.analysis_progress import submit
from ui.widgets.live import live
from ui.widgets.wording import starts_in

TICK_SECONDS = 0.5


def request_of(choice: Choice) -> Request:
    """The request that draws this map."""
    request = choice.request
    return (
        "map",
        choice.trained_model.id,
        choice.part,
        choice.most,
        request.method,
        request.dims,
        request.built().to_json(),
        request.only,
    )


def follow(request: Request, *, is_drawn: bool, is_measured: bool) -> None:
    """Starts the job if it is incomplete, and shows its progress;
    the page is rerun when that changes.

    A request for another map releases the visitor's current one:
    it keeps its last state, and continues if others watch it.
    """
    mine = st.session_state.get("map-followed")
    if mine is not None and mine != request:
        services.jobs.release(mine, services.tab())
    st.session_state["map-followed"] = request
    is_complete = is_drawn and is_measured
    job = services.jobs.find(request)
    if not is_complete and services.jobs.begins(request, services.tab()):
        submit(request)
        job = services.jobs.find(request)
    is_active = job is not None and job.is_active
    if is_complete and not is_active:
        return
    live(_panel, TICK_SECONDS if is_active else None, key="map-progress")(request, job.state if job else "", is_drawn)


def _panel(request: Request, was: str, is_drawn: bool) -> None:
    job = services.jobs.find(request)
    if (job.state if job else "") != was:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="map-progress"):
        if job is None:
            st.button(
                "Draw this map",
                icon=":material/play_arrow:",
                key="map-go",
                type="primary",
                on_click=submit,
                args=(request,),
                help="It can be paused.",
            )
        elif job.is_active:
            place = services.jobs.ahead(job)
            left = job.seconds_left
            then = "what this map keeps is measured" if is_drawn else "this map"
            wait = starts_in(services.jobs.expected_wait(job)) if place else ""
            others = f"{place} other{'s' if place > 1 else ''} first, then {then}.{wait}"
            words = others if place else job.doing or "Starting"
            st.progress(job.share, words + (f" · about {left:,.0f} s left" if left else ""), width="stretch")
            if not services.may_stop(job):
                return
            st.button(
                "Pause",
                icon=":material/pause:",
                key="map-pause",
                on_click=services.jobs.cancel,
                args=(request,),
                help="The map stays as it is, and can go on.",
            )
        elif job.state in ("cancelled", "failed"):
            if job.state == "failed":
                refuse(job.error)
            label = "Go on" if job.state == "cancelled" else "Try again"
            st.button(
                label,
                icon=":material/play_arrow:",
                key="map-go",
                type="primary",
                on_click=submit,
                args=(request,),
                help="From where it was left.",
            )
