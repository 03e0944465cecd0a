"""Figures of the Generate page: distances to real pictures, and shares of the predicted classes.

Pure functions, no Streamlit calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from aecore.foreign import in_chart
from aecore.latent.generation import FrechetScore
from ui.app.theme import GREY
from ui.widgets.log_axis import log_axis
from ui.widgets.marks import Mark
from ui.widgets.wording import PERCENT_SIGN, percent_in

LARGEST = 16
"""Size of the first network's marks; the second one's are smaller, so that neither hides the other."""


def distance_figure(
    found: Mapping[str, Mapping[str, FrechetScore]], titles: Mapping[str, str], floor: FrechetScore | None
) -> go.Figure:
    """Fréchet distance of every kind (titles: kind -> title) for each network, its samples as a bar;
    a line at the distance of real pictures.
    """
    figure = go.Figure()
    names = [title for kind, title in titles.items() if any(kind in kinds for kinds in found.values())]
    for number, (network, kinds) in enumerate(found.items(), 1):
        mark, known = Mark(number), {kind: kinds[kind] for kind in titles if kind in kinds}
        middle = [sum(each.frechet) / len(each.frechet) for each in known.values()]
        figure.add_scatter(
            x=middle, y=[titles[kind] for kind in known], name=f"{number} {in_chart(network)}", mode="markers",
            hovertemplate="%{y}: %{x:.1f}",
            marker={"color": mark.colour, "symbol": mark.symbol, "size": LARGEST - 6 * (number - 1)},
            error_x={
                "type": "data", "symmetric": False, "color": mark.colour, "thickness": 1.6, "width": 4,
                "array": [max(each.frechet) - value for each, value in zip(known.values(), middle, strict=True)],
                "arrayminus": [value - min(each.frechet) for each, value in zip(known.values(), middle, strict=True)],
            },
        )  # fmt: skip
    if floor and names:
        level = sum(floor.frechet) / len(floor.frechet)
        figure.add_scatter(
            x=[level, level], y=[names[0], names[-1]], name=f"real pictures {level:.1f}", mode="lines",
            hoverinfo="skip", line={"color": GREY, "width": 2, "dash": "dash"},
        )  # fmt: skip
    figure.update_layout(
        height=120 + 46 * len(names),
        hovermode="closest",
        xaxis_title="Fréchet distance (lower is better), logarithmic scale",
    )
    figure.update_xaxes(log_axis(value for curve in figure.data for value in curve.x))
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return figure


def shares_figure(found: Mapping[str, FrechetScore], answers: Sequence[str]) -> go.Figure:
    """Share of the pictures that the reference classifier predicts as each class; real pictures first."""
    figure = go.Figure()
    for index, (name, each) in enumerate(found.items()):
        colour = Mark(index).colour if index else GREY
        figure.add_bar(
            x=list(answers),
            y=[100 * share for share in each.shares],
            name=in_chart(name),
            marker={"color": colour, "pattern": {"shape": ("", "/", "x")[index % 3]}},
            hovertemplate=percent_in("y"),
        )
    figure.update_layout(height=280, bargap=0.3, yaxis_title="share of predictions")
    figure.update_xaxes(type="category")
    figure.update_yaxes(ticksuffix=PERCENT_SIGN, rangemode="tozero")
    return figure
