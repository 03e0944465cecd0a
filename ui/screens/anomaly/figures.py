"""Figures of the Anomaly page: distributions of errors, and the ROC curve. Pure functions, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from aecore.analyses.anomaly import Counts
from aecore.metrics.roc import Roc
from ui.app.theme import BLUE, GREY, ORANGE, PURPLE, VERMILION
from ui.widgets.log_axis import log_axis
from ui.widgets.marks import DASHES
from ui.widgets.wording import PERCENT_SIGN, percent_in

MOST_BINS = 44
FEW = 10
"""Fewer odd pictures than this are drawn one by one."""

COLOURS = (BLUE, ORANGE, GREY, PURPLE)
SMALLEST = 1e-9


def bins(normal: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """Edges (K + 1,) of logarithmic bins for both;
    fewer pictures have fewer bins.
    """
    fewest = min(len(each) for each in (normal, odd) if len(each) >= FEW or each is normal)
    count = int(np.clip(3 * np.sqrt(fewest), 8, MOST_BINS))
    values = np.maximum(np.concatenate([normal, odd]), SMALLEST)
    return np.geomspace(values.min() * 0.95, values.max() * 1.05, count + 1)


def histogram_figure(normal: np.ndarray, odd: np.ndarray, threshold: float) -> go.Figure:
    """Share of normal (N,) and of odd (M,) scores in each bin over a logarithmic axis, with the threshold."""
    edges, figure, top = bins(normal, odd), go.Figure(), 0.0
    groups = [
        ("normal", normal, BLUE, "solid", "rgba(0,114,178,0.25)"),
        ("odd", odd, VERMILION, "dash", "rgba(213,94,0,0.25)"),
    ]
    for name, values, colour, dash, fill in groups:
        if name == "odd" and len(values) < FEW:
            figure.add_scatter(
                x=np.maximum(values, SMALLEST), y=np.full(len(values), top / 25),
                name="odd, each picture", mode="markers",
                marker={"symbol": "diamond", "size": 13, "color": colour}, hovertemplate="error %{x:.4g}",
            )  # fmt: skip
            continue
        shares = 100 * np.histogram(np.maximum(values, SMALLEST), edges)[0] / len(values)
        top = max(top, float(shares.max()))
        figure.add_scatter(
            x=edges, y=[*shares, shares[-1]], name=name, mode="lines", fill="tozeroy", fillcolor=fill,
            hovertemplate=percent_in("y"), line={"color": colour, "width": 2, "shape": "hv", "dash": dash},
        )  # fmt: skip
    figure.add_scatter(
        x=[threshold] * 2,
        y=[0, top * 1.06],
        name="threshold",
        mode="lines",
        line={"color": GREY, "width": 2.5},
        hoverinfo="skip",
    )
    figure.update_layout(height=340, xaxis_title="squared error per pixel", yaxis_title="share of the pictures")
    figure.update_xaxes(log_axis([*edges, threshold]), hoverformat=".4g")
    figure.update_yaxes(ticksuffix=PERCENT_SIGN, rangemode="tozero")
    return figure


def roc_figure(curves: Mapping[str, Roc], at: Counts) -> go.Figure:
    """A ROC curve for each score, and the threshold on the first one."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        name="chance",
        mode="lines",
        hoverinfo="skip",
        line={"color": GREY, "width": 1, "dash": "dot"},
    )
    for index, (title, curve) in enumerate(curves.items()):
        figure.add_scatter(
            x=100 * curve.false_alarms, y=100 * curve.caught, name=title, mode="lines",
            hovertemplate=f"false positive rate {percent_in('x')}, true positive rate {percent_in('y')}",
            line={"color": COLOURS[index % len(COLOURS)], "width": 2.8 if index == 0 else 1.8,
                  "dash": DASHES[index % len(DASHES)]},
        )  # fmt: skip
    figure.add_scatter(
        x=[100 * at.alarms / at.normal], y=[100 * at.caught / at.odd], name="threshold", mode="markers",
        hovertemplate=f"false positive rate {percent_in('x')}, true positive rate {percent_in('y')}",
        marker={"color": VERMILION, "size": 13, "symbol": "circle", "line": {"color": "white", "width": 2}},
    )  # fmt: skip
    figure.update_layout(
        height=340,
        hovermode="closest",
        xaxis_title="false positive rate",
        yaxis_title="true positive rate",
    )
    figure.update_xaxes(ticksuffix=PERCENT_SIGN, range=[-2, 102], tickvals=[0, 50, 100])
    figure.update_yaxes(ticksuffix=PERCENT_SIGN, range=[-2, 104], tickvals=[0, 50, 100])
    return figure
