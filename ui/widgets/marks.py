"""Marks that distinguish runs: each has a number, a colour, a dash and a symbol,
the same ones in every chart.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from ui.app.theme import SERIES

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
PATHS = {
    "circle": "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z",
    "square": "M-4.4 -4.4H4.4V4.4H-4.4Z",
    "diamond": "M0 -6L6 0L0 6L-6 0Z",
    "triangle-up": "M0 -5.6L5.6 4.4H-5.6Z",
    "x": "M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0Z",
}
STROKES = {"solid": "", "dash": "7 4", "dot": "2 3", "dashdot": "7 3 2 3", "longdash": "13 4"}
"""The same symbols and dashes for a small picture beside the text."""


@dataclass(frozen=True)
class Mark:
    """The mark of the run at one place: no two of the first 35 share colour, dash and symbol."""

    number: int

    @property
    def colour(self) -> str:
        """Colour of its curve and symbol."""
        return SERIES[(self.number - 1) % len(SERIES)]

    @property
    def dash(self) -> str:
        """Dash of its curve."""
        return DASHES[(self.number - 1) % len(DASHES)]

    @property
    def symbol(self) -> str:
        """Symbol at the end of its curve and on the Pareto plot."""
        return SYMBOLS[(self.number - 1) % len(SYMBOLS)]

    def swatch(self) -> str:
        """Its number and a piece of its curve with its symbol, as HTML."""
        line = (
            f'<path d="M1 8H41" fill="none" stroke="{self.colour}" stroke-width="2.4" '
            f'stroke-dasharray="{STROKES[self.dash]}"/>'
        )
        return self._numbered(42, line)

    def badge(self) -> str:
        """Its number and its symbol in little space, as HTML."""
        return self._numbered(14)

    def _numbered(self, width: int, line: str = "") -> str:
        sign = f'<path d="{PATHS[self.symbol]}" transform="translate({width // 2} 8)" fill="{self.colour}"/>'
        picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="16">{line}{sign}</svg>'
        address = (
            "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
        )  # as an image: SVG is removed from HTML on the page
        picture = (
            f'<img src="{address}" width="{width}" height="16" alt="" '
            'style="display:inline;vertical-align:-.15em;margin-left:.35em;max-width:none">'
        )
        return f'<span style="white-space:nowrap"><b>{self.number}</b>{picture}</span>'
