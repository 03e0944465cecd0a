"""Watches runs that are paused or interrupted: another visitor, or the command line, may resume them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.runs.store import Run, RunError
from ui.app.services import services
from ui.widgets.live import live

WATCH_SECONDS = 2.0


def watch_resting(runs: Sequence[Run]) -> None:
    """Reruns the page once one of these runs, none of which is active now, changes its state.

    Runs that are done or were stopped early are not watched.
    """
    states = {run.id: run.status.state for run in runs if run.status.is_resumable}
    if states:
        live(_watch, WATCH_SECONDS, key=f"watch-{'-'.join(states)}")(states)


def _watch(states: dict[str, str]) -> None:
    for run_id, state in states.items():
        try:
            now = services.store.get(run_id).status.state
        except RunError:  # deleted, which the page reports
            now = ""
        if now != state:
            st.rerun()
