"""Newer films: the offer to fetch MovieLens 32M and train on it, its progress, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from aecore.files import read_json
from aecore.foreign import in_markdown
from aecore.limits import in_gb, kept_free
from aecore.machine import disk_bytes
from aecore.recommender import BUILTIN
from aecore.recommender.models.base import WEIGHTS
from aecore.recommender.newer.plan import Plan, plan_for, slowness
from aecore.recommender.newer.settings import EDITION, TITLE
from aecore.recommender.newer.usual import make_usual
from aecore.recommender.newer.verdict import said, verdict
from aecore.recommender.ratings.movielens import CITATION, edition, present
from aecore.runs.run import NEWER, Run, RunError
from aecore.runs.snapshots import last_record
from ui.app.allowance import check_resume, check_room, limits
from ui.app.frame import as_letters
from ui.app.links import MODEL, RUN
from ui.app.services import services
from ui.app.url_state import link_to
from ui.screens.movies.link import FILM, PANELS, VIEW
from ui.screens.movies.model import advisor_of, usual_source
from ui.widgets.live import live
from ui.widgets.run_actions import pause, resume, told
from ui.widgets.run_states import expected_start, say_whose

TICK_SECONDS = 1.0
ABOUT = "About"
AGREED = "You agree to the licence above."
STOPPED = "What has been fetched and trained is kept, and it can go on later."
ANEW = "Lets go of what has been trained; what was fetched is kept."
HOSTS_OWN = "Only the host of this server can begin it, because it changes what recommends for everybody."
FOR_ALL = "For everybody who uses this page. Ratings stay as they are."


def newer_films() -> None:
    """Shows the offer, or the run that was begun."""
    run = _newest()
    is_active = run is not None and run.status.is_active
    st.subheader("Newer films", anchor=False)
    live(_panel, TICK_SECONDS if is_active else None, key="newer-films")(run.id if run else "", is_active)


def newest_film(year: int) -> None:
    """Says how far the catalogue goes, and leads to the offer where nobody has taken it yet."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The newest film in this catalogue is from {year}.", width="content")
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
        _offer()
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


def _offer() -> None:
    data, is_fetched = edition(EDITION), present(EDITION)
    plan, newest = _plan(is_fetched=is_fetched), int(advisor_of(BUILTIN).films.years.max())
    fetched = (
        f"{data.title} is on this machine already"
        if is_fetched
        else f"It fetches **{data.title}** from GroupLens ({in_gb(data.file.size_hint)}), and checks what came against "
        "its checksum"
    )
    st.markdown(
        f"The built-in recommender knows films up to {newest}. {fetched}: ratings by {data.users:,} people of "
        f"{data.films:,} films, to October 2023. Then this machine trains the same kind of recommender on it, from "
        f"the ratings of {plan.settings.people:,} people drawn at random. It takes over when it does better for people "
        "it has not learned from. What you have rated stays; films of yours that no catalogue knew so far count then."
    )
    st.markdown(
        f"**It takes about {max(1, round(plan.minutes)):,} minutes** of this machine's time after the download, more "
        f"where it is busy, up to {in_gb(plan.memory_bytes)} of memory, and {in_gb(plan.disk_bytes)} on the disk. You "
        "can close the page meanwhile, and stop it at any time."
    )
    st.caption(
        "Better means: among all films, its first ten hold more of what these people like, and for the films that both "
        "know, neither its order nor its stars are worse. What chance could explain does not count."
    )
    st.caption(f"Licence: {data.licence}  \nTo cite: {CITATION}")
    if plan.refusal:
        st.warning(as_letters(plan.refusal), icon=":material/block:")
    _button("Get newer films", "download", _start, help=AGREED, type="primary", disabled=bool(plan.refusal))


def _plan(*, is_fetched: bool) -> Plan:
    home = services.housekeeping.home
    free = max(0.0, disk_bytes(home)[1] - kept_free(home))
    plan = plan_for(limits().training_bytes, free, slowness(), is_fetched=is_fetched)
    return plan if services.person().is_host else replace(plan, refusal=HOSTS_OWN)


@told
def _start() -> None:
    plan = _plan(is_fetched=present(EDITION))
    if plan.refusal:
        raise RunError(plan.refusal)
    check_room(new_bytes=int(plan.disk_bytes))
    run = services.store.create(plan.settings.as_run(), TITLE)
    services.jobs.train(run.id, services.visitor())


def _working(run: Run) -> None:
    record = last_record(run.folder) or {}
    share = float(record.get("share", 0.0))
    if run.status.state == "queued":
        st.info("It waits for its turn." + expected_start(run.id), icon=":material/hourglass_top:")
    else:
        text = run.status.message or f"Training: {100 * share:.0f} %{_left(record)}"
        st.progress(min(1.0, _shown(run, share)), as_letters(text))
    st.caption("You can close this page. The films you rate meanwhile count at once, and in the new one too.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if services.may_change(run):
            _button("Stop", "stop", pause, run.id, help=STOPPED)
        link_to("recommender", "Watch it learn", (RUN, run.id), icon=":material/monitoring:")


def _shown(run: Run, share: float) -> float:
    """The length of the bar: of what the message tells, or of the training."""
    said_share = run.status.message.rpartition(": ")[2].removesuffix(" %")
    return int(said_share) / 100 if said_share.isdecimal() else share


def _left(record: dict[str, Any]) -> str:
    share, seconds = record.get("share", 0.0), record.get("seconds", 0.0)
    if share < 0.02:
        return ""
    minutes = seconds * (1 - share) / share / 60
    return f", about {max(1, round(minutes))} more minute{'s' if round(minutes) > 1 else ''}"


def _resting(run: Run) -> None:
    why = run.status.message
    if run.status.state == "interrupted":
        why = "It was interrupted. It goes on where it was: what has been fetched and trained is kept."
    st.warning(as_letters(why or "It has stopped."), icon=":material/pause:")
    say_whose(run)
    if services.may_change(run):
        with st.container(horizontal=True, vertical_alignment="center"):
            _button("Go on", "play_arrow", _go_on, run.id, help="With what is left to do.", type="primary")
            _button("Begin anew", "replay", _anew, run.id, help=ANEW)


@told
def _go_on(run_id: str) -> None:
    check_resume()
    resume(run_id)


@told
def _anew(run_id: str) -> None:
    services.store.delete(run_id)
    _start()


def _result(run: Run) -> None:
    facts = _facts(run)
    if "comparison" not in facts or not (run.folder / WEIGHTS).is_file():
        st.warning("Its files cannot be read. Train it again.", icon=":material/warning:")
        _again(run)
        return
    is_usual = usual_source() == run.id
    newest = facts.get("newest")
    others = "the built-in one recommends" if usual_source() == BUILTIN else "another one recommends"
    now = "recommends on this page" if is_usual else f"is on this machine; {others}"
    learned_from = in_markdown(str(facts.get("trained_on")))
    st.markdown(f"The recommender with films up to **{newest}** {now}. It learned from {learned_from}.")
    decisive, *others = (
        each | {"name": in_markdown(str(each.get("name", "")))}
        for each in (facts["comparison"], *facts.get("others", ()))
    )
    st.caption(f"{said(decisive)} {verdict(decisive)}")
    for other in others:
        st.caption(said(other))
    with st.container(horizontal=True, vertical_alignment="center"):
        if services.person().is_host:
            if is_usual:
                _button("Go back to the built-in one", "undo", _use, BUILTIN, help=FOR_ALL)
            else:
                _button("Let it recommend", "movie", _use, run.id, help=FOR_ALL)
        link_to("recommender", "Its training and figures", (RUN, run.id), icon=":material/monitoring:")
        _again(run)


def _again(run: Run) -> None:
    plan = _plan(is_fetched=present(EDITION))
    if services.may_change(run):
        about = plan.refusal or f"A new run; about {round(plan.minutes):,} minutes of this machine's time."
        _button("Train again", "replay", _start, help=about, type="tertiary", disabled=bool(plan.refusal))


def _button(label: str, icon: str, action: Callable[..., None], *values: str, help: str, **looks: Any) -> None:
    """A button after whose action the whole page is rerun, since another run or recommender may be on it."""
    key = f"newer-{label.lower().replace(' ', '-')}"
    if st.button(label, key=key, icon=f":material/{icon}:", on_click=action, args=values, help=help, **looks):
        st.rerun()


@told
def _use(source: str) -> None:
    make_usual(services.housekeeping.home, source)
    MODEL.clear()
    FILM.clear()


def _facts(run: Run) -> dict[str, Any]:
    try:
        return read_json(run.folder / "facts.json")
    except (OSError, ValueError):
        return {}
