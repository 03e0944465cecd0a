"""Training curves of recommenders; Plotly, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from aecore.recommender import BUILTIN
from aecore.recommender.models import MODELS
from ui.app.theme import GREY, ORANGE, SERIES
from ui.widgets.figures import thin

Record = dict[str, Any]
NDCG, RMSE = "NDCG@10", "RMSE"
NOT_MEASURED = "not measured yet"


def watched_figure(
    records: Sequence[Record], name: str, levels: Mapping[str, float], kept: Sequence[Record] = ()
) -> go.Figure:
    """One validation metric over epochs, with the training metric if there is one,
    and baselines, label -> value. kept: the epochs whose weights were kept by a metric, which are marked.
    """
    figure = go.Figure()
    _line(figure, "validation", records, "validation", name, SERIES[1])
    _line(figure, "training", records, "train", name, SERIES[0])
    last = epochs_done(records)[-1]
    for (label, value), colour in zip(levels.items(), (ORANGE, GREY), strict=False):
        line = {"color": colour, "width": 1.8, "dash": "dash"}
        figure.add_scatter(
            x=[0, last], y=[value, value], name=f"{label} {value:.3f}", mode="lines", hoverinfo="skip", line=line
        )
    places = _starts(records)
    marked = [each for each in kept if each["figure"] == name and each["phase"] in places]
    if marked:
        figure.add_scatter(
            x=[places[each["phase"]] + each["epoch"] for each in marked], y=[each["value"] for each in marked],
            name="kept", mode="markers", marker={"color": SERIES[1], "size": 11, "symbol": "star"},
        )  # fmt: skip
    return _with_axes(figure, name)


def term_figure(records: Sequence[Record], term: str) -> go.Figure:
    """One term of the loss over epochs, on training ratings and, where it was measured, on validation ratings."""
    figure = go.Figure()
    _line(figure, "validation", records, "validation", term, SERIES[1])
    _line(figure, "training", records, "train", term, SERIES[0])
    return _with_axes(figure, term).update_layout(showlegend=True)


def epochs_done(records: Sequence[Record]) -> list[float]:
    """The epoch at the end of each record, counted through all parts of a model."""
    done, before, found = 0.0, None, []
    for record in records:
        if before is not None and record.get("phase", "") != before.get("phase", ""):
            done += before["epoch"]
        found.append(done + record["epoch"])
        before = record
    return found


def _starts(records: Sequence[Record]) -> dict[str, float]:
    """Part of a model -> the epochs done before it began."""
    found: dict[str, float] = {}
    for record, done in zip(records, epochs_done(records), strict=True):
        found.setdefault(record.get("phase", ""), done - record["epoch"])
    return found


def loss_terms(records: Sequence[Record]) -> list[str]:
    """The names of the loss terms, in order of appearance, without metrics that have a chart of their own."""
    return [
        name
        for name in dict.fromkeys(name for record in records for name in record["train"])
        if name not in (NDCG, RMSE)
    ]


def watched(records: Sequence[Record]) -> list[str]:
    """The validation metrics in these records."""
    return [name for name in (NDCG, RMSE) if any(name in record["validation"] for record in records)]


def _line(figure: go.Figure, label: str, records: Sequence[Record], part: str, name: str, colour: str) -> None:
    found = [
        (place, record[part][name])
        for place, record in zip(epochs_done(records), records, strict=True)
        if name in record[part]
    ]
    if not found:
        return
    x, y = thin(*zip(*found, strict=True))
    figure.add_scatter(
        x=x, y=y, name=label, mode="lines+markers" if len(x) < 3 else "lines", line={"color": colour, "width": 2.2}
    )


def _with_axes(figure: go.Figure, title: str) -> go.Figure:
    figure.update_traces(hovertemplate="%{y:.4f}")
    figure.update_layout(height=300, xaxis_title="epoch", yaxis_title=title)
    return figure


def model_title(name: str) -> str:
    """The title of a recommender."""
    if name == BUILTIN:
        return "The built-in one"
    return MODELS[name].title if name in MODELS else name.replace("-", " ").capitalize()


def number(value: Any, form: str) -> str:
    """A metric as text; None is "not measured yet"."""
    return NOT_MEASURED if value is None else format(value, form)
