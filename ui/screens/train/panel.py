"""One run on screen: its state and actions, curves, reconstructions and
filters; live while it trains.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from aecore.foreign import in_markdown
from aecore.runs.store import Run, RunError
from ui.app.frame import as_letters, refuse
from ui.app.links import RUN, RUNS
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import go_to, link_to
from ui.screens.train.link import CURVE, CURVES, IS_LOG, SMOOTHING
from ui.screens.train.phases import layer_strip, mark_phases, phases_of
from ui.screens.train.snapshots import show_pictures_of
from ui.widgets.export_menu import export_menu
from ui.widgets.figures import Curves, loss_figure, pixel_error_figure
from ui.widgets.live import live
from ui.widgets.run_actions import go_back, pause, random_twin, restart, resume, stop, use_settings
from ui.widgets.run_metrics import is_squared_error, show_metrics
from ui.widgets.run_states import STATES, TICK_SECONDS, Button, expected_start, say_whose
from ui.widgets.run_tracking import say_logged
from ui.widgets.run_watch import watch_resting
from ui.widgets.words_address import words_address

CLEAN_LEVELS = {"pca_validation": "PCA", "mean_validation": "mean picture"}
NOISY_LEVELS = {"pca_damaged_validation": "denoised by PCA", "damaged_validation": "not denoised"}

NO_CURVES = "This run was imported without the record of its training, so there are no curves to show."

CURVES_HEIGHT = 280
"""Pixels: on a projector the curves and the pictures below them are in one view."""


def show_run(run_id: str) -> None:
    """Shows the run; the panel refreshes itself until the run ends."""
    if twins := st.session_state.pop("twins", None):
        go_to("race", (RUNS, twins))
    try:
        run = services.store.get(run_id)
    except RunError as error:
        refuse(str(error))
        return
    if run.is_recommender:
        refuse(f"“{run.name}” learned from ratings, not from pictures; it is on the page Recommender.")
        link_to("recommender", "Open it there", (RUN, run_id), icon=":material/open_in_new:")
        return
    if not run.is_autoencoder:
        refuse(f"“{run.name}” learned from texts, not from pictures; it is on the page Words.")
        link_to("words", "Open it there", *words_address(run), icon=":material/open_in_new:")
        return
    is_active = run.status.is_active
    every = TICK_SECONDS if is_active else None
    live(_panel, every, f"panel-{run_id}", lambda: (services.may_change(run), services.person().is_host))(
        run_id, is_active
    )
    if not is_active:
        watch_resting([run])


def _panel(run_id: str, was_active: bool) -> None:
    try:
        run = services.store.get(run_id)
    except RunError as error:
        refuse(str(error))
        return
    if run.status.is_active != was_active:
        st.rerun()
    records = services.progress_log(run_id).read(TICK_SECONDS / 2 if was_active else 0)
    _heading(run)
    _message(run)
    if not records:
        _waiting(run)
        return
    show_metrics(run, records)
    if strip := layer_strip(run, records):
        st.html(strip)
    _curves(run, records)
    show_pictures_of(run)


def _heading(run: Run) -> None:
    label, icon, colour = STATES.get(run.status.state, (run.status.state, "help", "gray"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(in_markdown(run.name), anchor=False, width="stretch")
        st.badge(label, icon=f":material/{icon}:", color=colour)
    with st.container(horizontal=True, key="run-actions"):
        for button in _buttons(run):
            button.show(run)
        if not run.problem:
            export_menu(run, is_polled=run.status.is_active)
    say_whose(run)
    say_logged(run)


def _buttons(run: Run) -> list[Button]:
    """The actions available in the run's state."""
    state, status = run.status.state, run.status
    choices = [
        (status.is_active, PAUSE),
        (state == "training", STOP),
        (status.is_resumable and state != "diverged", CONTINUE),
        (state == "diverged", GO_BACK),
        (True, USE_SETTINGS),
        (not status.is_active, SAME_START),
        (run.settings.get("start") == "greedy", RANDOM_TWIN),
    ]
    return [] if run.problem else [button for is_possible, button in choices if is_possible]


PAUSE = Button("Pause", "pause", "pause", pause, "Leaves a checkpoint; continue whenever you like.")
STOP = Button("Stop", "stop", "stop", stop, "Ends training here and measures the model on the test set.")
CONTINUE = Button("Continue", "continue", "play_arrow", resume, "Resumes from the last checkpoint.", "primary")
GO_BACK = Button(
    "Go back to the last good epoch", "go-back", "undo", go_back,
    "Continues from the last healthy checkpoint with a tenth of the learning rate.", "primary",
)  # fmt: skip
USE_SETTINGS = Button(
    "Use its settings",
    "use-settings",
    "tune",
    use_settings,
    "Puts them into the form, to change something and train again.",
    is_for_all=True,
)
SAME_START = Button(
    "Same start again", "restart", "replay", restart, "A new run with the same settings and the same random seed.",
    is_for_all=True,
)  # fmt: skip


RANDOM_TWIN = Button(
    "Overlay a random start", "random-twin", "call_split", random_twin,
    "Trains the same network once more, all layers at once from random weights, for as many epochs in all, "
    "and shows both on one chart.", is_for_all=True,
)  # fmt: skip


def _message(run: Run) -> None:
    if run.problem or run.status.state == "failed":
        st.error(as_letters(run.status.message or run.problem), icon=":material/error:")
    elif run.status.message:
        st.warning(as_letters(run.status.message), icon=":material/info:")


def _waiting(run: Run) -> None:
    place = services.jobs.place_of_run(run.id)
    if run.status.state == "queued" and place >= 0:
        first = (
            "Next in the queue: it starts as soon as a training process is free."
            if services.jobs.is_warm()
            else "The training processes are starting; this takes a few seconds once."
        )
        before = f"{place} run{'s start' if place > 1 else ' starts'} before this one."
        st.info((first if place == 0 else before) + expected_start(run.id), icon=":material/groups:")
    elif run.status.test:
        st.info(NO_CURVES, icon=":material/show_chart:")
        show_pictures_of(run)
    elif run.status.is_active:
        st.info("Loading the data and fitting PCA, the baseline.", icon=":material/hourglass_top:")
        st.skeleton(height=280)


def _curves(run: Run, records: list[dict[str, Any]]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="loss-head"):
        st.markdown("##### Loss", width="stretch")
        is_log = st.toggle(
            "Log scale", help="Shows small late progress as clearly as large early progress.", **IS_LOG.held("value")
        )
        smoothing = st.slider(
            "Smoothing", 0.0, 0.95, step=0.05, width=180, **SMOOTHING.held("value"),
            help="How strongly each point is averaged with the ones before it.",
        )  # fmt: skip
        has_phases = bool(phases_of(records))
        what = st.segmented_control(
            "Curve", CURVES, required=True, **CURVE.held(), label_visibility="collapsed",
            help="Each training phase has a loss of its own; the error per pixel, through the layers trained so far, "
            "is the same measure throughout.",
        ) if has_phases else CURVES[0]  # fmt: skip
    base, is_mse = run.status.baselines or {}, is_squared_error(run, records)
    labels = CLEAN_LEVELS if run.settings.get("corruption") == "none" else NOISY_LEVELS
    size = {"PCA": f"PCA, {base['pca_size']:.0f} components (validation)"} if "pca_size" in base else {}
    levels = {size.get(label, label): base[key] for key, label in labels.items() if key in base} if is_mse else {}
    curves = Curves(run.name, records, levels)

    def draw() -> go.Figure:
        of_what = loss_figure if what == CURVES[0] else pixel_error_figure
        figure = of_what(curves, smoothing=smoothing, is_log=is_log, height=CURVES_HEIGHT)
        mark_phases(figure, records)
        return figure

    plot(
        draw, "chart-loss", "Training and validation loss over epochs, with the errors to beat as dashed lines.",
        of=(run.name, len(records), records[-1].get("time"), smoothing, *levels.items()),
        revision=f"{run.id} {what} {is_log}",
    )  # fmt: skip
    if not is_mse:
        st.caption(
            "PCA's line belongs to the squared error, so it is not drawn here; the metric above compares the two."
        )
