"""Watches runs that rest: somebody else, or the command line, may continue them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.runs.store import Run, RunError
from ui.app.services import services
from ui.widgets.live import live

WATCH_SECONDS = 2.0


def watch_resting(runs: Sequence[Run]) -> None:
    """Runs the page anew once one of these runs is in another state; none of them is active now.

    Runs that have ended for good are not looked at.
    """
    states = {run.id: run.status.state for run in runs if run.status.is_resumable}
    if states:
        live(_watch, WATCH_SECONDS, key=f"watch-{'-'.join(states)}")(states)


def _watch(states: dict[str, str]) -> None:
    for run_id, state in states.items():
        try:
            now = services.store.get(run_id).status.state
        except RunError:  # deleted, which the page says
            now = ""
        if now != state:
            st.rerun()
