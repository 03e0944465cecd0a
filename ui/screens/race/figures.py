"""The charts of a comparison: all curves on one axis, and the Pareto plot of error against cost.

Pure functions, no Streamlit calls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import plotly.graph_objects as go

from aecore.experiment.replicates import SpreadPoint
from aecore.foreign import in_chart
from aecore.metrics.pareto import pareto_front
from ui.app.theme import GREY
from ui.widgets.figures import Curves, comparison_figure
from ui.widgets.log_axis import log_axis
from ui.widgets.marks import Mark
from ui.widgets.wording import PERCENT_SIGN, percent_in


@dataclass(frozen=True)
class Candidate:
    """A run on the Pareto plot: less is better in both `cost` and `error`."""

    number: int
    name: str
    cost: float
    error: float


def race_figure(
    runs: Sequence[Curves], *, over: str, is_log: bool, bands: Sequence[Sequence[SpreadPoint]] = ()
) -> go.Figure:
    """Validation error per pixel of all runs over epochs or seconds; each curve ends in the symbol of its run.

    bands: of each curve that is a mean over seeds, from the smallest to the largest.
    """
    figure = comparison_figure(runs, over=over, is_log=is_log)
    ends = [
        (mark, curve.x[-1], curve.y[-1])
        for mark, curve in zip(map(Mark, count(1)), figure.data, strict=False)
        if len(curve.x)
    ]
    marks, x, y = zip(*ends, strict=True) if ends else ((), (), ())
    sign = {"symbol": [mark.symbol for mark in marks], "color": [mark.colour for mark in marks], "size": 10}
    figure.add_scatter(x=x, y=y, mode="markers", marker=sign, hoverinfo="skip")
    for mark, band in zip(map(Mark, count(1)), bands, strict=False):
        across = [getattr(point, over) for point in band]
        figure.add_scatter(
            x=[*across, *across[::-1]], y=[*(point.high for point in band), *(point.low for point in reversed(band))],
            fill="toself", fillcolor=mark.colour, opacity=0.22, line={"width": 0}, mode="lines", hoverinfo="skip",
            name=f"spread {mark.number}",
        )  # fmt: skip
    return figure.update_layout(showlegend=False)


def spread_text(name: str, errors: Sequence[float | None]) -> str:
    """'Linear: 0.02710 to 0.02790'."""
    known = [error for error in errors if error is not None]
    return f"{name}: {min(known):.5f} to {max(known):.5f}" if known else f"{name}: not known yet"


def front_of(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates on the Pareto front, by rising cost."""
    return [candidates[index] for index in pareto_front([(each.cost, each.error) for each in candidates])]


def pareto_figure(
    candidates: Sequence[Candidate], *, cost_title: str, error_title: str, is_share: bool = False
) -> go.Figure:
    """Cost against error: a full symbol for each candidate on the front,
    a hollow one for the others, and the front as stairs. is_share: whether the error is one, drawn in per cent.
    """
    front, figure, unit = front_of(candidates), go.Figure(), 100 if is_share else 1
    figure.add_scatter(
        x=[each.cost for each in front], y=[unit * each.error for each in front], mode="lines", hoverinfo="skip",
        line={"color": GREY, "width": 1.8, "dash": "dash", "shape": "hv"},
    )  # fmt: skip
    for each in candidates:
        mark, is_on_front = Mark(each.number), each in front
        figure.add_scatter(
            x=[each.cost], y=[unit * each.error], mode="markers+text", text=[f"<b>{each.number}</b>"],
            textposition="bottom left", name=in_chart(each.name),
            marker={"symbol": mark.symbol if is_on_front else f"{mark.symbol}-open", "size": 13, "color": mark.colour,
                    "line": {"width": 2}},
            hovertemplate=f"%{{fullData.name}}<br>{cost_title} %{{x:,}}<br>{error_title} "
            f"{percent_in('y') if is_share else '%{y:.5f}'}<extra></extra>",
        )  # fmt: skip
    costs = [each.cost for each in candidates]
    span = [math.log10(min(costs)) - 0.25, math.log10(max(costs)) + 0.25]
    figure.update_xaxes(log_axis(10**end for end in span), title=cost_title, range=span)
    figure.update_yaxes(title=error_title, rangemode="tozero", ticksuffix=PERCENT_SIGN if is_share else "")
    return figure.update_layout(height=380, showlegend=False, hovermode="closest")
