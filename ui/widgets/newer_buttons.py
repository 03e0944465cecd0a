"""The buttons of a run on newer films that train its parts one after the other, on Movies and on its own page."""

from __future__ import annotations

from ui.widgets.run_actions import pause, resume
from ui.widgets.run_states import Button

KEPT = "What was fetched and trained is kept."

PAUSE = Button("Pause", "pause-newer", "pause", pause, f"{KEPT} Resume whenever you like.")
RESUME = Button("Resume", "resume-newer", "play_arrow", resume, f"{KEPT} It does what is left.", "primary")
