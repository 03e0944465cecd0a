"""The runs of a comparison on screen: table, curves, pictures and Pareto plot, live until all of them have ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from aecore.datasets import DataError, card
from aecore.experiment.comparison import SHARED
from aecore.experiment.replicates import SpreadPoint, by_entry, mean_records, mean_result, spread
from aecore.experiment.results import Result, result_of
from aecore.foreign import in_markdown
from aecore.runs.store import Run, RunError
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import plot
from ui.screens.race.actions import can_go_on, continue_all, pause_all, stop_all
from ui.screens.race.figures import Candidate, front_of, pareto_figure, race_figure, spread_text
from ui.screens.race.link import AXES, COST, ERROR, IS_LOG, OVER
from ui.screens.race.pictures import newest_snapshot, pictures_html
from ui.screens.race.table import conclusion, reasons, table_html
from ui.widgets.figures import Curves
from ui.widgets.live import live
from ui.widgets.run_states import expected_start
from ui.widgets.run_watch import watch_resting

TICK_SECONDS = 0.8
STYLE = Path(__file__).with_name("race.css")
COSTS: dict[str, Callable[[Result], float | None]] = {
    "parameters": lambda result: result.parameters, "code size": lambda result: result.code_size,
    "seconds": lambda result: result.seconds
}  # fmt: skip
ERRORS: dict[str, Callable[[Result], float | None]] = {
    "error per pixel": lambda result: result.mse,
    "probe error": lambda result: result.probe_error,
}


def show_board(runs: Sequence[Run]) -> None:
    """Shows the runs; the board refreshes itself until all of them have ended."""
    st.html(STYLE)
    ids = [run.id for run in runs]
    is_active = any(run.status.is_active for run in runs)
    live(_board, TICK_SECONDS if is_active else None, key="race-board")(ids, is_active)
    if not is_active:
        watch_resting(runs)


def _board(run_ids: Sequence[str], was_active: bool) -> None:
    try:
        runs = [services.store.get(run_id) for run_id in run_ids]
    except RunError as error:
        refuse(str(error))
        return
    if any(run.status.is_active for run in runs) != was_active:
        st.rerun()
    records = [services.progress_log(run.id).read() for run in runs]
    results = [result_of(run, known) for run, known in zip(runs, records, strict=True)]
    _heading(runs, results)
    curves, bands = [Curves(run.name, known) for run, known in zip(runs, records, strict=True)], []
    groups = by_entry(runs)
    if len(groups) < len(runs):
        names = [runs[group[0]].name.rsplit(" · seed ", 1)[0] for group in groups]
        reached = [[results[index] for index in group] for group in groups]
        spreads = [spread_text(name, [each.mse for each in found]) for name, found in zip(names, reached, strict=True)]
        results = [mean_result(found, name) for name, found in zip(names, reached, strict=True)]
        logs = [[records[index] for index in group] for group in groups]
        curves = [Curves(name, mean_records(log)) for name, log in zip(names, logs, strict=True)]
        bands, runs = [spread(log) for log in logs], [runs[group[0]] for group in groups]
        _table(runs, results)
        told = conclusion(results, [[each.mse for each in found] for found in reached])
        st.caption(
            f"Means over {len(groups[0])} random seeds, the same for all. Error per pixel from the smallest to the "
            f"largest: {in_markdown('; '.join(spreads))}. The pictures are those of the first seed."
        )
    else:
        _table(runs, results)
        told = conclusion(results)
    _curves(curves, bands)
    st.markdown(told)
    _pictures(runs)
    _pareto(results)


def _heading(runs: Sequence[Run], results: Sequence[Result]) -> None:
    """How many have ended, and actions on all of them."""
    ended = sum(result.is_measured for result in results)
    mine = [run for run in runs if services.may_change(run)]
    active = [run.id for run in mine if run.status.is_active]
    is_training = any(run.status.state == "training" for run in mine)
    idle, every = any(map(can_go_on, mine)), [run.id for run in mine]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(
            "The results" if ended == len(runs) else f"{ended} of {len(runs)} have ended", anchor=False, width="stretch"
        )
        buttons = (
            (
                bool(active),
                "Pause all",
                "pause",
                pause_all,
                "Runs in training leave a checkpoint; waiting runs leave the queue.",
            ),
            (
                bool(active) and is_training,
                "Stop all",
                "stop",
                stop_all,
                "Ends every training and tests the networks as they are; waiting runs leave the queue.",
            ),
            (
                idle,
                "Continue all",
                "play_arrow",
                continue_all,
                "All that can go on do so, from their last checkpoints.",
            ),
        )
        for is_shown, label, icon, action, help in buttons:
            if is_shown and st.button(
                label, label.lower().replace(" ", "-"), help, action, (every,), icon=f":material/{icon}:"
            ):
                st.rerun()
    _say_place(mine)
    if active and not any(result.share for result in results) and not services.jobs.is_warm():
        st.info("The training processes are starting; this takes a few seconds once.", icon=":material/hourglass_top:")


def _say_place(runs: Sequence[Run]) -> None:
    """How many runs start before the first of these, while none of them trains."""
    places = {run.id: services.jobs.place_of_run(run.id) for run in runs if run.status.state == "queued"}
    first = min((run_id for run_id in places if places[run_id] >= 0), key=places.__getitem__, default="")
    if first and places[first] and not any(run.status.state in ("preparing", "training") for run in runs):
        others = f"{places[first]} run{'s start' if places[first] > 1 else ' starts'} before the first of these."
        st.info(others + expected_start(first), icon=":material/groups:")


def _table(runs: Sequence[Run], results: Sequence[Result]) -> None:
    st.html(table_html(results))
    for run in runs:
        if run.status.message and not run.status.is_active:
            refuse(f"{run.name}: {run.status.message}", icon=":material/info:")
    if remarks := [*reasons(results, _has_classes(runs[0].settings["data"])), *differences(runs)]:
        st.caption("  \n".join(map(in_markdown, remarks)))


def _has_classes(data: str) -> bool:
    try:
        return card(data).has_classes
    except DataError:  # an upload that has been deleted
        return True


def differences(runs: Sequence[Run]) -> list[str]:
    """A sentence for each setting that a comparison should share and these runs do not."""
    told = {name: _told([str(run.settings.get(name)) for run in runs]) for name in SHARED}
    sentences = [
        f"These runs do not share the same {'random seed' if name == 'seed' else name.replace('_', ' ')}: {words}. "
        "So their networks are not the only difference."
        for name, words in told.items()
        if words
    ]
    if words := _told([str(run.settings.get("leave_out") or "none") for run in runs]):
        sentences.append(
            f"These runs do not leave out the same class: {words}. Their errors are of different pictures "
            "and cannot be compared."
        )
    return sentences


def _told(values: Sequence[str]) -> str:
    """The value of each run in words, or "" if all are equal."""
    numbers: dict[str, list[str]] = {}
    for number, value in enumerate(values, 1):
        numbers.setdefault(value, []).append(str(number))
    return "; ".join(f"{value} ({', '.join(each)})" for value, each in numbers.items()) if len(numbers) > 1 else ""


def _curves(curves: Sequence[Curves], bands: Sequence[Sequence[SpreadPoint]]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="race-head"):
        st.markdown("##### Validation error", width="stretch")
        is_log = st.toggle(
            "Log scale", help="Shows small late progress as clearly as large ones.", **IS_LOG.held("value")
        )
        over = st.segmented_control(
            "Over", AXES, required=True, **OVER.held(),
            label_visibility="collapsed", help="Epochs count looks at the data; seconds count what these cost.",
        )  # fmt: skip
    if any(record["validation_mse"] is not None for each in curves for record in each.records):
        names = ", ".join(each.name for each in curves)
        plot(
            race_figure(curves, over=over, is_log=is_log, bands=bands),
            "race-curves",
            f"Validation error per pixel over {over} of {names}.",
            revision=f"{names} {over} {is_log}",
        )
    else:
        st.skeleton(height=360)


def _pictures(runs: Sequence[Run]) -> None:
    snapshots = [newest_snapshot(run) for run in runs]
    strips = pictures_html([run.name for run in runs], snapshots)
    if strips:
        st.markdown("##### The same sixteen test examples")
        st.caption(
            "On top as they are; below, numbered as in the table, the reconstructions of each network at this moment. "
            "None has learned from them."
        )
        st.html(strips)


def _pareto(results: Sequence[Result]) -> None:
    measured = [(number, result) for number, result in enumerate(results, 1) if result.is_measured]
    if not measured:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("##### What it takes, and what it gives", width="stretch")
        common = {"required": True, "label_visibility": "collapsed"}
        cost = st.segmented_control(
            "Cost",
            tuple(COSTS),
            help="What is paid: to the right it is more.",
            **COST.held(),
            **common,
        )
        error = st.segmented_control(
            "Error",
            tuple(ERRORS),
            help="What is reached: further down is better.",
            **ERROR.held(),
            **common,
        )
    candidates = [
        Candidate(number, result.name, x, y)
        for number, result in measured
        if (x := COSTS[cost](result)) and (y := ERRORS[error](result)) is not None
    ]
    if not candidates:
        st.caption(f"None of these runs has a {error}, so there is nothing to draw.")
        return
    front = front_of(candidates)
    names = "; ".join(f"{each.number} {each.name}" for each in front)
    figure = pareto_figure(candidates, cost_title=cost, error_title=f"test {error}", is_share=error == "probe error")
    plot(figure, "race-pareto", f"Test {error} against {cost}. On the Pareto front: {names}.")
    st.caption(
        f"On the **Pareto front** (full symbols): {in_markdown(names)}. For every other network there is one "
        "of these that is at least as good in both respects, and better in one."
    )
