"""The table of runs: a page of the list at a time, to tick some of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import streamlit as st

from aecore.runs.store import Run
from ui.screens.runs.found import find, page_of
from ui.screens.runs.link import PAGE
from ui.screens.runs.rows import COLUMNS, table_of
from ui.screens.runs.ticks import table_key, take, tick, ticked

PAGE_SIZE = 50
"""Runs on one page of the list."""


def run_table(runs: Sequence[Run]) -> list[Run]:
    """Shows the runs and returns those that are ticked, on whichever page of the list they are."""
    found, chosen = find(runs), ticked({run.id for run in runs})
    table = st.container()  # above the page numbers, which say what is in it
    first, shown = page_of(found, PAGE, PAGE_SIZE)
    if shown and len(shown) < len(runs):
        with st.container(horizontal=True, vertical_alignment="center"):
            _say_place(first, len(shown), len(found))
            _tick_all(found, chosen)
    with table:
        if shown:
            _show(shown, {run.kind for run in runs}, chosen)
        else:
            st.info("No run is called so, or none of these is in that state.", icon=":material/search_off:")
    if elsewhere := len(chosen - {run.id for run in shown}):
        _say_elsewhere(len(chosen), elsewhere)
    return [run for run in runs if run.id in chosen]


def _show(shown: Sequence[Run], kinds: Collection[str], chosen: Collection[str]) -> None:
    ids = [run.id for run in shown]
    key = table_key(ids)
    st.dataframe(
        table_of(shown, kinds),
        hide_index=True,
        column_config=COLUMNS,
        key=key,
        placeholder="–",
        on_select=partial(take, key, ids),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [row for row, id in enumerate(ids) if id in chosen]}},
    )


def _say_place(first: int, count: int, found: int) -> None:
    place = f"{first + 1:,} to {first + count:,} of {found:,}" if count < found else f"{found:,} found"
    st.caption(f"Runs: {place}.", width="content")


def _tick_all(found: Sequence[Run], chosen: Collection[str]) -> None:
    ids = [run.id for run in found]
    if ids and not set(ids) <= set(chosen):
        st.button(
            f"Tick all {len(ids):,}", key="tick-all", type="tertiary", icon=":material/select_all:",
            on_click=tick, args=({*ids, *chosen},), help="Ticks everything that was found, on all pages of the list.",
        )  # fmt: skip


def _say_elsewhere(count: int, elsewhere: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Ticked: {count:,}, of which {elsewhere:,} not on this page of the list.", width="content")
        st.button(
            "Untick all", key="untick-all", type="tertiary", icon=":material/deselect:", on_click=tick, args=((),),
            help="Takes all ticks away, also those on other pages of the list.",
        )  # fmt: skip
