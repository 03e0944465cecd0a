"""Titles of the states of a run, and the buttons that change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

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


@dataclass(frozen=True)
class Button:
    """A button of the panel and its action; the whole page is rerun, because the form and the address may change."""

    label: str
    key: str
    icon: str
    action: Callable[..., None]
    help: str
    type: Literal["primary", "secondary"] = "secondary"

    def show(self, run_id: str) -> None:
        """Shows the button."""
        if st.button(
            self.label, self.key, self.help, self.action, (run_id,), type=self.type, icon=f":material/{self.icon}:"
        ):
            st.rerun()
