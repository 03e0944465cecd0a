"""Figures of the noise lab; pure functions, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from aecore.analyses.noise_sweep import LEVELS, Curve
from aecore.foreign import in_chart
from ui.app.theme import BLUE
from ui.widgets.log_axis import log_axis
from ui.widgets.marks import Mark

NAMES = {"psnr": "PSNR, dB", "ssim": "SSIM", "mse": "mean squared error per pixel"}


def settling_figure(moved: np.ndarray) -> go.Figure:
    """Change of a pixel in each round of feeding a network its own reconstruction: (R,)."""
    figure = go.Figure()
    heights = np.maximum(moved, 1e-7)
    figure.add_scatter(
        x=np.arange(1, len(moved) + 1), y=heights, mode="lines+markers",
        line={"color": BLUE, "width": 2}, marker={"size": 4}, hovertemplate="round %{x}: %{y:.2g}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(height=260, hovermode="closest", xaxis_title="round", yaxis_title="change of a pixel")
    figure.update_yaxes(log_axis(heights))
    return figure


def sweep_figure(
    curves: Mapping[str, Curve], measure: str, trained: Mapping[str, float], marks: Mapping[str, Mark]
) -> go.Figure:
    """Image similarity over the level of the corruption: title -> curve, each with its band; `trained`:
    title -> the level in training.
    """
    figure = go.Figure()
    for title, curve in curves.items():
        mark = marks[title]
        low, high = curve.low[measure], curve.high[measure]
        figure.add_scatter(
            x=[*LEVELS, *LEVELS[::-1]], y=[*high, *low[::-1]], fill="toself", fillcolor=mark.colour, opacity=0.2,
            line={"width": 0}, hoverinfo="skip", showlegend=False, legendgroup=title,
        )  # fmt: skip
        figure.add_scatter(
            x=LEVELS, y=curve.mean[measure], name=in_chart(title), legendgroup=title, mode="lines+markers",
            line={"color": mark.colour, "dash": mark.dash, "width": 2.2},
            marker={"symbol": mark.symbol, "size": 7}, hovertemplate="%{y:.4g}",
        )  # fmt: skip
    for title, level in trained.items():
        figure.add_vline(
            x=level, line={"color": marks[title].colour, "dash": "dot", "width": 1.5},
            annotation={"text": "learned here", "font": {"size": 14, "color": marks[title].colour}, "yanchor": "top"},
        )  # fmt: skip
    figure.update_layout(height=440, xaxis={"title": "noise level", "range": [-0.02, 1.02]}, yaxis_title=NAMES[measure])
    if measure == "mse":
        figure.update_yaxes(rangemode="tozero")
    if measure == "psnr":  # an exact reconstruction has an infinite PSNR
        heights = [value for curve in curves.values() for value in (*curve.high[measure][1:], *curve.low[measure][1:])]
        figure.update_yaxes(range=[min(heights) - 1, max(heights) + 2])
    return figure
