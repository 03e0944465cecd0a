"""The confusion matrix as a Plotly figure whose cells can be clicked; a pure function, no Streamlit calls."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from aecore.foreign import in_chart
from ui.app.theme import BLUE

RIGHT, WRONG, EMPTY, INK = np.array((0, 158, 115)), np.array((230, 120, 20)), "rgba(128,128,128,0.09)", "#1f2733"
"""Colours of cells, mixed with white, so that dark numbers are legible in either theme."""

MOST_CLASSES = 40
"""A matrix with more rows than this cannot be read, nor drawn quickly."""

PIXELS_PER_CLASS = 34


def confusion_figure(
    confusion: np.ndarray, classes: tuple[str, ...], chosen: tuple[int, int], says: list[str]
) -> go.Figure:
    """(C, C) counts as a board, row the true class, column the prediction;
    `says` is the text of each cell, row by row.

    The cells are bars, because Plotly reports which bar was clicked, but not which cell of a heat map.
    """
    count = len(classes)
    rows, columns = (index.ravel() for index in np.indices(confusion.shape))
    figure = go.Figure()
    figure.add_bar(
        x=columns, y=np.full(len(rows), 0.96), base=rows - 0.48, width=0.96,
        marker={"color": _shades(confusion), "line": {"width": 0}},
        customdata=[f"{row}.{column}" for row, column in zip(rows, columns, strict=True)],
        hovertext=says, hovertemplate="%{hovertext}<extra></extra>", showlegend=False,
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
    if count <= 20:
        seen = np.flatnonzero(confusion.ravel())
        figure.add_scatter(
            x=columns[seen], y=rows[seen], text=[f"{number:,}" for number in confusion.ravel()[seen]], mode="text",
            textfont={"color": INK}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    row, column = chosen
    figure.add_shape(
        type="rect", x0=column - 0.48, x1=column + 0.48, y0=row - 0.48, y1=row + 0.48, line={"color": BLUE, "width": 3}
    )
    ticks = {
        "tickvals": list(range(count)),
        "ticktext": [in_chart(each) for each in classes],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }
    figure.update_layout(
        height=90 + PIXELS_PER_CLASS * max(count, 5), hovermode="closest", barmode="overlay", dragmode=False
    )
    figure.update_xaxes(**ticks, title="Predicted class", range=[-0.5, count - 0.5], fixedrange=True)
    figure.update_yaxes(**ticks, title="True class", range=[count - 0.5, -0.5], fixedrange=True)
    return figure


def _shades(confusion: np.ndarray) -> list[str]:
    """Green on the diagonal, orange beside it, the stronger the larger the share of its row;
    a square root makes few errors visible.
    """
    share = confusion / np.maximum(confusion.sum(1, keepdims=True), 1)
    is_right = np.eye(len(share), dtype=bool)
    largest = max(share[~is_right].max(initial=0.0), 1e-9)
    strength = np.where(is_right, 0.15 + 0.6 * share, 0.15 + 0.6 * np.sqrt(np.where(is_right, 0, share) / largest))[
        ..., None
    ]
    mixed = (255 + strength * (np.where(is_right[..., None], RIGHT, WRONG) - 255)).round().astype(int)
    empty = np.full(confusion.size, EMPTY, object)
    return np.where(confusion.ravel() > 0, [f"rgb({r},{g},{b})" for r, g, b in mixed.reshape(-1, 3)], empty).tolist()
