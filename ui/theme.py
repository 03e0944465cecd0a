"""One palette and one Plotly template, light and dark. The colours are Okabe & Ito's (2008), told apart by colour-blind eyes too."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, YELLOW, GREY = "#cc79a7", "#56b4e9", "#f0e442", "#8a93a3"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY)
"""Colours of curves, in order. Curves also differ in dash or label: colour is never the only sign."""

ENCODER, CODE, DECODER = BLUE, ORANGE, GREEN
"""Everywhere in the app: what goes in is blue, the code is orange, what comes out is green."""

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
"""The template of every chart; ink, grid and font follow the visitor's theme, which only the browser knows for certain."""


def plot(figure: go.Figure, key: str, alt: str) -> None:
    """Shows a figure; `alt` says in words what it shows. How it answers to the pointer may be its own."""
    own = {} if figure.layout.hovermode is None else {"hovermode": figure.layout.hovermode}
    figure.update_layout(template=go.layout.Template(layout=LAYOUT), **LAYOUT | own)
    st.plotly_chart(figure, key=key, theme="streamlit", config=PLOT_CONFIG, alt=alt)
