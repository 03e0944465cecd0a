"""The training player: Python computes the numbers, the browser steps through them."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from aecore.worked_examples.toy_training import Visit, Weights
from ui.components.mount import mount
from ui.components.training_steps.lesson import LAST_EPOCH, Lesson, Moment, epoch_of, long_course
from ui.components.training_steps.ratings_table import FILMS, Table

_mount = mount("training-steps")


def training_steps(lesson: Lesson, moment: Moment, returns: int, key: str) -> None:
    """The player, which keeps its moment as text in `st.session_state[key]["at"]`;
    when `returns` grows it goes to `moment`.
    """
    data = {**pack(lesson, moment.epoch), "at": str(moment), "returns": returns}
    _mount(key=key, data=data, default={"at": str(moment)}, on_at_change=lambda: None)


def moment_in(key: str) -> str | None:
    """The player's moment, or None before it has reported one."""
    return (st.session_state.get(key) or {}).get("at")


def pack(lesson: Lesson, number: int) -> dict[str, Any]:
    """Table, settings and errors so far, and epoch `number` with its neighbours,
    so that the next is available in advance.
    """
    around = range(max(1, number - 1), min(LAST_EPOCH, number + 1) + 1)
    errors = long_course(lesson, around[-1]).epoch_errors[: around[-1] + 1]
    return {
        "id": repr(lesson), "films": FILMS, "kind": lesson.kind, "table": _table(lesson.table),
        "hidden": lesson.hidden, "rate": lesson.rate, "order": lesson.order, "lastEpoch": LAST_EPOCH,
        "errors": _round(errors), "epochs": [_epoch(lesson, each) for each in around],
    }  # fmt: skip


def numbers(weights: Weights) -> dict[str, Any]:
    """Weights or gradients as lists."""
    return {name: _round(getattr(weights, name)) for name in ("w1", "b1", "w2", "b2")}


def _table(table: Table) -> list[dict[str, Any]]:
    words = {0.0: "no", 1.0: "yes"} if table.kind == "liked" else {}
    return [
        {
            "name": table.called(row),
            "x": _round(table.ratings.x[row]),
            "mask": table.ratings.mask[row].astype(int).tolist(),
            "shown": [
                "–" if np.isnan(value) else words.get(float(value), f"{value:.0f}★") for value in table.values[row]
            ],
        }
        for row in range(len(table))
    ]


def _epoch(lesson: Lesson, number: int) -> dict[str, Any]:
    each = epoch_of(lesson, number)
    online = lesson.order == "online"
    states = [each.before, *(visit.after for visit in each.visits)] if online else [each.before, each.after]
    visits, total = [], each.before.zeros()
    for visit in each.visits:
        total = total + visit.gradient
        visits.append(_visit(visit) | ({} if online else {"sum": numbers(total)}))
    return {
        "n": number,
        "weights": [numbers(state) for state in states],
        "visits": visits,
        "errors": _round(np.array(each.table_errors)),
    }


def _visit(visit: Visit) -> dict[str, Any]:
    names = ("sum1", "z", "sum2", "y", "difference", "delta2", "back", "delta1")
    return {
        **{name: _round(getattr(visit, name)) for name in names},
        "gradient": numbers(visit.gradient), "distance": float(f"{visit.distance:.6g}"),
        "error": float(f"{visit.error:.6g}"),
    }  # fmt: skip


def _round(values: np.ndarray) -> list[Any]:
    """Rounded to six digits, more than the screen shows."""
    return _rounded(values.tolist())


def _rounded(values: list[Any]) -> list[Any]:
    return [float(f"{each:.6g}") if isinstance(each, float) else _rounded(each) for each in values]
