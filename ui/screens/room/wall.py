"""The wall: the runs of everybody in the room on one axis, who is ahead, and what they compete for.

The panel around it refreshes it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st

from aecore.datasets import DataError
from aecore.experiment.results import Result, result_of
from aecore.foreign import in_markdown, in_table
from aecore.rooms.queries import HOST_NAME
from aecore.rooms.state import Goal, Room
from aecore.runs.store import Run, RunError
from aecore.variants import VARIANTS
from ui.app.links import DATA
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import link_to
from ui.screens.room.actions import set_goal
from ui.screens.room.link import BY_NAME, NEWEST, ORDER, PLACED
from ui.widgets.figures import Curves, comparison_figure
from ui.widgets.run_states import STATES
from ui.widgets.titles import data_names, data_title

MOST_CURVES = 12
MOST_RUNS = 200
"""Runs on the wall: the newest."""


@dataclass(frozen=True)
class Entry:
    """A run on the wall, under the name of who began it. competes: whether the goal admits it."""

    name: str
    run: Run
    result: Result
    competes: bool


def order_control() -> None:
    """What the table is sorted by."""
    st.segmented_control(
        "Table sorted by",
        (PLACED, NEWEST, BY_NAME),
        required=True,
        default=PLACED,
        help="The chart and the podium stay as they are.",
        **ORDER.bound(),
    )


def entries_of(code: str) -> list[Entry]:
    """The runs of the room, oldest first; those that were deleted are left out."""
    runs, goal = services.rooms.runs(code), services.rooms.get(code).goal
    names = {each.person: each.name for each in services.rooms.members(code)}
    names.setdefault(services.rooms.get(code).host, HOST_NAME)
    found = []
    for run_id, person in list(runs.items())[-MOST_RUNS:]:
        with suppress(RunError):
            run = services.everyones.get(run_id)
            if run.is_autoencoder:
                result = replace(result_of(run, services.progress_log(run_id).read()), name=names.get(person, ""))
                found.append(Entry(names.get(person, ""), run, result, admits(goal, run, result)))
    return found


def admits(goal: Goal, run: Run, result: Result) -> bool:
    """Whether a run takes part in what the room competes for."""
    return (
        goal.data in ("", run.settings.get("data"))
        and goal.variant in ("", run.settings.get("variant"))
        and (not goal.codes or (result.code_size or goal.codes + 1) <= goal.codes)
    )


def placed(entries: Sequence[Entry]) -> list[Entry]:
    """Those that compete and have ended, the smallest test error first, the best run of each person only."""
    best: dict[str, Entry] = {}
    for each in entries:
        error = each.result.mse
        if each.competes and each.result.is_measured and error is not None:
            before = best.get(each.name)
            if before is None or error < (before.result.mse or 0):
                best[each.name] = each
    return sorted(best.values(), key=lambda each: (each.result.mse or 0, each.name))


def goal_words(goal: Goal) -> str:
    """What the runs compete for, in a sentence."""
    where = f" on {_title(goal.data)}" if goal.data else ""
    who = VARIANTS[goal.variant].title if goal.variant in VARIANTS else "Any autoencoder"
    codes = f" with at most {goal.codes} number{'' if goal.codes == 1 else 's'} in the code" if goal.codes else ""
    hint = "" if goal.data else " Errors on different data cannot be compared."
    return f"Who gets the smallest test error per pixel{where}? {who}{codes} counts.{hint}"


def _title(data: str) -> str:
    try:
        return data_title(data)
    except DataError:
        return "data that have been deleted"


def show_goal(room: Room) -> None:
    """The form of what the runs compete for."""
    goal, code = room.goal, room.code
    with st.popover("What counts", icon=":material/flag:", key="room-goal"):
        names = ("", *data_names())
        st.selectbox(
            "Data", names, index=names.index(goal.data) if goal.data in names else 0, key="goal-data",
            format_func=lambda name: data_title(name) if name else "Any", on_change=set_goal, args=(code,),
            help="Errors on different pictures cannot be compared: better to choose one.",
        )  # fmt: skip
        variants = ("", *VARIANTS)
        st.selectbox(
            "Autoencoder", variants, index=variants.index(goal.variant) if goal.variant in variants else 0,
            key="goal-variant", format_func=lambda name: VARIANTS[name].title if name else "Any", on_change=set_goal,
            args=(code,), help="Which kind of network takes part.",
        )  # fmt: skip
        st.number_input(
            "Most numbers in the code", 0, 10_000, goal.codes, key="goal-codes", on_change=set_goal, args=(code,),
            help="0: as many as they like.",
        )  # fmt: skip


def show_entries(code: str) -> None:
    """The goal in words, podium, curves and table."""
    entries, goal = entries_of(code), services.rooms.get(code).goal
    st.markdown(in_markdown(goal_words(goal)))
    if not entries:
        link_to(
            "train",
            "Train the first network of this room",
            *([(DATA, goal.data)] if goal.data else []),
            icon=":material/model_training:",
        )
        return
    winners = placed(entries)
    if winners:
        st.html(_podium(winners[:3]))
    shown = [each for each in entries if each.competes][-MOST_CURVES:]
    curves = [Curves(f"{each.name} · {each.run.name}", services.progress_log(each.run.id).read()) for each in shown]
    if any(record.get("validation_mse") is not None for each in curves for record in each.records):
        names = ", ".join(each.name for each in curves)
        plot(
            comparison_figure(curves),
            "room-curves",
            f"Validation error per pixel of {names}.",
            revision=f"{code} {len(shown)}",
        )
        st.caption(
            "Validation error per pixel while they train"
            + (
                f"; the chart has the {MOST_CURVES} newest runs."
                if sum(each.competes for each in entries) > MOST_CURVES
                else "."
            )
        )
    _table(entries)


def _podium(winners: Sequence[Entry]) -> str:
    """Second, first and third, as on a podium."""
    steps = dict(zip(("first", "second", "third"), winners, strict=False))
    cells = [
        f'<div class="step {place}"><small>{number}.</small><b>{html.escape(each.name)}</b>'
        f"<small>{each.result.mse:.5f} · {html.escape(each.run.name)}</small></div>"
        if (each := steps.get(place)) else "<div></div>"
        for number, place in ((2, "second"), (1, "first"), (3, "third"))
    ]  # fmt: skip
    return f'<div class="podium">{"".join(cells)}</div>'


def _table(entries: Sequence[Entry]) -> None:
    order = ORDER.read()
    if order == BY_NAME:
        rows = sorted(entries, key=lambda each: each.name.casefold())
    elif order == NEWEST:
        rows = list(reversed(entries))
    else:
        unknown = float("inf")
        rows = sorted(
            entries, key=lambda each: (not each.competes, unknown if each.result.mse is None else each.result.mse)
        )
    st.dataframe(
        {
            "Who": [in_table(each.name) for each in rows],
            "Run": [in_table(each.run.name) for each in rows],
            "State": [STATES.get(each.result.state, (each.result.state,))[0] for each in rows],
            "Done": [100 * each.result.share for each in rows],
            "Error per pixel": [each.result.mse for each in rows],
            "measured on": ["test" if each.result.is_measured else "validation" for each in rows],
            "Code size": [each.result.code_size for each in rows],
            "Seconds": [each.result.seconds for each in rows],
            "competes": [each.competes for each in rows],
        },
        hide_index=True,
        key="room-table",
        placeholder="–",
        column_config={
            "Done": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100),
            "Error per pixel": st.column_config.NumberColumn(format="%.5f"),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )
