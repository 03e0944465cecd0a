"""t-SNE of the same codes at five perplexities, side by side."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from aecore.jobs.queue import Request
from aecore.latent.code_set import CodeError
from aecore.latent.maps import COMPARED, SEVERAL, comparison, read_map, read_preservation
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import GREY, plot
from ui.screens.latent.codes import codes_of
from ui.screens.latent.colours import CLASSES
from ui.screens.latent.form import Choice
from ui.widgets.analysis_progress import show_progress
from ui.widgets.live import live
from ui.widgets.wording import percent

TICK_SECONDS = 1.0


def perplexities(choice: Choice) -> None:
    """The finished maps, and a button for the rest."""
    most = min(choice.most, COMPARED)
    request: Request = ("perplexities", choice.trained_model.id, choice.part, most, 0)
    job = services.jobs.find(request)
    is_active = job is not None and job.is_active
    live(_panel, TICK_SECONDS if is_active else None, key="perplexities")(choice, request, is_active)


def _panel(choice: Choice, request: Request, was_active: bool) -> None:
    job = services.jobs.find(request)
    if (job is not None and job.is_active) != was_active:
        st.rerun()
    found = codes_of(choice.trained_model, choice.part, request[3])
    try:
        requests = comparison(found)
    except CodeError as error:
        refuse(str(error))
        return
    maps = [read_map(found, each) for each in requests]
    preservations = [read_preservation(found, each) for each in requests]
    if any(preservation is None for preservation in preservations):
        show_progress(
            request, job, begin="Draw them",
            price=f"t-SNE of {len(found):,} of these codes at perplexity "
            f"{', '.join(f'{each:g}' for each in SEVERAL[: len(requests)])}: about "
            f"{max(5, len(requests) * len(found) // 400)} seconds.",
        )  # fmt: skip
    if any(maps):
        titles = [
            f"perplexity {perplexity:g}" + (f"<br>{percent(preservation.kept.mean(), 0)} kept" if preservation else "")
            for perplexity, preservation in zip(SEVERAL, preservations, strict=False)
        ]
        plot(
            _figure(maps, titles, found.labels),
            "chart-perplexities",
            "The same codes mapped by t-SNE at several perplexities.",
        )
        st.caption(
            f"The same {len(found):,} codes, the same start, the same 500 steps. *Kept* is the share of neighbours "
            "kept. Islands that come and go with the perplexity are made by it; those that stay are in the codes. "
            "Their sizes, and the gaps between them, change from map to map: they say nothing about the codes."
        )


def _figure(maps: list, titles: list[str], labels: np.ndarray | None) -> go.Figure:
    figure = make_subplots(1, len(maps), subplot_titles=titles, horizontal_spacing=0.01)
    colours = GREY if labels is None else np.array([CLASSES[label % len(CLASSES)] for label in labels])
    for column, drawn in enumerate(maps, 1):
        if drawn is not None:
            x, y = drawn.positions[:, 0], drawn.positions[:, 1]
            figure.add_trace(
                go.Scattergl(x=x, y=y, mode="markers", marker={"size": 3, "color": colours}, hoverinfo="skip"),
                1,
                column,
            )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_annotations(font_size=14)
    figure.update_layout(height=270, showlegend=False, margin={"t": 46})
    return figure
