"""Figures of the Movies page: arrays in, Plotly out."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from ui.app.theme import BLUE, GREY


def two_errors(model: np.ndarray, mean: np.ndarray) -> go.Figure:
    """The errors of each draw as points in two rows, with their mean and a band from the 10th to the 90th percentile.
    model, mean: (D,).
    """
    figure = go.Figure()
    offsets = np.linspace(-0.16, 0.16, len(model))
    for row, (name, values, colour, symbol) in enumerate(
        (("the film's mean", mean, GREY, "diamond"), ("the model", model, BLUE, "circle"))
    ):
        low, high = np.quantile(values, [0.1, 0.9])
        figure.add_shape(
            type="rect",
            x0=low,
            x1=high,
            y0=row - 0.28,
            y1=row + 0.28,
            fillcolor=colour,
            opacity=0.18,
            line_width=0,
            layer="below",
        )
        figure.add_shape(
            type="line",
            x0=values.mean(),
            x1=values.mean(),
            y0=row - 0.28,
            y1=row + 0.28,
            line={"color": colour, "width": 3},
        )
        words = [f"draw {draw}: off by {value:.2f} stars" for draw, value in enumerate(values, 1)]
        marker = {"color": colour, "symbol": symbol, "size": 8, "opacity": 0.8}
        figure.add_scatter(
            x=values,
            y=row + offsets,
            mode="markers",
            name=name,
            marker=marker,
            hovertext=words,
            hoverinfo="text",
            showlegend=False,
        )
    figure.update_yaxes(tickvals=[0, 1], ticktext=["the film's mean", "the model"], range=[-0.5, 1.5], showgrid=False)
    figure.update_xaxes(title_text="off by, in stars (band: eight of ten draws, line: mean)", rangemode="normal")
    figure.update_layout(height=230, hovermode="closest")
    return figure
