"""Watches runs that are paused or interrupted, since another visitor or the command line may resume them, and those
that wait to be logged to a tracker.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.runs.store import Run, RunError
from ui.app.services import services
from ui.widgets.live import live
from ui.widgets.run_tracking import is_being_logged

WATCH_SECONDS = 2.0


def watch_resting(runs: Sequence[Run]) -> None:
    """Reruns the page once one of these runs, none of which is active now, changes its state.

    Runs that are done or were stopped early are watched only until they are logged, where they are.
    """
    states = {run.id: _state(run) for run in runs if run.status.is_resumable or is_being_logged(run)}
    if states:
        live(_watch, WATCH_SECONDS, key=f"watch-{'-'.join(states)}")(states)


def _watch(states: dict[str, str]) -> None:
    for run_id, state in states.items():
        try:
            now = _state(services.store.get(run_id))
        except RunError:  # deleted, which the page reports
            now = ""
        if now != state:
            st.rerun()


def _state(run: Run) -> str:
    return f"{run.status.state}, to be logged" if is_being_logged(run) else run.status.state
