"""The charts of a sweep: parallel coordinates, and the best so far. Pure functions, no Streamlit calls."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from aecore.experiment.sweep_results import SoFar, SweptRun
from aecore.foreign import in_chart
from ui.app.theme import BLUE, GREEN, GREY, ORANGE, VERMILION
from ui.screens.sweep.axes import Axis, said
from ui.widgets.log_axis import log_axis

COLOURS = (BLUE, GREEN, ORANGE, VERMILION)
"""From the smallest error to the largest; all of them show on light and on dark paper."""

HEIGHT = 420
JITTER = 0.014
"""By how much lines of equal values lie apart, so that they can be told from each other."""


def colour_of(height: float) -> str:
    """The colour of an error that stands at this height of its axis."""
    return COLOURS[min(len(COLOURS) - 1, int(height * len(COLOURS)))]


def parallel_figure(axes: Sequence[Axis], runs: Sequence[SweptRun], chosen: int = 0) -> go.Figure:
    """A line for each run with an error, through its value on each axis; the last axis is the error. chosen: the number
    of a run that is drawn in bold, as is the best of all.
    """
    figure, last = go.Figure(), axes[-1]
    drawn = [run for run in runs if run.error is not None]
    best = min((run for run in drawn if run.has_ended), key=lambda run: run.error or 0.0, default=None)
    for colour in COLOURS:
        for is_whole in (True, False):
            own = [
                run for run in drawn
                if colour_of(last.height(run.error)) == colour and (run.state == "done") == is_whole
            ]  # fmt: skip
            if own:
                _lines(figure, axes, own, colour, is_whole=is_whole)
    for run in drawn:
        if run is best or run.number == chosen:
            _lines(figure, axes, [run], colour_of(last.height(run.error)), width=4.5)
    for place, axis in enumerate(axes):
        _axis(figure, place, axis, is_last=axis is last)
    titles = ["<br>".join(axis.title.split(" ", 1)) for axis in axes]
    figure.update_xaxes(
        tickvals=list(range(len(axes))), ticktext=titles, side="top", range=[-0.32, len(axes) - 0.66], showgrid=False,
        fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.03, 1.03], fixedrange=True)
    return figure.update_layout(height=HEIGHT, showlegend=False, hovermode="closest", margin={"t": 52, "l": 8, "r": 8})


def _lines(
    figure: go.Figure, axes: Sequence[Axis], runs: Sequence[SweptRun], colour: str, *, is_whole: bool = True,
    width: float = 1.6,
) -> None:  # fmt: skip
    x: list[float | None] = []
    y: list[float | None] = []
    numbers: list[int | None] = []
    texts: list[str] = []
    for run in runs:
        values = [*run.point.values(), run.error]
        for place, (axis, value) in enumerate(zip(axes, values, strict=True)):
            apart = JITTER * math.sin(2.4 * run.number) if axis.values else 0.0
            x.append(place)
            y.append(axis.height(value) + apart)
            numbers.append(run.number)
            texts.append(hover_text(axes, run))
        x.append(None)
        y.append(None)
        numbers.append(None)
        texts.append("")
    figure.add_scatter(
        x=x, y=y, mode="lines+markers", customdata=numbers, text=texts, hovertemplate="%{text}<extra></extra>",
        line={"color": colour, "width": width, "dash": "solid" if is_whole else "dot"}, connectgaps=False,
        marker={"color": colour, "size": 7 if width < 3 else 11}, opacity=0.75 if width < 3 else 1.0,
    )  # fmt: skip


def hover_text(axes: Sequence[Axis], run: SweptRun) -> str:
    """What a line says when it is pointed at."""
    values = zip(axes, run.point.values(), strict=False)
    told = "<br>".join(in_chart(f"{axis.title} {said(value)}") for axis, value in values)
    ended = "" if run.state == "done" else f" after {run.epochs:g} epochs"
    return f"<b>Run {run.number}</b><br>{told}<br>validation error {run.error:.5f}{ended}"


def _axis(figure: go.Figure, place: int, axis: Axis, *, is_last: bool) -> None:
    figure.add_shape(type="line", x0=place, x1=place, y0=0, y1=1, line={"color": GREY, "width": 1.4}, layer="below")
    for height, text in axis.ticks():
        figure.add_annotation(
            x=place, y=height, text=in_chart(text) if "<sup>" not in text else text, showarrow=False,
            xanchor="left" if is_last else "right", xshift=9 if is_last else -9, font={"size": 14},
        )  # fmt: skip


def best_figure(found: Sequence[SoFar], over: str) -> go.Figure:
    """The smallest validation error so far as stairs, over ended runs or over the seconds of their training; a dot for
    each run.
    """
    x = [each.count if over == "runs" else each.seconds for each in found]
    figure = go.Figure()
    figure.add_scatter(
        x=x, y=[each.error for each in found], mode="markers", customdata=[each.run.number for each in found],
        marker={"color": GREY, "size": 7, "opacity": 0.8},
        hovertemplate="run %{customdata}<br>validation error %{y:.5f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=x, y=[each.best for each in found], mode="lines", line={"color": BLUE, "width": 2.6, "shape": "hv"},
        hovertemplate="best so far %{y:.5f}<extra></extra>",
    )  # fmt: skip
    title = "runs that have ended" if over == "runs" else "seconds of training, of all runs together"
    figure.update_xaxes(title=title, rangemode="tozero")
    figure.update_yaxes(log_axis(each.error for each in found), title="validation error")
    return figure.update_layout(height=300, showlegend=False, hovermode="closest")
