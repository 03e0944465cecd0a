"""Which sweep is on show: the visitor's own to choose from, the deleted ones, and what to do where there is none."""

from __future__ import annotations

import time

import streamlit as st

from aecore.experiment.sweep import MOST
from aecore.foreign import in_markdown
from aecore.runs.sweeps import SweepRecord
from ui.app.services import services
from ui.screens.sweep.actions import restore
from ui.screens.sweep.link import choose
from ui.screens.sweep.words import TITLES
from ui.widgets.deleted import said_deleted
from ui.widgets.glossary import term
from ui.widgets.option_titles import chosen_ids, remember_titles

NEWEST = 100
"""Sweeps to choose from."""


def choose_sweep(shown: SweepRecord | None) -> None:
    """A box with the visitor's sweeps, newest first."""
    own = [sweep for sweep in services.sweeps.list()[:NEWEST] if not sweep.problem]
    if shown and shown.id not in [sweep.id for sweep in own]:
        own.insert(0, shown)
    if not own:
        return
    titles = {sweep.id: _title(sweep) for sweep in own}
    st.session_state["sweep_shown"] = shown.id if shown else None
    remember_titles("sweep_shown", titles)
    whose = "All sweeps of this machine" if services.person().is_host else "Your sweeps"
    st.selectbox(
        "Sweep on show", tuple(titles), format_func=titles.__getitem__, key="sweep_shown", placeholder="Choose one",
        on_change=lambda: choose("".join(chosen_ids("sweep_shown")[:1])), help=f"{whose}, the newest first.",
    )  # fmt: skip


def _title(sweep: SweepRecord) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(sweep.created))
    return f"{sweep.name} · {TITLES[sweep.status.state].lower()} · {when} · {sweep.id[:4]}"


def start_here() -> None:
    """What to do where no sweep is on show."""
    st.subheader("Ready to search", anchor=False)
    st.markdown(
        f"Choose settings in the form and what to try of each, then press **Start**. Up to {MOST} networks are "
        "trained, a few at a time. While they train, every run is a line from its settings to its validation error, "
        f"and you see how the best one improves, and which settings seem to matter. With *Stop hopeless runs early* "
        f"({term('successive-halving', 'successive halving')}) a run that falls behind makes room for the next."
    )


def just_deleted() -> None:
    """The sweep deleted last, with an undo."""
    said_deleted("sweeps", {sweep.id: sweep.name for sweep in services.sweeps.deleted()}, lambda ids: restore(ids))


def trash() -> None:
    """The visitor's deleted sweeps, each with a button to restore it."""
    if not (deleted := services.sweeps.deleted()):
        return
    with st.expander(f"Deleted sweeps ({len(deleted):,})", icon=":material/delete:", key="sweep-trash"):
        st.caption("Restoring one brings its runs back, too. They can also be removed for good on the Runs page.")
        for sweep in deleted[:NEWEST]:
            st.button(
                f"Restore {in_markdown(_title(sweep))}", key=f"restore-{sweep.id}",
                icon=":material/restore_from_trash:",
                on_click=restore, args=([sweep.id],),
            )  # fmt: skip
