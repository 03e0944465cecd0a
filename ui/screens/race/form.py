"""The form of a comparison: presets, shared settings, and the entries."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from aecore.datasets import is_ready
from aecore.experiment.comparison import MOST, Comparison, ComparisonEntry, ComparisonError, shared_knobs
from aecore.experiment.comparison_presets import COMPARISON_PRESETS
from aecore.variants import VARIANTS
from ui.app.allowance import too_large
from ui.app.frame import refuse
from ui.screens.race.actions import start
from ui.screens.race.entry_form import entry_form
from ui.screens.race.link import MOST_THRICE, THRICE, keep_race
from ui.screens.race.names import entry_names
from ui.widgets.data_panel import data_download
from ui.widgets.knob_box import knob_box
from ui.widgets.run_states import where_trained
from ui.widgets.titles import data_names, data_title


def comparison_presets(race: Comparison) -> None:
    """The comparison presets; a choice fills the entries."""
    known = {name: found for name, line_up in COMPARISON_PRESETS.items() if (found := line_up.on(race.data))}
    st.session_state["line_up"] = next((name for name, found in known.items() if found.entries == race.entries), None)
    st.pills(
        "Comparison preset", tuple(known), format_func=lambda name: COMPARISON_PRESETS[name].title, key="line_up",
        on_change=lambda: _take_preset(race, known),
        help="A comparison that asks a question; change whatever you like afterwards. Before a race, "
        "each kind of network in it is explained beside the form.\n\n"
        + "\n".join(_told(name, found) for name, found in known.items()),
    )  # fmt: skip
    chosen = st.session_state["line_up"]
    st.caption(COMPARISON_PRESETS[chosen].about if chosen else "A comparison of your own.")


def _told(name: str, race: Comparison) -> str:
    """What a preset compares, for a list."""
    kinds = ", ".join(dict.fromkeys(VARIANTS[entry.variant].title for entry in race.entries))
    return f"- **{COMPARISON_PRESETS[name].title}**: {COMPARISON_PRESETS[name].about} ({kinds})"


def race_form(race: Comparison) -> None:
    """Shows the comparison of the address, and the button that starts it."""
    _shared(race)
    _start(race)
    for index in range(len(race.entries)):
        entry_form(race, index)
    st.button(
        "Add an entry", key="add-entry", icon=":material/add:", disabled=len(race.entries) >= MOST,
        on_click=lambda: keep_race(race.with_entry(len(race.entries), ComparisonEntry("undercomplete"))),
        help=f"A race has up to {MOST} entries.",
    )  # fmt: skip


def _take_preset(race: Comparison, known: dict[str, Comparison]) -> None:
    """Takes the entries of a preset; the shared settings stay."""
    if name := st.session_state["line_up"]:
        keep_race(replace(race, entries=known[name].entries))


def _shared(race: Comparison) -> None:
    """The shared settings."""
    st.session_state["race_data"] = race.data
    known = data_names()
    st.selectbox(
        "Data", known if race.data in known else (race.data, *known), format_func=data_title, key="race_data",
        on_change=lambda: keep_race(race.moved_to(st.session_state["race_data"])),
        help="What all networks learn to reconstruct.",
    )  # fmt: skip
    for column, (name, knob) in zip(
        st.columns([1, 1.15, 1.5], gap="small", vertical_alignment="bottom"), shared_knobs().items(), strict=True
    ):
        with column:
            knob_box(
                knob,
                f"race_{name}",
                getattr(race, name),
                lambda value, name=name: keep_race(replace(race, **{name: value})),
            )


def _start(race: Comparison) -> None:
    is_here, problem = is_ready(race.data), ""
    if not is_here:
        data_download(race.data)
    else:
        try:
            entries = enumerate(race.settings(), 1)
            problem = next((f"Entry {number}: {why}" for number, each in entries if (why := too_large(each))), "")
        except ComparisonError as error:
            problem = str(error)
        if problem:
            refuse(problem)
    is_possible = len(race.entries) <= MOST_THRICE
    st.toggle(
        "Three seeds each", disabled=not is_possible, **THRICE.bound(),
        help="Trains each entry from three random seeds, one after the other. The curves show the mean and a band from "
        f"the smallest error to the largest: the difference that chance alone makes. For up to {MOST_THRICE} entries.",
    )  # fmt: skip
    st.button(
        "Start the race", key="start-race", type="primary", icon=":material/sports_score:", width="stretch",
        disabled=bool(problem) or not is_here, on_click=start, args=(race, entry_names(race)),
        help="Starts a new run for each entry; they appear among all runs, and the address (and *Link*) now leads to "
        "this race.",
    )  # fmt: skip
    st.caption(where_trained())
