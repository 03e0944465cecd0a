"""Runs in a list to choose from: the newest that fit, and those of the address or chosen before; older ones come from
the Runs page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized

import streamlit as st

from aecore.runs.store import Run
from ui.app.url_state import link_to, linked_ids

MOST = 200
"""Runs in a list: a browser gets all of them with every answer, and nobody reads more."""

USE_IT = "Use it on"
"""The button of the Runs page that opens a run on another page."""


def newest(runs: Sequence[Run], is_fit: Callable[[Run], bool]) -> list[Run]:
    """The first MOST of the runs that fit, in their order, and of the others those that the address names or that the
    visitor has chosen on some page.
    """
    wanted = linked_ids() | _chosen() if len(runs) > MOST else frozenset()
    found: list[Run] = []
    for run in runs:
        if (len(found) < MOST or run.id in wanted) and is_fit(run):
            found.append(run)
    return found


def _chosen() -> set[str]:
    """Texts that the session holds, alone or in lists."""
    values = st.session_state.to_dict().values()
    alone = {value for value in values if isinstance(value, str)}
    return alone | {
        each for value in values if isinstance(value, list | tuple) for each in value if isinstance(each, str)
    }


def say_older(listed: Sized, how: str = f"choose this page under *{USE_IT}*") -> None:
    """Says that the list has the newest runs only, if it is full, and how to get at an older one.

    listed: the runs in the list. how: what to do on the Runs page with a ticked run, as the end of a sentence.
    """
    if len(listed) >= MOST:
        st.caption(
            f"The list has the {MOST} newest runs that fit. For an older one, tick it on the Runs page and {how}."
        )
        link_to("runs", "Runs", icon=":material/stacked_line_chart:")
