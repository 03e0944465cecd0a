"""Chooses the runs on show: earlier runs of the same data can be added, and any can be removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from aecore.datasets import DataError, card
from aecore.experiment.comparison import Comparison, ComparisonError
from aecore.foreign import in_markdown
from aecore.pretrained.builtin import BUILTIN, facts
from aecore.runs.store import Run
from aecore.variants import VARIANTS
from ui.app.services import services
from ui.screens.race.link import MOST_RUNS, keep_runs
from ui.screens.race.names import entry_names
from ui.widgets.marks import Mark
from ui.widgets.newest import newest, say_older
from ui.widgets.option_titles import chosen_ids, remember_titles
from ui.widgets.run_states import STATES


def run_picker(shown: Sequence[Run], data: str) -> None:
    """Adds and removes runs of the data on show, or of `data` if there are none; the address holds them."""
    data = shown[0].settings["data"] if shown else data

    def is_fit(run: Run) -> bool:
        return not run.problem and run.settings.get("data") == data

    known = newest(services.store.list(), is_fit)
    options = {run.id: run for run in [*shown, *known] if is_fit(run)}
    if not options:
        return
    labels = _labels(list(options.values()))
    st.session_state["race_runs"] = [run.id for run in shown]
    remember_titles("race_runs", labels)
    st.multiselect(
        "Runs on show", tuple(options), format_func=labels.__getitem__, key="race_runs", max_selections=MOST_RUNS,
        on_change=_keep, wrap=True, placeholder="Add an earlier run",
        help=f"You can add any run on the same data, from this page or another; up to {MOST_RUNS}.",
    )  # fmt: skip
    say_older(known, "tick others on the same data with it, and press *Compare on the Race page*")


def start_here(race: Comparison) -> None:
    """Instructions where no runs are on show, and what the entries are."""
    st.subheader("Ready to race", anchor=False)
    st.markdown(
        "Choose a comparison preset, or put your own together, and press **Start the race**. While the networks "
        "train, you see the error of all of them on validation examples, from which none learns, as curves over the "
        "epochs, each network's reconstructions of the same sixteen test examples, and a table of results."
    )
    for number, name in enumerate(entry_names(race), 1):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(Mark(number).badge(), width="content")
            st.markdown(f"**{in_markdown(name)}**{_size(race, number)}  \n{_idea(race, number)}")
    known = [facts(name) for name, recipe in BUILTIN.items() if recipe["data"] == race.data]
    known = [each for each in known if each["settings"].get("start") != "greedy"]  # which has epochs for each layer
    if times := [race.epochs * each["seconds"] / each["settings"]["epochs"] for each in known]:
        st.caption(
            f"How long it takes: the app comes with {len(times)} networks that learned from these data; at their pace, "
            f"{race.epochs:,} epochs take {_seconds(min(times))} to {_seconds(max(times))} s of processor time for "
            "each network. Yours may be larger or smaller. Those that train at the same time share the machine, "
            "so that the seconds in the table can be more. You can stop a race at any time; what has been trained is "
            "then measured, and stays among the runs."
        )


def _seconds(count: float) -> str:
    return f"{count:,.0f}" if count >= 10 else f"{count:.1f}"


def _idea(race: Comparison, number: int) -> str:
    """What an entry is; of several of one kind, only the first is told, the others have its settings in their name."""
    kinds = [entry.variant for entry in race.entries]
    first = kinds.index(kinds[number - 1]) + 1
    if first == number:
        return VARIANTS[kinds[number - 1]].idea
    return f"The same kind as entry {first}, with other settings: those in its name."


def _size(race: Comparison, number: int) -> str:
    """The size of an entry's code, in brackets; nothing for settings that cannot be trained."""
    try:
        size = race.settings()[number - 1].model.code_size(tuple(card(race.data).shape))
    except (ComparisonError, DataError):
        return ""
    return f" ({size:,} number{'s' * (size != 1)} in the code)"


def _keep() -> None:
    keep_runs(chosen_ids("race_runs"))


def _labels(runs: Sequence[Run]) -> dict[str, str]:
    """A label for each run, no two alike: name, test error or state, and if necessary its id."""
    told = {run.id: f"{run.name} · {_standing(run)}" for run in runs}
    times = Counter(told.values())
    return {run_id: text if times[text] == 1 else f"{text} · {run_id}" for run_id, text in told.items()}


def _standing(run: Run) -> str:
    if run.status.test and "mse" in run.status.test:
        return f"error {run.status.test['mse']:.5f}"
    return "not ended yet" if run.status.is_active else STATES.get(run.status.state, (run.status.state,))[0].lower()
