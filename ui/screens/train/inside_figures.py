"""Diagnostics of a network as Plotly figures; pure functions, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from aecore.diagnostics.planar_fields import Plane
from ui.app.theme import BLUE, CODE, DECODER, ENCODER, GREY, NEGATIVE, ORANGE, POSITIVE, ZERO

LOWEST, MIDDLE, HIGHEST = ("rgb({}, {}, {})".format(*colour) for colour in (NEGATIVE, ZERO, POSITIVE))
DIVERGING = [[0, LOWEST], [0.5, MIDDLE], [1, HIGHEST]]
RISING = [[0, MIDDLE], [1, HIGHEST]]
"""The upper half of it, for what is never below zero."""

MOST_BARS = 64
"""More units than this are drawn as one line."""

LEAST = -1.0
"""Bars below this are cut off here."""


def raster_figure(codes: np.ndarray, names: Sequence[str]) -> go.Figure:
    """Activations of each unit for some pictures: codes (K, Z), white at zero; the scale goes as low as they do."""
    largest = float(np.abs(codes).max()) or 1.0
    has_negatives = float(codes.min()) < 0
    figure = go.Figure()
    figure.add_heatmap(
        z=codes, y=list(names), zmin=-largest if has_negatives else 0.0, zmax=largest,
        colorscale=DIVERGING if has_negatives else RISING,
        colorbar={"thickness": 10, "title": ""}, hovertemplate="%{y}, unit %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=90 + 17 * len(codes), hovermode="closest", xaxis={"title": "unit of the code", "showgrid": False}
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category", dtick=1)
    if codes.shape[1] <= 24:
        figure.update_xaxes(dtick=1)
    return figure


def use_figure(shares: np.ndarray, one: str = "picture") -> go.Figure:
    """For how many of the sample's examples each unit is active, the most active unit first: shares (Z,)."""
    order = np.argsort(-shares, kind="stable")
    figure = go.Figure()
    points = {"x": np.arange(1, len(shares) + 1), "y": 100 * shares[order], "customdata": order}
    hover = "unit %{customdata}: %{y:.1f} %<extra></extra>"
    if len(shares) <= MOST_BARS:
        figure.add_bar(**points, marker={"color": CODE}, hovertemplate=hover)
    else:
        line = {"color": CODE, "width": 2, "shape": "hvh"}
        figure.add_scatter(**points, mode="lines", fill="tozeroy", line=line, hovertemplate=hover)
    figure.update_layout(
        height=230,
        hovermode="closest",
        xaxis_title="units, the most active first",
        yaxis={"title": f"active for … % of {one}s", "range": [0, 103]},
    )
    return figure


def explained_text(share: float) -> str:
    """An explained variance as text: '82 %', '−35 %', 'below −100 %'."""
    is_far_below = share < LEAST
    number = f"{round(100 * (LEAST if is_far_below else float(share)))}\u00a0%".replace("-", "−")
    return f"below {number}" if is_far_below else number


def copying_figure(names: Sequence[str], explained: np.ndarray) -> go.Figure:
    """Explained variance of each kind of input in per cent: explained (S,), the first being the data."""
    shown = np.maximum(explained, LEAST)
    figure = go.Figure()
    figure.add_bar(
        x=100 * shown, y=list(names), orientation="h", marker={"color": [BLUE, *[ORANGE] * (len(explained) - 1)]},
        cliponaxis=False,
        text=[explained_text(value) for value in explained],
        textposition="auto",
        customdata=100 * explained, hovertemplate="%{y}: %{customdata:.1f} % explained<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=90 + 34 * len(explained), hovermode="closest", yaxis={"autorange": "reversed", "title": ""},
        xaxis={"title": "explained variance, in %",
               "range": [min(0.0, 105 * float(shown.min())), 105]},
    )  # fmt: skip
    return figure


def sensitivity_figure(now: np.ndarray, before: np.ndarray | None) -> go.Figure:
    """Singular values of the encoder's Jacobian, (R,) each, now and before training."""
    figure = go.Figure()
    for name, values, colour, dash in (("before training", before, GREY, "dash"), ("now", now, BLUE, "solid")):
        if values is not None and len(values):
            figure.add_scatter(
                x=np.arange(1, len(values) + 1), y=np.maximum(values, 1e-6), name=name,
                mode="lines+markers" if len(values) < 30 else "lines",
                line={"color": colour, "dash": dash, "width": 2.2}, hovertemplate="%{y:.4g}",
            )  # fmt: skip
    figure.update_layout(
        height=330, xaxis_title="direction, the most sensitive first", yaxis_title="how far the code moves"
    )
    figure.update_yaxes(type="log", exponentformat="power", dtick=1)
    top = max(float(np.max(values)) for values in (now, before) if values is not None and len(values))
    figure.update_yaxes(range=[np.log10(max(top, 1e-5)) - 5, np.log10(max(top, 1e-5)) + 0.2])
    return figure


def divergence_figure(divergence: np.ndarray, is_active: np.ndarray) -> go.Figure:
    """KL divergence in nats of each unit of a variational code, the largest first: (Z,) and (Z,) booleans."""
    order = np.argsort(-divergence, kind="stable")
    figure = go.Figure()
    for name, mask, colour in (("in use", is_active, CODE), ("inactive", ~is_active, GREY)):
        chosen = mask[order]
        figure.add_bar(
            x=np.arange(1, len(order) + 1)[chosen], y=divergence[order][chosen], customdata=order[chosen], name=name,
            marker={"color": colour}, hovertemplate="unit %{customdata}: %{y:.3f} nats<extra></extra>",
        )  # fmt: skip
    figure.update_layout(
        height=300,
        hovermode="closest",
        xaxis_title="units of the code, the largest divergence first",
        yaxis_title="KL divergence, nats",
    )
    return figure


def plane_figure(plane: Plane) -> go.Figure:
    """Arrows from the points of a grid to where the network maps them, and test points with their reconstructions."""
    figure = go.Figure()
    x, y = _arrows(plane.grid, plane.grid_sent)
    quiet = {"hoverinfo": "skip"}
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": GREY, "width": 1}, name="arrow: r(x) − x, at its true length", **quiet
    )
    figure.add_scatter(
        x=plane.points[:, 0],
        y=plane.points[:, 1],
        mode="markers",
        marker={"color": ENCODER, "size": 5, "opacity": 0.55},
        name="test points",
        **quiet,
    )
    figure.add_scatter(
        x=plane.points_sent[:, 0], y=plane.points_sent[:, 1], mode="markers",
        marker={"color": DECODER, "size": 5, "symbol": "diamond"}, name="where they are sent", **quiet,
    )  # fmt: skip
    line = principal_line(plane.points)
    figure.add_scatter(
        x=line[:, 0],
        y=line[:, 1],
        mode="lines",
        line={"color": ORANGE, "width": 2, "dash": "dash"},
        name="PCA, one component",
        **quiet,
    )
    figure.update_layout(
        height=620,
        hovermode=False,
        xaxis={"range": [-0.1, 1.1], "title": "x₁"},
        yaxis={"range": [-0.1, 1.1], "title": "x₂", "scaleanchor": "x"},
    )
    return figure


def principal_line(points: np.ndarray) -> np.ndarray:
    """The line through the mean of points (N, 2) along which they vary most, as its two ends (2, 2)."""
    centre = points.mean(0)
    direction = np.linalg.svd(points - centre, full_matrices=False)[2][0]
    along = (points - centre) @ direction
    return centre + np.outer([along.min(), along.max()], direction)


def _arrows(start: np.ndarray, end: np.ndarray, head: float = 0.28) -> tuple[np.ndarray, np.ndarray]:
    """All arrows as one broken line: shaft, then the two sides of the head, which take a share of the length."""
    shaft = end - start
    across = np.stack([-shaft[:, 1], shaft[:, 0]], axis=1)
    gap = np.full_like(start, np.nan)
    sides = [end - head * shaft + sign * 0.45 * head * across for sign in (1, -1)]
    path = np.stack([start, end, sides[0], end, sides[1], gap], axis=1).reshape(-1, 2)
    return path[:, 0], path[:, 1]
