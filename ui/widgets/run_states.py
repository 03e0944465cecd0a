"""Titles of the states of a run, and the buttons that change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from aecore.foreign import in_markdown
from aecore.runs.store import Run
from ui.app.services import services
from ui.widgets.wording import starts_in

TICK_SECONDS = 0.4
STATES = {
    "queued": ("Waiting", "hourglass_top", "orange"),
    "preparing": ("Getting ready", "hourglass_top", "orange"),
    "training": ("Training", "model_training", "blue"),
    "paused": ("Paused", "pause", "orange"),
    "stopped": ("Stopped early", "stop", "green"),
    "done": ("Done", "check", "green"),
    "diverged": ("Diverged", "warning", "red"),
    "interrupted": ("Interrupted", "power_off", "orange"),
    "failed": ("Failed", "error", "red"),
}


def where_trained() -> str:
    """Where runs train and how many at a time, in a sentence."""
    size = services.jobs.size
    return services.jobs.where or (
        f"{size} networks train at a time on this machine; the others wait in the queue."
        if size != 1
        else "One network trains at a time on this machine; the others wait in the queue."
    )


def say_cluster() -> None:
    """Says where trainings run on a server with a cluster, or that it is lost; nothing on any other."""
    if where := services.jobs.where:
        st.caption(in_markdown(where))


def trained_where(run: Run) -> str:
    """A sentence: on what and where the run trains, or has been trained; "" while it waits, or where nobody knows."""
    if not run.status.device or run.status.state in ("queued", "preparing"):
        return ""
    return f"{'Trains' if run.status.is_active else 'Trained'} on {in_markdown(run.status.device)}."


@dataclass(frozen=True)
class Button:
    """A button of the panel and its action; the whole page is rerun, because the form and the address may change.

    is_for_all: it changes nothing of the run, so that everybody who looks at it may press it.
    """

    label: str
    key: str
    icon: str
    action: Callable[..., None]
    help: str
    type: Literal["primary", "secondary"] = "secondary"
    is_for_all: bool = False

    def show(self, run: Run) -> None:
        """Shows the button to whom it is for."""
        if not (self.is_for_all or services.may_change(run)):
            return
        if st.button(
            self.label, self.key, self.help, self.action, (run.id,), type=self.type, icon=f":material/{self.icon}:"
        ):
            st.rerun()


def expected_start(run_id: str) -> str:
    """A sentence, after a blank, that says when a waiting run starts, where that is known."""
    return starts_in(services.jobs.expected_wait_of_run(run_id))


def say_whose(run: Run) -> None:
    """Tells who looks at another visitor's run that it is."""
    if not services.may_change(run):
        st.caption("This run belongs to another visitor. You can look at it, export it and train a copy of it.")
