"""Parameters of the address of the Race page: the comparison of the form, and the runs on show."""

from __future__ import annotations

import streamlit as st

from aecore.experiment.comparison import Comparison, as_text, from_text
from aecore.experiment.comparison_presets import COMPARISON_PRESETS, FIRST
from aecore.experiment.replicates import SEEDS
from aecore.runs.store import Run, RunError
from ui.app.address import Custom, Flag
from ui.app.address_choices import OneOf
from ui.app.links import RUNS
from ui.app.services import services
from ui.app.url_state import Param

RACE = Param(
    "race", Custom(from_text, as_text), None,
    f"The race in this link cannot be used. {{why}} The form shows “{COMPARISON_PRESETS[FIRST].title}” instead.",
)  # fmt: skip
AXES = ("epoch", "seconds")
COSTS = ("parameters", "code size", "seconds")
ERRORS = ("error per pixel", "probe error")

THRICE = Param("thrice", Flag(), False)
"""Whether each entry is trained from three seeds."""

OVER = Param("race_over", OneOf(AXES), AXES[0])
IS_LOG = Param("race_log", Flag(), True)
COST = Param("cost", OneOf(COSTS), COSTS[0])
ERROR = Param("error", OneOf(ERRORS), ERRORS[0])

REMEMBERED = "_race_address"
MOST_RUNS = 12
"""Runs on show: more curves than this cannot be distinguished."""

MOST_THRICE = MOST_RUNS // SEEDS
"""Entries that can be trained from three seeds each."""


def recall() -> None:
    """Restores the last comparison when a visitor returns to the page;
    one in the address has priority.
    """
    if not (RACE.is_there or RUNS.is_there):
        for param, value in st.session_state.get(REMEMBERED, ()):
            param.write(value)
    _remember()


def race_of_address() -> Comparison:
    """The comparison of the form: that of the address, else the first preset."""
    asked: Comparison | None = RACE.read() or COMPARISON_PRESETS[FIRST].on("digits")
    assert asked is not None, "the first preset can be had with digits"
    return asked


def keep_race(race: Comparison) -> None:
    """Writes the comparison into the address, from which the next run of the page reads it."""
    RACE.write(race)
    _remember()


def runs_of_address() -> tuple[list[Run], list[str]]:
    """The runs on show, in their order, all of the first one's data, and a sentence for each that is left out."""
    ids = RUNS.read()
    runs: list[Run] = []
    problems = []
    for run_id in ids[:MOST_RUNS]:
        try:
            run = services.store.get(run_id)
            _check(run, runs)
            runs.append(run)
        except RunError as error:
            problems.append(str(error))
    if len(ids) > MOST_RUNS:
        problems.append(
            f"This link names {len(ids)} runs; the first {MOST_RUNS} are shown, "
            "because more curves than that are hard to tell apart."
        )
    return runs, problems


def _check(run: Run, others: list[Run]) -> None:
    """RunError if a run cannot be shown beside the others."""
    if run.problem:
        raise RunError(run.problem)
    if run.is_recommender:
        raise RunError(
            f"“{run.name}” is a recommender, which learned from ratings; "
            "a race is between networks of pictures, so it is left out."
        )
    if not run.is_autoencoder:
        raise RunError(f"“{run.name}” learned from texts; a race is between networks of pictures, so it is left out.")
    data = run.settings.get("data")
    if not isinstance(data, str):
        raise RunError(f"The settings of run {run.id} do not say what it learned from.")
    if others and data != others[0].settings["data"]:
        raise RunError(
            f"“{run.name}” learned from other data than “{others[0].name}”: "
            "their errors cannot be compared, so it is left out."
        )


def keep_runs(run_ids: list[str]) -> None:
    """Writes the runs on show into the address."""
    RUNS.put(tuple(run_ids), unless=())
    _remember()


def _remember() -> None:
    st.session_state[REMEMBERED] = [(param, value) for param in (RACE, RUNS) if (value := param.asked())]
