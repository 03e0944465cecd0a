"""Trainings of words as runs: their settings, and the run that goes with certain texts and settings.

Read without torch.
"""

from __future__ import annotations

from typing import Any

from aecore.runs.run import WORDS
from aecore.runs.store import Run, RunStore
from aecore.words.settings import WordSettings


def run_settings(key: str, settings: WordSettings) -> dict[str, Any]:
    """The content of settings.json of such a run; key: of the texts."""
    return {"kind": WORDS, "data": key, **settings.to_dict()}


def chosen_of(run: Run) -> tuple[str, WordSettings]:
    """The key of the texts and the settings. SettingsError if they cannot be used."""
    values = {name: value for name, value in run.settings.items() if name not in ("kind", "data")}
    return str(run.settings.get("data")), WordSettings.from_dict(values)


def create_run(store: RunStore, key: str, title: str, settings: WordSettings) -> Run:
    """A new run on these texts, waiting to be trained."""
    return store.create(run_settings(key, settings), f"Words: {title}, {settings.embedding_size} numbers")


def find_run(store: RunStore, key: str, settings: WordSettings) -> Run | None:
    """The newest run of the store on these texts with these settings."""
    wanted = run_settings(key, settings)
    return next((run for run in store.list() if run.settings == wanted and not run.problem), None)
