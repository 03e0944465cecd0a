"""One palette and one Plotly template, light and dark.

The colours are Okabe & Ito's (2008), distinguishable with colour blindness.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go

from ui.components.chart import chart

BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, YELLOW, GREY = "#cc79a7", "#56b4e9", "#f0e442", "#8a93a3"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY)
"""Colours of curves, in order. Curves also differ in dash or label: colour is never the only sign."""

ENCODER, CODE, DECODER = BLUE, ORANGE, GREEN
"""Everywhere in the app: the encoder is blue, the code orange, the decoder green."""

NEGATIVE, ZERO, POSITIVE = (217, 95, 2), (247, 247, 245), (5, 97, 163)
"""Weights as pictures: orange below zero, blue above."""

PLOT_CONFIG = {"displaylogo": False, "displayModeBar": False, "responsive": True, "scrollZoom": False}


LAYOUT = {
    "colorway": SERIES,
    "margin": {"l": 8, "r": 8, "t": 34, "b": 8},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
    "hovermode": "x unified",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
}
"""The template of every chart; ink, grid and font follow the visitor's theme,
which only the browser knows.
"""


def plot(
    figure: go.Figure,
    key: str,
    alt: str,
    *,
    revision: str = "",
    on_click: Callable[[Any], None] | None = None,
    **config: object,
) -> None:
    """Shows a figure; `alt` describes it in words.

    revision: while it stays the same, zoom and hidden curves survive new data.
    on_click gets the `customdata` of the clicked point. config: Plotly's.
    """
    figure.update_layout(template=go.layout.Template(layout=LAYOUT), uirevision=revision or None)
    chart(figure, key, alt, PLOT_CONFIG | config, on_click)
