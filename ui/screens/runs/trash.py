"""The deleted runs, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.foreign import in_markdown
from aecore.runs.store import Run
from ui.screens.runs.found import page_of
from ui.screens.runs.link import TRASH_PAGE
from ui.widgets.deleted import said_deleted
from ui.widgets.run_actions import restore

PAGE_SIZE = 20
"""Runs on one page of the trash."""


def just_deleted(deleted: Sequence[Run]) -> None:
    """The runs deleted last, by name, with an undo. deleted: all that are in the trash."""
    names = {run.id: run.name for run in deleted}
    said_deleted("runs", names, lambda ids: [*map(restore, ids)])


def trash(deleted: Sequence[Run]) -> None:
    """The deleted runs, the last first, each with a button to restore it."""
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted):,})", key="trash", icon=":material/delete:"):
        buttons = st.container()
        _, shown = page_of(deleted, TRASH_PAGE, PAGE_SIZE)
        for run in shown:
            buttons.button(
                f"Restore {in_markdown(run.name)}",
                key=f"restore-{run.id}",
                icon=":material/restore_from_trash:",
                on_click=restore,
                args=(run.id,),
            )
