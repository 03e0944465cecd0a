"""The form of a sweep: data and variant, how to search, what all runs have in common, and what is told before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from aecore.datasets import is_ready
from aecore.experiment.comparison import own_defaults
from aecore.experiment.halving import MOST_ETA, Halving
from aecore.experiment.settings import suggestions
from aecore.experiment.sweep import MOST, Sweep
from aecore.experiment.sweep_searches import Range, SweepError, Values, searchable
from aecore.settings import Knob, SettingsError
from aecore.variants import VARIANTS
from ui.app.allowance import too_large
from ui.app.frame import refuse
from ui.screens.sweep.actions import start
from ui.screens.sweep.link import RUNS, keep_space, usual_sweep
from ui.screens.sweep.search_form import search_form
from ui.screens.sweep.told import told_before
from ui.widgets.data_panel import data_download
from ui.widgets.forms import in_form_words
from ui.widgets.knob_box import knob_box
from ui.widgets.titles import data_names, data_title

WAYS = ("At random", "Grid")


def sweep_form(sweep: Sweep) -> None:
    """Shows the sweep of the address, and the button that starts it. Every change is written into the address."""
    _subject(sweep)
    _way(sweep)
    _start(sweep)
    search_form(sweep)
    _halving(sweep)
    _fixed(sweep)


def _subject(sweep: Sweep) -> None:
    known = data_names()
    st.session_state["sweep_data"], st.session_state["sweep_variant"] = sweep.data, sweep.variant
    st.selectbox(
        "Data", known if sweep.data in known else (sweep.data, *known), format_func=data_title, key="sweep_data",
        on_change=lambda: keep_space(moved(sweep, st.session_state["sweep_data"], sweep.variant)),
        help="What all networks learn to reconstruct.",
    )  # fmt: skip
    st.selectbox(
        "Kind of network", tuple(VARIANTS), format_func=lambda name: VARIANTS[name].title, key="sweep_variant",
        on_change=lambda: keep_space(moved(sweep, sweep.data, st.session_state["sweep_variant"])),
        help=VARIANTS[sweep.variant].idea,
    )  # fmt: skip


def moved(sweep: Sweep, data: str, variant: str) -> Sweep:
    """The same search on other data or with another variant, as far as it has these settings; else its usual one."""
    knobs = searchable(variant)
    found = replace(
        sweep, data=data, variant=variant,
        fixed={name: value for name, value in sweep.fixed.items() if name in knobs},
        searched={name: search for name, search in sweep.searched.items() if name in knobs},
    )  # fmt: skip
    try:
        found.settings()
    except SettingsError:
        usual = usual_sweep(data, variant)
        return replace(usual, seed=sweep.seed)
    return found


def _way(sweep: Sweep) -> None:
    st.session_state["sweep_way"] = WAYS[sweep.is_grid]
    st.segmented_control(
        "Search", WAYS, key="sweep_way", required=True,
        on_change=lambda: keep_space(turned(sweep, is_grid=st.session_state["sweep_way"] == WAYS[1])),
        help="A grid tries every combination of the values that you name. At random, each run draws a value of every "
        "searched setting: with several settings, that tries more different values of each than a grid of as many runs "
        "(Bergstra & Bengio 2012).",
    )  # fmt: skip
    if not sweep.is_grid:
        runs, seed = st.columns(2)
        with runs:
            _number("Runs", "sweep_runs", sweep.runs, 1, MOST, "How many runs draw their settings.", sweep, "runs")
        with seed:
            _number(
                "Drawn by seed", "sweep_seed", sweep.seed, 0, 2**31 - 1,
                "Decides which settings are drawn: the same seed draws the same ones. The networks begin from the "
                "random seed among the settings below.", sweep, "seed",
            )  # fmt: skip


def _number(label: str, key: str, value: int, low: int, high: int, help: str, sweep: Sweep, name: str) -> None:
    st.session_state[key] = value
    st.number_input(
        label, low, high, step=1, key=key, help=help,
        on_change=lambda: keep_space(replace(sweep, **{name: int(st.session_state[key])})),
    )  # fmt: skip


def turned(sweep: Sweep, *, is_grid: bool) -> Sweep:
    """The same search as a grid, or at random; a grid takes both ends and the middle of a range."""
    if not is_grid:
        return replace(sweep, runs=RUNS)
    searched = {
        name: Values(tuple(dict.fromkeys(three(search)))) if isinstance(search, Range) else search
        for name, search in sweep.searched.items()
    }
    return replace(sweep, runs=0, searched=searched)


def three(search: Range) -> list[Any]:
    """Both ends of a range and its middle, on its scale."""
    low, high = search.low, search.high
    middle = (low * high) ** 0.5 if search.is_log else (low + high) / 2
    return [low, round(middle) if search.is_whole else float(f"{middle:.2g}"), high]


def _halving(sweep: Sweep) -> None:
    st.session_state["sweep_halving"] = sweep.halving is not None

    def turn() -> None:
        usual = Halving.suggested(epochs_of(sweep))
        keep_space(replace(sweep, halving=usual if st.session_state["sweep_halving"] else None))

    st.toggle(
        "Stop hopeless runs early", key="sweep_halving", on_change=turn,
        help="Successive halving (ASHA, Li et al. 2020): after some epochs, a run goes on only if its validation error "
        "is among the best of those that have come as far. The test set has no say in it.",
    )  # fmt: skip
    if not sweep.halving:
        return
    keep, first = st.columns(2)

    def take(**changes: int) -> None:
        assert sweep.halving is not None
        keep_space(replace(sweep, halving=replace(sweep.halving, **changes)))

    with keep:
        st.session_state["sweep_keep"] = sweep.halving.keep_one_in
        st.number_input(
            "Keep one in", 2, MOST_ETA, step=1, key="sweep_keep",
            on_change=lambda: take(keep_one_in=int(st.session_state["sweep_keep"])),
            help="With 3, about one run in three goes on at each check, and the next check comes after three times the "
            "epochs.",
        )  # fmt: skip
    with first:
        st.session_state["sweep_first"] = sweep.halving.first
        st.number_input(
            "First check after", 1, 2000, step=1, key="sweep_first",
            on_change=lambda: take(first=int(st.session_state["sweep_first"])),
            help="Epochs until runs are compared for the first time. Too early, and networks that learn slowly at "
            "first are stopped although they would have won.",
        )  # fmt: skip
    if rungs := sweep.halving.rungs(epochs_of(sweep)):
        st.caption(f"Runs are compared after {', '.join(map(str, rungs))} of {epochs_of(sweep):,} epochs.")


def epochs_of(sweep: Sweep) -> int:
    """The epochs of each run, where they are not searched."""
    usual = suggestions(sweep.data, sweep.variant).get("epochs", searchable(sweep.variant)["epochs"].default)
    return int(sweep.fixed.get("epochs", usual))


def _fixed(sweep: Sweep) -> None:
    """The settings that all runs have in common, folded away."""
    usual = {**own_defaults(sweep.data, sweep.variant), "epochs": epochs_of(replace(sweep, fixed={}))}
    knobs = {
        name: knob for name, knob in searchable(sweep.variant).items()
        if name not in sweep.searched and (not knob.advanced or name in (*sweep.fixed, "seed"))
    }  # fmt: skip
    said = ", ".join(f"{knobs[name].label.lower()} {value}" for name, value in sweep.fixed.items() if name in knobs)
    fold = st.expander(f"The same for all runs: {said or 'the defaults'}", key="sweep-fixed", on_change="rerun")
    if not fold.open:
        return
    with fold:
        for name, knob in knobs.items():
            default = usual.get(name, suggestions(sweep.data, sweep.variant).get(name, knob.default))
            if name == "noise_level" and sweep.fixed.get("corruption", "none") == "none":
                continue
            knob_box(knob, f"sweep-{name}", sweep.fixed.get(name, default), _taker(sweep, name, default))


def _taker(sweep: Sweep, name: str, default: Any) -> Any:
    def take(value: Any) -> None:
        fixed = {**sweep.fixed, name: value}
        if value == default:
            del fixed[name]
        keep_space(replace(sweep, fixed=fixed))

    return take


def _start(sweep: Sweep) -> None:
    is_here, settings = is_ready(sweep.data), []
    problem = ""
    if not is_here:
        data_download(sweep.data)
    else:
        try:
            settings = sweep.settings()
            problem = next((why for each in settings if (why := too_large(each))), "")
        except SweepError as error:
            problem = in_form_words(str(error), _knobs(sweep))
    if problem:
        refuse(problem)
    st.button(
        f"Start {len(settings):,} run{'s' * (len(settings) != 1)}" if settings else "Start the sweep",
        key="start-sweep",
        type="primary", icon=":material/tune:", width="stretch", disabled=bool(problem) or not is_here,
        on_click=start, args=(sweep,),
        help="Writes the sweep down and trains its runs one after another. They appear among all runs, and the address "
        "(and *Link*) then leads to this sweep.",
    )  # fmt: skip
    if settings and not problem:
        st.caption(told_before(sweep, settings))


def _knobs(sweep: Sweep) -> list[Knob]:
    return list(searchable(sweep.variant).values())
