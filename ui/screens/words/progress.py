"""The run of embeddings on screen: its progress, and buttons to start, pause and resume it."""

from __future__ import annotations

import streamlit as st

from aecore.jobs.queue import QueueFull
from aecore.runs.store import Run, RunError
from aecore.words.runs import create_run, find_run
from ui.app.allowance import check_room
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.words.found import Found
from ui.widgets.run_actions import pause, resume, told
from ui.widgets.run_states import expected_start, trained_where


def run_of(found: Found) -> Run | None:
    """The visitor's newest run on these texts with these settings, or one of another that works on them now."""
    mine = find_run(services.store, found.key, found.settings)
    if mine is None:
        theirs = find_run(services.everyones, found.key, found.settings)
        return theirs if theirs and theirs.status.is_active else None
    return mine


def begin(found: Found) -> None:
    """Creates a run and queues it; shows a refusal."""
    try:
        check_room()
        run = create_run(services.store, found.key, found.texts.title, found.settings)
        services.jobs.train(run.id, services.visitor())
    except (QueueFull, RunError) as error:
        st.session_state["notice"] = str(error)


@told
def learn(found: Found) -> None:
    """The same for a visitor who asks for it, and who keeps the texts from then on."""
    if services.texts.is_anothers(found.key):
        services.texts.keep(found.key)
    begin(found)


def state_of(run_id: str) -> str:
    """The state of the run; "" if it no longer exists."""
    try:
        return services.store.get(run_id).status.state if run_id else ""
    except RunError:
        return ""


def where_of(run_id: str) -> str:
    """A sentence: where the run trains, or was trained; "" if that is not known, or it no longer exists."""
    try:
        return trained_where(services.store.get(run_id)) if run_id else ""
    except RunError:
        return ""


def show_progress(found: Found, run_id: str) -> None:
    """The progress of the run, with a button to pause, start or resume it."""
    state = state_of(run_id)
    with st.container(horizontal=True, vertical_alignment="center", key="words-progress"):
        if state in ("queued", "preparing", "training"):
            _show_active(run_id, state)
            return
        if state == "failed":
            refuse(services.store.get(run_id).status.message)
        elif state not in ("paused", "interrupted"):
            price = f"{len(found.labels):,} texts, {len(found.vocabulary.words):,} words: it may take minutes."
            st.markdown(price, width="stretch")
        label = {"paused": "Go on", "interrupted": "Go on", "failed": "Try again"}.get(state, "Learn")
        action, argument = (resume, run_id) if label != "Learn" else (learn, found)
        if st.button(
            label, key="words-go", type="primary", icon=":material/play_arrow:", on_click=action, args=(argument,),
            help="You can stop it at any time.",
        ):  # fmt: skip
            st.rerun()


def _show_active(run_id: str, state: str) -> None:
    place = services.jobs.place_of_run(run_id)
    records = services.progress_log(run_id).read()
    if state == "queued":
        ahead = f"{place} other{'s' if place > 1 else ''} first, then this one."
        text = ahead if place > 0 else "It starts as soon as a training process is free."
        st.info(text + expected_start(run_id), icon=":material/hourglass_top:")
    elif records:
        st.progress(records[-1]["share"], records[-1]["phase"] + _left(records[-1]))
    else:
        st.progress(0.0, "Reading the texts")
    if not services.may_change(services.store.get(run_id)):
        return
    st.button(
        "Stop", key="words-stop", icon=":material/stop:", on_click=pause, args=(run_id,),
        help="Takes it out of the queue." if state == "queued" else "What has been found is kept.",
    )  # fmt: skip


def _left(record: dict[str, object]) -> str:
    share, seconds = float(record["share"]), float(record["seconds"])
    return f" · about {seconds * (1 - share) / share:,.0f} s left" if share > 0.15 and seconds > 2 else ""
