"""A sweep on screen: how far it is, its charts, its table and its best runs, live until it has ended."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from aecore.experiment.sweep import from_text
from aecore.experiment.sweep_results import SweptRun, best_so_far, effects, ranked, swept_runs
from aecore.experiment.sweep_searches import Search, SweepError, Values, searchable
from aecore.foreign import in_markdown, in_table
from aecore.runs.run import RunError
from aecore.runs.sweeps import SweepRecord
from aecore.settings import Knob
from ui.app.frame import refuse
from ui.app.links import RUN, RUNS
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import link_to
from ui.screens.sweep.actions import delete, pause, resume, stop
from ui.screens.sweep.axes import axis_of, error_axis, said
from ui.screens.sweep.figures import best_figure, parallel_figure
from ui.screens.sweep.link import OVER, OVERS, SWEEP
from ui.screens.sweep.words import EFFECTS_CAPTION, TITLES, effect_words, point_words, standing, state_of
from ui.widgets.glossary import page_address, term
from ui.widgets.live import live
from ui.widgets.train_form import open_train_form

TICK_SECONDS = 1.5
BEST_FEW = 4
PICKED = "sweep_picked"
"""Session key: the sweep, and the number of the run that was clicked in its chart."""


def show_sweep(sweep: SweepRecord) -> None:
    """Shows the sweep; the panel refreshes itself while runs of it train or wait."""
    is_active = _is_active(sweep)
    live(_panel, TICK_SECONDS if is_active else None, key="sweep-panel")(sweep.id, is_active)


def _is_active(sweep: SweepRecord) -> bool:
    runs = {run.id: run for run in services.everyones.list()}
    return sweep.is_running or any(runs[each].status.is_active for each in sweep.status.begun if each in runs)


def _panel(sweep_id: str, was_active: bool) -> None:
    try:
        sweep = services.sweeps.get(sweep_id)
    except RunError as error:
        if SWEEP.read() != sweep_id:  # it has just been deleted here
            st.rerun()
        refuse(str(error))
        return
    if _is_active(sweep) != was_active:
        st.rerun()
    runs = swept_runs(sweep, {run.id: run for run in services.everyones.list()})
    _heading(sweep, runs)
    try:
        asked = from_text(sweep.text)
    except SweepError:  # a setting of an earlier version, or data that have been deleted
        searched: dict[str, Search] = {name: _tried(runs, name) for name in runs[0].point}
        variant = str(sweep.runs[0].settings["variant"])
    else:
        searched, variant = asked.searched, asked.variant
    knobs = searchable(variant)
    _best(sweep, runs, knobs)
    _parallel(sweep, runs, searched, knobs)
    _so_far(runs)
    _effects(runs, list(searched), knobs)
    _table(runs, knobs)


def _tried(runs: Sequence[SweptRun], name: str) -> Values:
    values = [tuple(each) if isinstance(each := run.point[name], list) else each for run in runs]
    return Values(tuple(dict.fromkeys(values)))


def _heading(sweep: SweepRecord, runs: Sequence[SweptRun]) -> None:
    state, is_mine, active = sweep.status.state, services.sweeps.may_change(sweep), _is_active(sweep)
    with st.container(horizontal=True, vertical_alignment="center", key="sweep-head"):
        st.subheader(TITLES[state], anchor=False, width="stretch")
        buttons = (
            (active and state == "running", "Pause", "pause", pause,
             "Begins no more runs; those in training leave a checkpoint."),
            (active, "Stop", "stop", stop, "Begins no more runs; those in training end here and are measured."),
            (state in ("paused", "stopped") and not _is_complete(runs), "Continue", "play_arrow", resume,
             "Goes on with the runs that rest, and with those that have not begun."),
            (not active, "Delete", "delete", delete, "Moves the sweep and its runs to the trash; this can be undone."),
        )  # fmt: skip
        for is_shown, label, icon, action, help in buttons:
            if (
                is_shown
                and is_mine
                and st.button(label, f"sweep-{label.lower()}", help, action, (sweep.id,), icon=f":material/{icon}:")
            ):
                st.rerun()
    st.markdown(f"{in_markdown(sweep.name)}. {standing(sweep, runs)}")
    share = sum(run.has_ended or run.state in ("diverged", "failed", "deleted") for run in runs) / len(runs)
    st.progress(share)
    if sweep.status.message:
        refuse(sweep.status.message, icon=":material/info:")
    if not is_mine:
        st.caption("This sweep belongs to another visitor. You can look at it and start one like it from the form.")
    if active and not any(run.error for run in runs) and not services.jobs.is_warm():
        st.info("The training processes are starting; this takes a few seconds once.", icon=":material/hourglass_top:")


def _is_complete(runs: Sequence[SweptRun]) -> bool:
    return all(run.has_ended or run.state in ("diverged", "failed", "deleted") for run in runs)


def _best(sweep: SweepRecord, runs: Sequence[SweptRun], knobs: dict[str, Knob]) -> None:
    """The best run by its validation error, its test error, and ways to go on."""
    if not (order := ranked(runs)):
        return
    best = order[0]
    test = services.store.get(best.id).status.test or {}
    so_far, is_over = "" if sweep.status.state == "done" else " so far", sweep.status.state in ("done", "stopped")
    measured = (
        f" Its error on the {term('test-set', 'test set')} is {test['mse']:.5f}: it was chosen by the validation "
        "error, so the test set had no say; the test errors of the others are not looked at here."
        if "mse" in test and is_over
        else ""
        if is_over
        else " Its error on the test set is looked at when the sweep has ended."
    )
    with st.container(border=True, key="sweep-best"):
        st.markdown(
            f"**Smallest validation error{so_far}: run {best.number}**, {in_markdown(point_words(knobs, best))}: "
            f"{best.error:.5f} per pixel.{measured}"
        )
        with st.container(horizontal=True, vertical_alignment="center", key="sweep-go-on"):
            link_to("train", f"Open run {best.number}", (RUN, best.id), icon=":material/open_in_new:")
            if len(order) > 1:
                few = order[:BEST_FEW]
                link_to(
                    "race", f"Compare the best {len(few)} on the Race page", (RUNS, tuple(run.id for run in few)),
                    icon=":material/sports_score:",
                )  # fmt: skip
            if st.button(
                "Train with its settings", key="sweep-use", icon=":material/model_training:",
                help="Opens the Train page with the settings of this run in its form.",
            ):  # fmt: skip
                settings = dict(next(run.settings for run in sweep.runs if run.id == best.id))
                open_train_form(settings.pop("data"), settings.pop("variant"), settings)


def _parallel(
    sweep: SweepRecord, runs: Sequence[SweptRun], searched: dict[str, Search], knobs: dict[str, Knob]
) -> None:
    drawn = [run for run in runs if run.error is not None]
    st.markdown("##### Every run, setting by setting")
    if not drawn:
        st.skeleton(height=200)
        return
    axes = [
        *(axis_of(knobs[name], search) for name, search in searched.items()),
        error_axis([r.error or 0 for r in drawn]),
    ]
    picked = st.session_state.get(PICKED, ("", 0))
    number = picked[1] if picked[0] == sweep.id else 0

    def pick(number: int) -> None:
        st.session_state[PICKED] = (sweep.id, number)

    plot(
        parallel_figure(axes, [_as_tuples(run) for run in drawn], number),
        "sweep-parallel",
        f"Parallel coordinates of {len(drawn)} runs: {', '.join(axis.title for axis in axes)}.",
        on_click=pick,
    )
    st.caption(
        "Each line is a run, from its settings on the left to its validation error on the right: blue lines end "
        "lowest, then green and orange, and vermilion ones highest. The best one is thick; dotted lines are of runs "
        "that were not trained to their end."
    )
    with st.container(horizontal=True, vertical_alignment="center", key="sweep-picked"):
        run = next((run for run in drawn if run.number == number), None)
        if run is None:
            st.markdown("Press a dot to see its run here.")
        else:
            st.markdown(
                f"**Run {run.number}**: {in_markdown(point_words(knobs, run))}. Validation error {run.error:.5f} after "
                f"{run.epochs:g} epochs and {run.seconds:.1f} s. {state_of(run)}."
            )
            link_to("train", f"Open run {run.number}", (RUN, run.id), icon=":material/open_in_new:")


def _as_tuples(run: SweptRun) -> SweptRun:
    from dataclasses import replace

    return replace(run, point={n: tuple(v) if isinstance(v, list) else v for n, v in run.point.items()})


def _so_far(runs: Sequence[SweptRun]) -> None:
    if not (found := best_so_far(runs)):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("##### Best so far", width="stretch")
        over = st.segmented_control(
            "Over", OVERS, required=True, label_visibility="collapsed", **OVER.held(),
            help="Against the runs that have ended, or against the seconds of training that all of them took together.",
        )  # fmt: skip
    last = found[-1]
    plot(
        best_figure(found, over), "sweep-best-so-far",
        f"The smallest validation error so far over {over}: {last.best:.5f} after {last.count} runs.", revision=over,
    )  # fmt: skip


def _effects(runs: Sequence[SweptRun], names: Sequence[str], knobs: dict[str, Knob]) -> None:
    if not any(run.has_ended for run in runs):
        return
    st.markdown("##### What each setting seems to do")
    st.markdown("\n".join(f"- {effect_words(each, knobs[each.name])}" for each in effects(names, runs)))
    st.caption(EFFECTS_CAPTION)


def _table(runs: Sequence[SweptRun], knobs: dict[str, Knob]) -> None:
    st.markdown("##### All runs")
    rows = [
        {
            "Run": run.number, "Link": page_address("train", run=run.id) if run.state not in ("", "deleted") else "",
            **{knobs[name].label: _cell(value) for name, value in run.point.items()},
            "Validation error": run.error, "Epochs": run.epochs, "Seconds": run.seconds, "State": state_of(run),
        }
        for run in runs
    ]  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="sweep-table", placeholder="–",
        column_config={
            "Validation error": st.column_config.NumberColumn(
                format="%.5f", help="Mean squared error per pixel on validation examples, the last that was measured."
            ),
            "Seconds": st.column_config.NumberColumn(format="%.1f", help="Spent training."),
            "Epochs": st.column_config.NumberColumn(format="%.0f", help="Trained so far."),
            **{
                knob.label: st.column_config.NumberColumn(format="%.4g", help=knob.help)
                for name, knob in knobs.items() if name in runs[0].point and knob.kind is float
            },
            "Run": st.column_config.NumberColumn(width=50),
            "Link": st.column_config.LinkColumn(display_text="Open", width=60, help="Opens the run on the Train page."),
        },
    )  # fmt: skip
    st.caption(
        "Press the head of a column to sort by it. Test errors are not shown here, so that nobody chooses by them."
    )


def _cell(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else in_table(said(value))
