"""Which runs are listed: a search by name and state, and one page of a long list at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from aecore.runs.store import Run
from ui.app.address import Integer
from ui.app.url_state import Param
from ui.screens.runs.link import (
    ANY,
    BY_NAME,
    FIND,
    NAME_LETTERS,
    NEWEST,
    ORDER,
    PAGE,
    SMALLEST_ERROR,
    STATE,
    state_title,
)
from ui.widgets.run_states import STATES


def _test_error(run: Run) -> float:
    return (run.status.test or {}).get("mse", float("inf"))


ORDERS: dict[str, Callable[[Run], Any]] = {
    NEWEST: lambda run: 0,
    SMALLEST_ERROR: _test_error,
    BY_NAME: lambda run: run.name.casefold(),
}
"""What a list can be sorted by; runs that are equal in it stay in their order, the newest first."""

WORTH_SEARCHING = 10
"""Runs from which there are fields to search them."""

T = TypeVar("T")


def find(runs: Sequence[Run]) -> list[Run]:
    """The runs that the fields above the table ask for, in the order that they ask for."""
    if len(runs) <= WORTH_SEARCHING and not (FIND.is_there or STATE.is_there or ORDER.is_there):
        return list(runs)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.text_input(
            "Find", max_chars=NAME_LETTERS, type="search", placeholder="Part of a name", width=320,
            on_change=_to_first_page,
            help="Lists the runs whose name has these letters in it, capitals or not.", **FIND.bound(),
        )  # fmt: skip
        state = st.selectbox(
            "State", (ANY, *STATES), format_func=state_title, width=200, on_change=_to_first_page,
            help="Lists the runs that are in this state.", **STATE.bound(),
        )  # fmt: skip
        order = st.selectbox(
            "Sort by", tuple(ORDERS), width=200, on_change=_to_first_page,
            help="The order of the whole list; a click on a column sorts the page that is shown.", **ORDER.bound(),
        )  # fmt: skip
    wanted = (part or "").strip().casefold()
    found = [run for run in runs if wanted in run.name.casefold() and state in (ANY, run.status.state)]
    return sorted(found, key=ORDERS[order])


def page_of(items: Sequence[T], param: Param, size: int) -> tuple[int, list[T]]:
    """One page of a list, which the address names: the place of its first item, and its items. With a row of page
    numbers where there are several pages.
    """
    pages = max(1, -(-len(items) // size))
    narrowed = param.among(Integer(1, pages), 1)
    if pages == 1 and param.name not in st.session_state:
        narrowed.read()  # what is refused is said
        return 0, list(items)
    if st.session_state.get(param.name, 1) > pages:  # runs have gone since
        st.session_state[param.name] = pages
    first = (st.pagination(pages, width="stretch", **narrowed.bound()) - 1) * size
    return first, list(items[first : first + size])


def _to_first_page() -> None:
    PAGE.forget()
