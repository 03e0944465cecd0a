"""The noise sweep on screen: its progress, and image similarity against the level of the corruption."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS
from aecore.analyses.noise_sweep import BAND, LEVELS, PICTURES, TUNED_ON, Curve, read_curve
from aecore.corruption import CORRUPTIONS
from aecore.datasets import card
from aecore.jobs.queue import Request
from aecore.pretrained.trained_models import TrainedModel
from ui.app.services import services
from ui.app.theme import plot
from ui.screens.noise.figures import NAMES, sweep_figure
from ui.screens.noise.link import MEASURE
from ui.widgets.analysis_progress import show_progress
from ui.widgets.live import live
from ui.widgets.marks import Mark
from ui.widgets.networks import trained_at
from ui.widgets.wording import percent

TICK_SECONDS = 0.5


def show_sweep(trained_models: Mapping[str, TrainedModel], data: str, corruption: str) -> None:
    """Shows the known curves and starts the rest on request; refreshes itself until they are done."""
    request = ("sweep", tuple(each.id for each in trained_models.values()), data, corruption)
    is_active = services.jobs.is_active(request)
    live(_panel, TICK_SECONDS if is_active else None, key=f"sweep-{data}-{corruption}")(
        trained_models, request, is_active
    )


def _panel(trained_models: Mapping[str, TrainedModel], request: Request, was_active: bool) -> None:
    _, _, data, corruption = request
    job = services.jobs.find(request)
    if (job is not None and job.is_active) != was_active:
        st.rerun()
    methods: dict[str, TrainedModel | str] = {
        **trained_models,
        **{each.title: name for name, each in CLASSICAL_DENOISERS.items()},
    }
    curves = {
        title: curve
        for title, method in methods.items()
        if (curve := read_curve(services.store, method, data, corruption))
    }
    if len(curves) < len(methods):
        show_progress(
            request, job, begin="Sweep",
            price=f"{CORRUPTIONS[corruption].title} at {len(LEVELS)} strengths, "
            f"for {len(methods) - len(curves)} methods: this takes a minute or less.",
        )  # fmt: skip
    if curves:
        _chart(curves, trained_models, methods, data, corruption)


def _chart(
    curves: dict[str, Curve],
    trained_models: Mapping[str, TrainedModel],
    methods: Mapping[str, object],
    data: str,
    corruption: str,
) -> None:
    measure = st.segmented_control(
        "Measure",
        list(NAMES),
        required=True,
        format_func=NAMES.__getitem__,
        label_visibility="collapsed",
        **MEASURE.held(),
    )
    marks = {title: Mark(number) for number, title in enumerate(methods, 1)}
    learned = {title: trained_at(found) for title, found in trained_models.items() if title in curves}
    trained = {title: level for title, (name, level) in learned.items() if name == corruption}
    plot(
        sweep_figure(curves, measure, trained, marks),
        "chart-sweep",
        f"{NAMES[measure]} over the noise level, for each network and classical denoiser.",
    )
    st.caption(
        f"The first {PICTURES} test pictures of {card(data).title}, corrupted alike for all. Lines are means, bands "
        f"hold the middle half of the pictures (from {percent(BAND[0], 0)} to {percent(BAND[1], 0)}). The strength of "
        f"each denoiser is chosen at each level on {TUNED_ON} validation pictures, so that the networks have fair "
        "baselines: a median filter, total variation, wavelets, and PCA fitted to clean training pictures. Dotted "
        "lines: the noise level at which a network was trained."
    )
