"""Whether a run has been logged to the experiment tracker that the host of the server has chosen."""

from __future__ import annotations

import time

import streamlit as st

from aecore.runs.run import Run
from aecore.runs.tracking import mlflow_address, tracked
from ui.app.frame import as_letters
from ui.app.services import services

AT_ONCE_SECONDS = 5.0
"""Within this, a server notes that a run which has ended is to be logged."""


def say_logged(run: Run) -> None:
    """Tells where the run has been logged, or why it has not; nothing where it was never to be."""
    found = tracked(run.folder)
    if found is None or run.status.is_active:
        return
    if found.state == "logged":
        st.caption(f":material/check: Logged to {as_letters(found.message)}.")
    elif found.state == "waiting":
        st.caption(":material/hourglass_top: Waiting to be logged to MLflow.")
    elif not services.person().is_host:
        st.caption(":material/info: This run could not be logged to MLflow. The host of this server sees why.")
    else:
        st.caption(
            ":material/warning: Not logged to MLflow, which changes nothing about the run. "
            f"{as_letters(found.message)} It is tried again when the server starts the next time; "
            f"`python -m aecore export {run.id} --to mlflow` does it now."
        )


def is_being_logged(run: Run) -> bool:
    """Whether it waits to be logged, or will in a moment: its training has just ended."""
    if not mlflow_address() or run.status.is_active:
        return False
    found = tracked(run.folder)
    return found.state == "waiting" if found else time.time() - run.status.finished < AT_ONCE_SECONDS
