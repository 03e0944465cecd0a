"""Figures of the Features page: test accuracy over the number of labels. Pure functions, no Streamlit calls."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from aecore.analyses.feature_results import Results
from ui.app.theme import BLUE, GREY, ORANGE
from ui.widgets.wording import PERCENT_SIGN, percent_in

STYLES = {"code": (ORANGE, "circle", "solid"), "pixels": (BLUE, "square", "dash"), "pca": (GREY, "diamond", "dot")}
"""Colour, marker and dash of each representation."""


def curve_figure(results: Results, classifier: str, labelled: int, names: dict[str, str]) -> go.Figure:
    """Test accuracy over the number of labelled examples, with 95 % intervals, one line for each representation."""
    figure = go.Figure()
    sizes = results.sizes(classifier, labelled)
    for name in results.representations:
        probes = [found for size in sizes if (found := results.at(classifier, size).get(name))]
        colour, symbol, dash = STYLES[name]
        low, high = ([100 * each.interval[end] for each in probes] for end in (0, 1))
        heights = [100 * each.accuracy for each in probes]
        figure.add_scatter(
            x=[each.labelled for each in probes], y=heights, name=names[name], mode="lines+markers",
            customdata=np.stack([low, high], 1) if probes else None,
            line={"color": colour, "width": 2.2, "dash": dash}, marker={"symbol": symbol, "size": 9},
            error_y={
                "array": [b - h for b, h in zip(high, heights, strict=True)],
                "arrayminus": [h - a for a, h in zip(low, heights, strict=True)], "thickness": 1.2, "width": 4,
            },
            hovertemplate=f"{percent_in('y')} ({percent_in('customdata[0]')} to {percent_in('customdata[1]')})",
        )  # fmt: skip
    figure.update_layout(height=430, xaxis_title="labelled examples", yaxis_title="test accuracy")
    figure.update_xaxes(type="log", tickvals=sizes, ticktext=[f"{size:,}" for size in sizes], hoverformat=",")
    figure.update_yaxes(ticksuffix=PERCENT_SIGN)
    return figure
