"""The offer of newer films: what fetching MovieLens 32M and training on it takes, told before it begins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from aecore.jobs.queue import QueueFull
from aecore.limits import in_gb, kept_free
from aecore.machine import disk_bytes
from aecore.paths import data_folder
from aecore.recommender import BUILTIN
from aecore.recommender.newer.plan import Plan, plan_for, slowness, too_little_disk
from aecore.recommender.newer.settings import EDITION, TITLE
from aecore.recommender.ratings.movielens import Edition, edition, present
from aecore.runs.run import RunError
from ui.app.allowance import check_room, limits
from ui.app.frame import as_letters
from ui.app.services import services
from ui.screens.movies.catalogue_words import up_to
from ui.screens.movies.model import advisor_of
from ui.widgets.run_actions import told
from ui.widgets.wording import about

AGREED = "You agree to the licence above."
HOSTS_OWN = "Only the host of this server can begin it, because it changes what recommends for everybody."


def offer() -> None:
    """Shows what it takes, the licence, what it does, and the button."""
    data, is_fetched = edition(EDITION), present(EDITION)
    plan, known = plan_here(), advisor_of(BUILTIN).catalogue.years[1]
    st.markdown(
        f"The built-in recommender knows {up_to(known)}. This trains one of the same kind on **{data.title}** from "
        f"GroupLens, with {data.films:,} films: {data.about}"
    )
    st.markdown(_costs(plan, data, is_fetched=is_fetched))
    st.caption(f"Licence: {data.licence}  \nTo cite: {data.citation}")
    if plan.refusal:
        st.warning(as_letters(plan.refusal), icon=":material/block:")
    page_button(
        "Get newer films", "newer-get", "download", _get, help=AGREED, type="primary", disabled=bool(plan.refusal)
    )
    checked = "" if is_fetched else "What is fetched is checked against its checksum. "
    st.caption(
        f"{checked}The training learns from {plan.settings.people:,} users drawn at random. "
        "The result takes over from the recommender in use if it does better for "
        f"{plan.settings.tested:,} others: among all films, its first ten hold more of what they like, and for the "
        "films that both know, neither its order nor its stars are worse. What chance could explain does not count. "
        "What you have rated stays; films of yours that were in no catalogue so far count then."
    )


def plan_here() -> Plan:
    """The training for this machine and this visitor."""
    home, is_fetched = services.housekeeping.home, present(EDITION)
    free = max(0.0, disk_bytes(home)[1] - kept_free(home))
    plan = plan_for(limits().training_bytes, free, slowness(), is_fetched=is_fetched)
    if not services.person().is_host:
        return replace(plan, refusal=HOSTS_OWN)
    if not (plan.refusal or is_fetched):  # the data may lie on another disk
        return replace(plan, refusal=too_little_disk(disk_bytes(data_folder())[1]))
    return plan


def begin() -> None:
    """Creates the run and queues it. RunError or QueueFull if that is refused, and no run is left."""
    plan = plan_here()
    if plan.refusal:
        raise RunError(plan.refusal)
    check_room(new_bytes=int(plan.disk_bytes))
    run = services.store.create(plan.settings.as_run(), TITLE)
    try:
        services.jobs.train(run.id, services.visitor())
    except (RunError, QueueFull, OSError):
        with suppress(RunError, OSError):
            services.store.delete(run.id)
            services.store.discard(run.id)
        raise


def begin_again(run_id: str) -> None:
    """Moves a run to the trash and begins another. RunError or QueueFull if that is refused, and the run stays."""
    services.store.delete(run_id)
    try:
        begin()
    except (RunError, QueueFull, OSError):
        services.store.restore(run_id)
        raise


@told
def _get() -> None:
    begin()


def _costs(plan: Plan, data: Edition, *, is_fetched: bool) -> str:
    download = "" if is_fetched else f" after the download of {in_gb(data.file.size_hint)}"
    there = " The ratings are on this machine already." if is_fetched else ""
    return (
        f"**It takes {about(60 * plan.minutes)}**{download}, longer while this machine is busy; up to "
        f"**{in_gb(plan.memory_bytes)} of memory**; and **{in_gb(plan.disk_bytes)} on the disk**.{there} You can close "
        "the page meanwhile, and pause it at any time."
    )


def page_button(label: str, key: str, icon: str, action: Callable[..., None], *values: str, **looks: Any) -> None:
    """A button after whose action the whole page is rerun, since another run or recommender may be on it."""
    if st.button(label, key=key, icon=f":material/{icon}:", on_click=action, args=values, **looks):
        st.rerun()
