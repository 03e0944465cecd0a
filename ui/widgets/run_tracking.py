"""Whether a run has been logged to the experiment trackers that the host of the server has chosen."""

from __future__ import annotations

import time

import streamlit as st

from aecore.runs.run import Run
from aecore.runs.tracking import TRACKERS, Tracked, tracked, trackers_in_use
from ui.app.frame import as_letters
from ui.app.services import services

AT_ONCE_SECONDS = 5.0
"""Within this, a server notes that a run which has ended is to be logged."""


def say_logged(run: Run) -> None:
    """Tells where the run has been logged, or why it has not; nothing where it was never to be."""
    for tracker in TRACKERS if not run.status.is_active else ():
        if found := tracked(run.folder, tracker):
            st.caption(_told(run, tracker, found))


def _told(run: Run, tracker: str, found: Tracked) -> str:
    title = TRACKERS[tracker].title
    if found.state == "logged":
        return f":material/check: Logged to {as_letters(found.message)}."
    if found.state == "waiting":
        return f":material/hourglass_top: Waiting to be logged to {title}."
    if not services.person().is_host:
        return f":material/info: This run could not be logged to {title}. The host of this server sees why."
    return (
        f":material/warning: Not logged to {title}, which changes nothing about the run. "
        f"{as_letters(found.message)} It is tried again when the server starts the next time; "
        f"`python -m aecore export {run.id} --to {tracker}` does it now."
    )


def is_being_logged(run: Run) -> bool:
    """Whether it waits to be logged, or will in a moment: its training has just ended."""
    if run.status.is_active:
        return False
    is_new = time.time() - run.status.finished < AT_ONCE_SECONDS
    found = (tracked(run.folder, each) for each in trackers_in_use())
    return any(each.state == "waiting" if each else is_new for each in found)
