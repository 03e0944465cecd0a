"""Plotly figures of arrays and records; pure functions, no Streamlit calls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import plotly.graph_objects as go

from aecore.foreign import in_chart
from ui.app.theme import GREY, ORANGE, SERIES
from ui.widgets.log_axis import log_axis
from ui.widgets.marks import Mark

MOST_POINTS = 400
"""A curve is thinned to about this many points: more are not visible, and all are sent twice a second."""


HEIGHT = 360
"""Pixels of a chart of curves, where a page does not say otherwise."""


@dataclass(frozen=True)
class Curves:
    """The records of one run to draw: `levels` are horizontal lines to beat, label -> value."""

    name: str
    records: Sequence[dict[str, Any]]
    levels: dict[str, float] = field(default_factory=dict)


def unchecked(data: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """The figure of these traces and this layout. Plotly looks up no property, which takes nine tenths of the time: for
    figures that are drawn at each rerun, whose properties a test has checked.
    """
    return go.Figure(data, layout, _validate=False)


def loss_figure(curves: Curves, *, smoothing: float = 0.0, is_log: bool = True, height: int = HEIGHT) -> go.Figure:
    """Training loss, validation loss, each term where there are several, and the levels to beat, over epochs."""
    records, epochs = curves.records, [r for r in curves.records if r["validation"]]
    labels = list(records[-1]["train"]) if records else []
    at, totals = [r["epoch"] for r in records], [sum(r["train"].values()) for r in records]
    starts = phase_starts(records), phase_starts(epochs)
    held_out = [sum(r["validation"].values()) for r in epochs]
    lines = [
        _line("training loss", at, totals, SERIES[0], smoothing, breaks=starts[0]),
        _line("validation loss", [r["epoch"] for r in epochs], held_out, SERIES[1], smoothing, breaks=starts[1]),
    ]
    for label, colour in zip(labels if len(labels) > 1 else [], SERIES[2:], strict=False):
        heights = [r["train"].get(label, math.nan) for r in records]
        lines.append(_line(label, at, heights, colour, smoothing, dash="dot", breaks=starts[0]))
    lines += _levels(curves.levels, at[-1] if at else 1.0)
    return unchecked([{"type": "scatter", **each} for each in lines], _loss_layout(lines, "loss", is_log, height))


def pixel_error_figure(
    curves: Curves, *, smoothing: float = 0.0, is_log: bool = True, height: int = HEIGHT
) -> go.Figure:
    """Validation error per pixel of one run over epochs, and the levels to beat."""
    figure = comparison_figure([curves], smoothing=smoothing, is_log=is_log)
    for line in _levels(curves.levels, curves.records[-1]["epoch"]):
        figure.add_scatter(**line)
    return figure.update_layout(height=height)


def comparison_figure(
    runs: Sequence[Curves], *, smoothing: float = 0.0, is_log: bool = True, over: str = "epoch"
) -> go.Figure:
    """Validation error per pixel of several runs on one axis; `over` is 'epoch' or 'seconds'."""
    lines = []
    for mark, curves in zip(map(Mark, count(1)), runs, strict=False):
        epochs = [r for r in curves.records if r["validation_mse"] is not None]
        at, errors = [r[over] for r in epochs], [r["validation_mse"] for r in epochs]
        lines.append(_line(in_chart(curves.name), at, errors, mark.colour, smoothing, dash=mark.dash))
    layout = _loss_layout(lines, "validation squared error per pixel", is_log, HEIGHT, over)
    return go.Figure([{"type": "scatter", **each} for each in lines], layout)


def smooth(values: Sequence[float], smoothing: float) -> list[float]:
    """Exponential moving average with weight `smoothing` on the past,
    corrected for its start (Kingma & Ba 2015, sec. 3).
    """
    average, weight, result = 0.0, 0.0, []
    for value in values:
        average = smoothing * average + (1 - smoothing) * value
        weight = smoothing * weight + (1 - smoothing)
        result.append(average / weight)
    return result


def thin(x: Sequence[float], y: Sequence[float], most: int = MOST_POINTS) -> tuple[list[float], list[float]]:
    """About `most` of the points, evenly chosen, including the first and the last."""
    if len(x) <= most:
        return list(x), list(y)
    chosen = np.unique(np.linspace(0, len(x) - 1, most).round().astype(int))
    return [x[i] for i in chosen], [y[i] for i in chosen]


def phase_starts(records: Sequence[dict[str, Any]]) -> list[int]:
    """Indices at which a new phase begins: the loss is that of another task, so the curve is interrupted."""
    return [i for i in range(1, len(records)) if records[i].get("phase", "") != records[i - 1].get("phase", "")]


Line = dict[str, Any]
"""A curve, as Plotly has it."""


def _line(
    name: str, x: list[float], y: list[float], colour: str, smoothing: float,
    *, dash: str = "solid", breaks: Sequence[int] = (),
) -> Line:  # fmt: skip
    x, y = _in_pieces(x, y, smoothing, breaks) if breaks else thin(x, smooth(y, smoothing) if smoothing else y)
    mode = "lines+markers" if len(x) < 3 else "lines"
    return {
        "x": np.array(x), "y": np.array(y),  # Plotly inspects every item of a list
        "name": name, "mode": mode, "line": {"color": colour, "width": 2.2, "dash": dash}, "hovertemplate": "%{y:.5f}",
    }  # fmt: skip


def _in_pieces(
    x: list[float], y: list[float], smoothing: float, breaks: Sequence[int]
) -> tuple[list[float], list[float]]:
    """Each piece thinned and smoothed separately, with a gap before the next."""
    edges = [0, *breaks, len(x)]
    whole_x: list[float] = []
    whole_y: list[float] = []
    for begin, end in zip(edges, edges[1:], strict=False):
        part = smooth(y[begin:end], smoothing) if smoothing else y[begin:end]
        part_x, part_y = thin(x[begin:end], part, max(20, MOST_POINTS * (end - begin) // len(x)))
        whole_x, whole_y = [*whole_x, *part_x, part_x[-1]], [*whole_y, *part_y, math.nan]
    return whole_x, whole_y


def _levels(levels: dict[str, float], last: float) -> list[Line]:
    return [
        {
            "x": [0, last], "y": [value, value], "name": f"{label} {value:.4f}", "mode": "lines", "hoverinfo": "skip",
            "line": {"color": colour, "width": 1.8, "dash": "dash"},
        }
        for (label, value), colour in zip(levels.items(), (ORANGE, GREY), strict=False)
        if value > 1e-8
    ]  # fmt: skip


def _loss_layout(lines: Sequence[Line], title: str, is_log: bool, height: int, over: str = "epoch") -> dict[str, Any]:
    axis = log_axis(value for line in lines for value in line["y"]) if is_log else {"rangemode": "tozero"}
    return {
        "height": height, "xaxis": {"title": {"text": over}}, "yaxis": {"title": {"text": title}, **axis},
    }  # fmt: skip


def heat_figure(originals: np.ndarray, reconstructions: np.ndarray) -> go.Figure:
    """Rows of a table, original (left) and reconstructed (right), both (K, D) in [0, 1], as shades of blue."""
    figure = go.Figure()
    for index, (title, values) in enumerate((("original", originals), ("reconstruction", reconstructions))):
        figure.add_heatmap(
            z=values, zmin=0, zmax=1, colorscale="Blues", showscale=bool(index), xaxis=f"x{index + 1}", name=title
        )
    figure.update_layout(
        height=320, hovermode="closest", yaxis={"autorange": "reversed", "title": "test row"},
        xaxis={"domain": [0, 0.48], "title": "original"}, xaxis2={"domain": [0.52, 1], "title": "reconstruction"},
    )  # fmt: skip
    return figure


def points_figure(points: np.ndarray, names: Sequence[str], order: Sequence[str] = ()) -> go.Figure:
    """Points of a plane (N, 2), in the colours and symbols of their classes; names: of each one's, or none; order: of
    the classes, where they have one.
    """
    figure = go.Figure()
    kinds = sorted(dict.fromkeys(names), key=lambda name: order.index(name) if name in order else len(order)) or [""]
    for number, kind in enumerate(kinds, 1):
        rows = [place for place, name in enumerate(names) if name == kind] if names else range(len(points))
        mark = Mark(number)
        figure.add_scatter(
            x=points[rows, 0], y=points[rows, 1], mode="markers", name=in_chart(kind), showlegend=bool(names),
            marker={"color": mark.colour, "symbol": mark.symbol, "size": 5, "opacity": 0.7},
            hovertemplate="%{x:.2f}, %{y:.2f}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(height=340, hovermode="closest", xaxis_title="number 1", yaxis_title="number 2")
    figure.update_yaxes(scaleanchor="x")
    return figure
