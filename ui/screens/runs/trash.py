"""The deleted runs, and the way back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from aecore.foreign import in_markdown
from aecore.limits import trash_days
from aecore.runs.store import Run
from ui.app.allowance import is_own
from ui.app.services import services
from ui.screens.runs.found import page_of
from ui.screens.runs.link import TRASH_PAGE
from ui.widgets.deleted import said_deleted
from ui.widgets.run_actions import discard, restore

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
        st.caption(_policy(any(run.status.owner for run in deleted)))
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
        _empty([run for run in deleted if is_own(run)])


def _policy(has_visitors: bool) -> str:
    """How long deleted runs are kept, in a sentence or two. has_visitors: whether some are of other people."""
    days = trash_days(is_visitors=not services.person().is_host)
    if days < math.inf:
        return f"Deleted runs are removed for good after {days:g} days."
    theirs = trash_days(is_visitors=True)
    said = "Deleted runs stay until you remove them."
    if has_visitors and theirs < math.inf:
        said += f" Those that visitors made are removed for good after {theirs:g} days."
    return said


def _empty(mine: Sequence[Run]) -> None:
    """A button that removes what the visitor has deleted, behind another one."""
    if not mine:
        return
    with st.popover("Empty the trash", icon=":material/delete_forever:", help="Removes your deleted runs for good."):
        st.markdown(f"This removes your {_counted(len(mine))} in the trash for good. It cannot be undone.")
        st.button(
            f"Remove {_counted(len(mine))} for good", key="empty-trash", type="primary", on_click=discard,
            args=(tuple(run.id for run in mine),), icon=":material/delete_forever:",
        )  # fmt: skip


def _counted(count: int) -> str:
    return f"{count:,} run{'' if count == 1 else 's'}"
