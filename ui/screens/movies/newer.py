"""Newer films: the offer to fetch MovieLens 32M and train on it, its progress, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from aecore.files import read_json
from aecore.foreign import in_markdown
from aecore.recommender import BUILTIN
from aecore.recommender.newer.usual import is_ready, make_usual
from aecore.recommender.newer.verdict import said, verdict
from aecore.recommender.serving.loaded import FACTS
from aecore.runs.run import NEWER, Run, RunError
from aecore.runs.snapshots import last_record
from ui.app.frame import as_letters
from ui.app.links import MODEL, RUN
from ui.app.services import services
from ui.app.url_state import link_to
from ui.screens.movies.catalogue_words import up_to
from ui.screens.movies.link import FILM, PANELS, VIEW
from ui.screens.movies.model import usual_source
from ui.screens.movies.newer_offer import begin, begin_again, offer, page_button, plan_here
from ui.widgets.live import live
from ui.widgets.newer_buttons import KEPT, PAUSE, RESUME
from ui.widgets.run_actions import told
from ui.widgets.run_states import Button, expected_start, say_whose
from ui.widgets.wording import about, percent

TICK_SECONDS = 1.0
ABOUT = "About"
RESTING = {"paused": f"It is paused. {KEPT}", "interrupted": f"It was interrupted. {KEPT}"}
FOR_ALL = "For everybody who uses this page. Ratings stay as they are."
FIRST_SHARE = 0.02
"""Of a training, from which its pace says how long the rest takes."""


def newer_films() -> None:
    """Shows the offer, or the run that was begun."""
    run = _newest()
    is_active = run is not None and run.status.is_active
    st.subheader("Newer films", anchor=False)
    live(_panel, TICK_SECONDS if is_active else None, key="newer-films")(run.id if run else "", is_active)


def newest_film(year: int) -> None:
    """Says how far the catalogue goes, and leads to the offer where nobody has taken it yet."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if year:
            st.caption(f"This catalogue has {up_to(year)}.", width="content")
        if usual_source() == BUILTIN:
            newer_link()


def newer_link() -> None:
    """A button that leads to the offer."""
    st.button("Newer films", key="newer-link", icon=":material/new_releases:", type="tertiary", on_click=_open_about)


def _open_about() -> None:
    assert ABOUT in PANELS
    st.session_state[VIEW.name] = ABOUT


def _newest() -> Run | None:
    """The run that concerns this visitor: one that works for everybody, the usual one, or their newest."""
    runs = [run for run in services.everyones.list() if run.kind == NEWER and not run.problem]
    active = (run for run in runs if run.status.is_active)
    mine = (run for run in runs if services.may_change(run) or run.id == usual_source())
    return next(active, None) or next(mine, None)


def _panel(run_id: str, was_active: bool) -> None:
    now = _newest()
    if (now.id if now else "") != run_id:
        st.rerun()
    if not run_id:
        offer()
        return
    try:
        run = services.everyones.get(run_id)
    except RunError:  # deleted this very moment
        st.rerun()
    if run.status.is_active != was_active:
        st.rerun()
    if run.status.is_active:
        _working(run)
    elif run.status.is_resumable:
        _resting(run)
    else:
        _result(run)


def _working(run: Run) -> None:
    record = last_record(run.folder) or {}
    share = float(record.get("share", 0.0))
    if run.status.state == "queued":
        st.info("It waits for its turn." + expected_start(run.id), icon=":material/hourglass_top:")
    else:
        text = run.status.message or f"Training: {percent(share, 0)}{_left(share, record)}"
        st.progress(min(1.0, run.status.share if run.status.message else share), as_letters(text))
    st.caption("You can close this page. The films you rate meanwhile count at once, and in the new one too.")
    with st.container(horizontal=True, vertical_alignment="center"):
        PAUSE.show(run)
        link_to("recommender", "Watch it learn", (RUN, run.id), icon=":material/monitoring:")


def _left(share: float, record: Mapping[str, Any]) -> str:
    if share < FIRST_SHARE:
        return ""
    return f", {about(record.get('seconds', 0.0) * (1 - share) / share)} left"


def _resting(run: Run) -> None:
    why = as_letters(RESTING.get(run.status.state, run.status.message) or "It has stopped.")
    if run.status.state in RESTING:
        st.info(why, icon=":material/pause:")
    else:
        st.error(why, icon=":material/error:")
    say_whose(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        RESUME.show(run)
        RESTART.show(run)


@told
def _restart(run_id: str) -> None:
    begin_again(run_id)


RESTART = Button(
    "Restart", "restart-newer", "replay", _restart,
    "A new run trains everything. What was fetched is kept; this run goes to the trash.",
)  # fmt: skip


def _result(run: Run) -> None:
    try:
        sentences = list(_came_of_it(run, read_json(run.folder / FACTS)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        sentences = []
    if not sentences or not is_ready(run):
        st.warning("Its files cannot be read. Train it again.", icon=":material/warning:")
    else:
        st.markdown(sentences[0])
        for each in sentences[1:]:
            st.caption(each)
    with st.container(horizontal=True, vertical_alignment="center"):
        if services.person().is_host:
            if sentences and is_ready(run) and usual_source() != run.id:
                LET.show(run)
            if usual_source() != BUILTIN:
                GO_BACK.show(run)
        link_to("recommender", "Its training and figures", (RUN, run.id), icon=":material/monitoring:")
        if services.may_change(run):
            _train_again()


def _came_of_it(run: Run, facts: Mapping[str, Any]) -> Iterator[str]:
    """What the run made, and how it compares with others, in Markdown."""
    usual = usual_source()
    others = "the built-in one recommends" if usual == BUILTIN else "another one recommends"
    now = "recommends on this page" if usual == run.id else f"is on this machine; {others}"
    learned_from, took = in_markdown(str(facts["trained_on"])), about(float(facts["seconds"]))
    yield f"The recommender with {up_to(facts['newest'])} {now}. It learned from {learned_from}, in {took}."
    decisive, *rest = (
        each | {"name": in_markdown(str(each.get("name", "")))}
        for each in (facts["comparison"], *facts.get("others", ()))
    )
    yield f"{said(decisive)} {verdict(decisive)}"
    yield from map(said, rest)


def _train_again() -> None:
    plan = plan_here()
    words = plan.refusal or f"A new run; it takes {about(60 * plan.minutes)}, longer while this machine is busy."
    looks = {"help": words, "type": "tertiary", "disabled": bool(plan.refusal)}
    page_button("Train again", "newer-again", "replay", _again, **looks)


@told
def _again() -> None:
    begin()


@told
def _let(run_id: str) -> None:
    _use(run_id)


@told
def _go_back(run_id: str) -> None:
    _use(BUILTIN)


def _use(source: str) -> None:
    """Changes it for all. RunError for anybody but the host: a page may have been open since they were."""
    if not services.person().is_host:
        raise RunError("Only the host of this server decides which recommender everybody has on this page.")
    make_usual(services.housekeeping.home, source, usual_source())
    MODEL.clear()
    FILM.clear()


LET = Button("Let it recommend", "newer-let", "movie", _let, FOR_ALL)
GO_BACK = Button("Go back to the built-in one", "newer-back", "undo", _go_back, FOR_ALL)
