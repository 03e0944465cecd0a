"""Figures of the words page: rows of zeros and ones, curves, the map, codes and classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from aecore.foreign import in_chart
from ui.app.theme import BLUE, CODE, GREY, SERIES, VERMILION
from ui.widgets.wording import PERCENT_SIGN, percent, percent_in

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star", "pentagon", "hexagon", "x", "triangle-down")
SHADES = [[0, "rgba(128,128,128,0.08)"], [1, BLUE]]


@dataclass(frozen=True)
class Points:
    """A map: flat (N, 2), keys that identify clicked points, names, hover texts, groups;
    -1 is none of the `groups`.

    written: which names are written on the map. picked: index or None; linked: indices to which lines lead from it.
    """

    flat: np.ndarray
    keys: Sequence[str]
    names: Sequence[str]
    says: Sequence[str]
    group: np.ndarray
    groups: Sequence[str]
    written: np.ndarray
    picked: int | None = None
    linked: Sequence[int] = ()


def look_of(group: int) -> tuple[str, str]:
    """Colour and marker of a class; -1 is no class."""
    return (SERIES[group % len(SERIES)], SYMBOLS[group % len(SYMBOLS)]) if group >= 0 else (GREY, "circle-open")


def bags_figure(bags: np.ndarray, words: Sequence[str], names: Sequence[str]) -> go.Figure:
    """Bags (N, V) as a board of squares: a row per text, a column per word."""
    says = [
        [
            f"{in_chart(name)}<br>{'has' if there else 'does not have'} '{in_chart(word)}'"
            for word, there in zip(words, row, strict=True)
        ]
        for name, row in zip(names, bags, strict=True)
    ]
    figure = go.Figure()
    figure.add_heatmap(
        z=bags,
        zmin=0,
        zmax=1,
        colorscale=SHADES,
        showscale=False,
        xgap=2,
        ygap=2,
        text=says,
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_layout(height=110 + 26 * len(bags), hovermode="closest")
    figure.update_xaxes(
        tickvals=list(range(len(words))),
        ticktext=[in_chart(word) for word in words],
        tickangle=-60,
        side="top",
        ticklabeloverflow="allow",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[_short(name) for name in names],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_layout(margin={"t": 90, "r": 40})
    return figure


def curve_figure(
    seen: tuple[Sequence[float], Sequence[float]],
    unseen: tuple[Sequence[float], Sequence[float]],
    title: str,
    guess: float | None = None,
) -> go.Figure:
    """Epochs and values on training texts and on held-out texts; `guess` is a level to beat."""
    figure = go.Figure()
    unit = 1 if guess is None else 100
    hover = percent_in("y") if guess is not None else "%{y:.4f}"
    for (epochs, values), name, colour, dash in (
        (seen, "texts it learns from", BLUE, "solid"),
        (unseen, "texts it has not seen", VERMILION, "dash"),
    ):
        figure.add_scatter(
            x=np.array(epochs),
            y=unit * np.array(values),
            name=name,
            mode="lines",
            line={"color": colour, "width": 2.4, "dash": dash},
            hovertemplate=hover,
        )
    if guess is not None:
        last = max([*seen[0], *unseen[0], 1])
        figure.add_scatter(
            x=[0, last],
            y=[100 * guess] * 2,
            name="guessing",
            mode="lines",
            line={"color": GREY, "width": 1.6, "dash": "dot"},
            hovertemplate=hover,
        )
        figure.update_yaxes(range=[-3, 105], ticksuffix=PERCENT_SIGN)
    else:
        figure.update_yaxes(rangemode="tozero")
    figure.update_layout(height=330, xaxis_title="epoch", yaxis_title=title)
    return figure


def map_figure(points: Points) -> go.Figure:
    """A map of words or texts; lines lead from the picked one to its nearest."""
    figure = go.Figure()
    if points.picked is not None:
        x, y = _spokes(points.flat, points.picked, points.linked)
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"color": CODE, "width": 1.6}, hoverinfo="skip", showlegend=False
        )
    for group in [*range(len(points.groups)), -1]:
        rows = np.flatnonzero(points.group == group)
        if not len(rows):
            continue
        colour, symbol = look_of(group)
        figure.add_scatter(
            x=points.flat[rows, 0], y=points.flat[rows, 1],
            name=in_chart(points.groups[group]) if group >= 0 else "several of them", mode="markers+text",
            text=[points.names[row] if points.written[row] else "" for row in rows],
            textposition=[_side(points.flat, row) for row in rows], customdata=[points.keys[row] for row in rows],
            hovertext=[points.says[row] for row in rows], hovertemplate="%{hovertext}<extra></extra>",
            marker={"color": colour, "symbol": symbol, "size": 9, "line": {"width": 1}},
            selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}, "textfont": {"color": GREY}},
        )  # fmt: skip
    if points.picked is not None:
        at = points.flat[points.picked]
        figure.add_scatter(
            x=[at[0]], y=[at[1]], mode="markers",
            marker={"symbol": "circle-open", "size": 20, "color": CODE, "line": {"width": 3}},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    figure.update_layout(height=560, hovermode="closest", dragmode="pan")
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(showticklabels=False, showgrid=False, zeroline=False, title="")
    low, high = points.flat.min(0), points.flat.max(0)
    room = np.maximum(high - low, 1e-6) * np.array([0.12, 0.07])
    figure.update_xaxes(range=[low[0] - room[0], high[0] + room[0]])
    figure.update_yaxes(range=[low[1] - room[1], high[1] + room[1]])
    return figure


def code_figure(code: np.ndarray) -> go.Figure:
    """The numbers of a code (Z,) as bars."""
    figure = go.Figure()
    figure.add_bar(
        x=np.arange(1, len(code) + 1),
        y=code,
        marker={"color": CODE},
        hovertemplate="number %{x}: %{y:.2f}<extra></extra>",
    )
    figure.update_layout(height=190, hovermode="closest", xaxis_title="number of the code", showlegend=False)
    figure.update_xaxes(dtick=1 if len(code) <= 20 else None, fixedrange=True, showgrid=False)
    figure.update_yaxes(fixedrange=True)
    return figure


def class_figure(probabilities: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """Probability of each class, the most probable on top."""
    order = np.argsort(probabilities, kind="stable")
    figure = go.Figure()
    figure.add_bar(
        x=100 * probabilities[order], y=[in_chart(classes[i]) for i in order], orientation="h",
        marker={"color": [look_of(int(i))[0] for i in order]},
        text=[percent(float(probabilities[i]), 0) for i in order],
        textposition="auto", hovertemplate=f"%{{y}}: {percent_in('x')}<extra></extra>", cliponaxis=False,
    )  # fmt: skip
    figure.update_layout(height=70 + 34 * len(order), hovermode="closest", showlegend=False)
    figure.update_xaxes(range=[0, 102], ticksuffix=PERCENT_SIGN, fixedrange=True)
    figure.update_yaxes(fixedrange=True, type="category")
    return figure


def _spokes(flat: np.ndarray, picked: int, linked: Sequence[int]) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for index in linked:
        x += [float(flat[picked, 0]), float(flat[index, 0]), None]
        y += [float(flat[picked, 1]), float(flat[index, 1]), None]
    return x, y


def _side(flat: np.ndarray, row: int) -> str:
    """The side of a point for its name: away from the nearest point,
    but not beyond the edge of the map.
    """
    spread = np.maximum(np.ptp(flat, axis=0), 1e-9)
    place = (flat[row] - flat.min(0)) / spread
    if not 0.08 < place[0] < 0.92:
        return "middle right" if place[0] <= 0.08 else "middle left"
    away = (flat - flat[row]) / spread
    away[row] = 9
    closest = away[np.abs(away).sum(1).argmin()]
    return "bottom center" if closest[1] > 0 else "top center"


def _short(text: str, most: int = 36) -> str:
    return in_chart(text if len(text) <= most else text[: most - 1] + "…")
