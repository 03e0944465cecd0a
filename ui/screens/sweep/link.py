"""Parameters of the address of the Sweep page: the search in the form, and the sweep on show."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from aecore.datasets import DataError
from aecore.experiment.settings import suggestions
from aecore.experiment.sweep import Sweep, as_text, from_text
from aecore.experiment.sweep_searches import Search, SweepError, Values, range_of, searchable
from aecore.runs.run import RunError
from aecore.runs.sweeps import SweepRecord
from ui.app.address import Custom, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS
from ui.app.services import services
from ui.app.url_state import Param

SPACE = Param(
    "space", Custom(from_text, as_text), None,
    "The sweep in this link cannot be used. {why} The form shows the usual one instead.",
)  # fmt: skip
SWEEP = Param("sweep", Text(ID_LETTERS), "")
OVERS = ("runs", "seconds")
OVER = Param("sweep_over", OneOf(OVERS), OVERS[0])

REMEMBERED = "_sweep_address"
RUNS, SIZES, AROUND = 20, (0.5, 1, 2), 10
"""The usual search: how many runs, of code sizes half, once and twice the usual one, and of learning rates up to ten
times smaller or larger than that.
"""


def recall() -> None:
    """Restores the last form and sweep when a visitor returns to the page; those of the address have priority."""
    if not (SPACE.is_there or SWEEP.is_there):
        for param, value in st.session_state.get(REMEMBERED, ()):
            param.write(value)
    _remember()


def usual_sweep(data: str = "digits", variant: str = "undercomplete") -> Sweep:
    """The sweep that the form shows first."""
    knobs = searchable(variant)
    usual = {name: suggestions(data, variant).get(name, knob.default) for name, knob in knobs.items()}
    searched: dict[str, Search] = {}
    if "latent_size" in knobs:
        size = usual["latent_size"]
        searched["latent_size"] = Values(tuple(dict.fromkeys(max(1, round(size * share)) for share in SIZES)))
    rate, knob = usual["learning_rate"], knobs["learning_rate"]
    ends = max(knob.low or 0.0, rate / AROUND), min(knob.high or rate, rate * AROUND)
    searched["learning_rate"] = range_of(knob, *(float(f"{end:.3g}") for end in ends))
    return Sweep(data, variant, {}, searched, RUNS)


def space_of_address(shown: SweepRecord | None) -> Sweep:
    """The search in the form: that of the address, else that of the sweep on show, else the usual one."""
    if asked := SPACE.read():
        return asked
    with suppress(SweepError):  # of an earlier version, or on data that have been deleted
        if shown:
            return from_text(shown.text)
    return usual_sweep()


def keep_space(sweep: Sweep) -> None:
    """Writes the search into the address, from which the next run of the page reads it."""
    SPACE.write(sweep)
    _remember()


def choose(sweep_id: str) -> None:
    """Shows this sweep, and its search in the form."""
    SPACE.clear()
    keep_sweep(sweep_id)


def keep_sweep(sweep_id: str) -> None:
    """Shows this sweep; "" shows none."""
    SWEEP.put(sweep_id, unless="")
    _remember()


def sweep_of_address() -> SweepRecord | None:
    """The sweep on show; None if there is none, which is said where the address names one."""
    if not (sweep_id := SWEEP.read()):
        return None
    try:
        return services.sweeps.get(sweep_id)
    except (RunError, DataError) as error:
        SWEEP.refuse(str(error).rstrip("."))
        return None


def _remember() -> None:
    st.session_state[REMEMBERED] = [(param, value) for param in (SPACE, SWEEP) if (value := param.asked())]
