"""The curves of the Steps page; a pure function, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from aecore.worked_examples.toy_training import Course
from ui.app.theme import GREY, SERIES
from ui.widgets.figures import thin, unchecked

DASHES = {"online": "solid", "batch": "dash"}


def courses_figure(courses: Sequence[Course], *, over: str = "epochs", marked_epoch: int | None = None) -> go.Figure:
    """E of the whole table along each course; `over` is 'epochs' or 'updates',
    of which online learning makes one for every row.
    """
    lines = []
    for course, colour in zip(courses, SERIES, strict=False):
        errors = course.epoch_errors if over == "epochs" else course.errors
        x, y = thin(np.arange(len(errors)).tolist(), errors.tolist())
        lines.append({
            "type": "scatter", "x": x, "y": y, "name": course.order,
            "mode": "lines+markers" if len(x) < 12 else "lines", "hovertemplate": "%{y:.4f}",
            "line": {"color": colour, "width": 2.4, "dash": DASHES[course.order]},
        })  # fmt: skip
    marks = []
    if marked_epoch is not None and over == "epochs":
        marks.append({
            "x0": marked_epoch, "x1": marked_epoch, "y0": 0, "y1": 1, "yref": "y domain",
            "line": {"color": GREY, "width": 1.5, "dash": "dot"},
        })  # fmt: skip
    layout = {
        "height": 330, "xaxis": {"title": {"text": over}},
        "yaxis": {"title": {"text": "error of the table"}, "rangemode": "tozero"},
        **({"shapes": marks} if marks else {}),
    }  # fmt: skip
    return unchecked(lines, layout)
