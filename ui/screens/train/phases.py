"""The phases of a training on screen: which layers learn, are frozen or have not begun,
and where on the time line each phase lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from aecore.runs.store import Run
from ui.app.theme import CODE, ENCODER, GREY

Record = dict[str, Any]


def phases_of(records: Sequence[Record]) -> list[tuple[str, float, float]]:
    """(label, first epoch, last epoch) of each phase so far; empty for a training of one phase."""
    spans, begin = [], 0.0
    for label, group in groupby(records, key=lambda record: record.get("phase", "")):
        end = list(group)[-1]["epoch"]
        spans.append((label, begin, end))
        begin = end
    return spans if any(label for label, _, _ in spans) else []


def mark_phases(figure: go.Figure, records: Sequence[Record]) -> None:
    """Shades every other phase and writes its name at the foot of the chart."""
    for index, (label, begin, end) in enumerate(phases_of(records)):
        figure.add_vrect(
            x0=begin, x1=end, fillcolor=GREY, opacity=0.13 if index % 2 == 0 else 0.03, line_width=0, layer="below",
            annotation={"text": label, "font": {"size": 14}, "yanchor": "bottom"}, annotation_position="bottom left",
        )  # fmt: skip


def layer_strip(run: Run, records: Sequence[Record]) -> str:
    """One box for each layer: it learns now, is frozen, or has not begun. HTML; empty for a training of one phase."""
    label = records[-1].get("phase", "")
    if not label:
        return ""
    sizes = [*run.settings.get("widths", ()), run.settings.get("latent_size", 0)]
    kind, _, number = label.rpartition(" ")
    current = int(number) - 1 if number.isdigit() else None
    boxes = []
    for index, size in enumerate(sizes):
        if current is None:
            word, colour = "learns" if run.status.is_active else "has learned", ENCODER
        elif index == current:
            word, colour = "learns", CODE
        else:
            word, colour = ("frozen", ENCODER) if index < current else ("not begun", GREY)
        is_faint = word in ("frozen", "not begun")
        style = (
            f"border:2px {'dashed' if word == 'not begun' else 'solid'} {colour};border-radius:8px;padding:3px "
            f"11px;opacity:{0.65 if is_faint else 1}"
        )
        boxes.append(
            f'<span style="{style}"><b>{kind.capitalize() if number.isdigit() else "Layer"} '
            f"{index + 1}</b> · {size:,} units · {word}</span>"
        )
    return (
        f'<div role="img" aria-label="Training phase: {label}" '
        f'style="display:flex;flex-wrap:wrap;gap:8px;font-size:.9rem">{"".join(boxes)}</div>'
    )
