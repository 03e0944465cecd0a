"""The cheat meter: how much comes back of inputs that are no data at all, next to the data."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, DataError, card
from aecore.diagnostics.records import Inside
from aecore.runs.snapshots import Frame
from aecore.runs.store import Run
from ui.app.theme import plot
from ui.screens.train.inside_figures import copying_figure, explained_text
from ui.widgets.pictures import show_columns

COPIED, REJECTED = 0.8, 0.4
"""An explained variance of other inputs of this share of the data's makes a copier; if none has more than that share,
it does not copy.
"""


def copying(run: Run, inside: Inside, frame: Frame) -> None:
    """Bars, a verdict, and some inputs of each kind with what comes back."""
    names = [_title(kind, run) for kind in inside.kinds]
    st.markdown(conclusion(names, dict(zip(inside.kinds, inside.explained, strict=True))))
    plot(
        copying_figure(names, inside.explained),
        "chart-copying",
        "Share of the variance of each kind of input that comes back.",
    )
    st.caption(
        "256 inputs of each kind, the data from the validation set. 100 %: all of it comes back. 0 %: no more than "
        "the average picture of that kind. Below: it draws something else altogether."
    )
    if inside.shown_in.ndim == 5:
        columns = st.columns(2)
        for index, (name, given, answer) in enumerate(zip(names, inside.shown_in, inside.shown_out, strict=True)):
            with columns[index % 2]:
                st.markdown(f"**{name}**, and below what comes back")
                show_columns([given, answer], (), alt=f"{name}, and what comes back")


def conclusion(names: list[str], kept: dict[str, float]) -> str:
    """What the figures say, in words: of the data, of noise and shuffled inputs, and of every other data set."""
    titles = dict(zip(kept, names, strict=True))
    others = {kind: share for kind, share in kept.items() if kind not in ("data", "noise", "shuffled")}
    closest = max(others, key=others.__getitem__, default="")
    own = titles["data"].partition(": ")[2]
    told = [
        f"Of its own kind{f' ({own})' if own else ''} **{explained_text(kept['data'])}** of the variance comes back",
        f"of pure noise **{explained_text(kept['noise'])}**",
        f"of its own examples with their numbers shuffled **{explained_text(kept['shuffled'])}**",
    ]
    if closest:
        told.append(f"of other pictures **{explained_text(others[closest])}** at best ({titles[closest]})")
    whole = f"{', '.join(told)}."
    if kept["data"] < 0.2:
        return f"{whole} It does not yet reconstruct its own data, so there is nothing to judge."
    meaningless, foreign = (
        max(shares) / kept["data"] for shares in ([kept["noise"], kept["shuffled"]], [*others.values(), -np.inf])
    )
    if meaningless >= COPIED:
        return f"{whole} It **copies** whatever it is shown: a small error on the data proves little."
    if foreign >= COPIED:
        return (
            f"{whole} It **copies other pictures** nearly as well as its own kind, but not noise: it has learned "
            "what pictures have in common, and little that only its own data have."
        )
    if max(meaningless, foreign) <= REJECTED:
        return f"{whole} It does **not copy**: it can draw what its data look like, and hardly anything else."
    return f"{whole} It copies **in part**: it has learned what its data look like, but lets much else through as well."


def _title(kind: np.str_, run: Run) -> str:
    if kind == "data":
        with suppress(DataError):  # an upload that is gone has no title any more
            return f"Its own kind: {card(run.settings['data']).title}"
        return "Its own kind"
    return {"noise": "Noise", "shuffled": "Shuffled"}.get(str(kind)) or DATASETS[str(kind)].title
