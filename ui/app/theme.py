"""One palette and one Plotly template, light and dark.

The colours are Okabe & Ito's (2008), distinguishable with colour blindness.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from ui.components.chart import Drawn, chart, drawn

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


pio.templates.default = None
"""Every figure would carry a copy of Plotly's own template, only to lose it below."""

MOST_DRAWN = 256
_drawn: OrderedDict[Hashable, Drawn] = OrderedDict()
_lock = threading.Lock()


def plot(
    figure: go.Figure | Callable[[], go.Figure],
    key: str,
    alt: str,
    *,
    of: Hashable = None,
    revision: str = "",
    on_click: Callable[[Any], None] | None = None,
    **config: object,
) -> None:
    """Shows a figure; `alt` describes it in words.

    of: all that the figure follows from. It is then drawn once for everybody who looks at the same, and `figure` is a
    function that draws it. revision: while it stays the same, zoom and hidden curves survive new data.
    on_click gets the `customdata` of the clicked point. config: Plotly's.
    """
    chart(_drawn_once(figure, (key, of, revision), revision), key, alt, PLOT_CONFIG | config, on_click)


def _drawn_once(figure: go.Figure | Callable[[], go.Figure], of: tuple[str, Hashable, str], revision: str) -> Drawn:
    if isinstance(figure, go.Figure):
        return drawn(figure, LAYOUT, revision)
    with _lock:
        known = _drawn.get(of)
        if known:
            _drawn.move_to_end(of)
            return known
    fresh = drawn(figure(), LAYOUT, revision)
    with _lock:
        _drawn[of] = fresh
        while len(_drawn) > MOST_DRAWN:
            _drawn.popitem(last=False)
    return fresh
