"""Memorisation check: explained variance of OOD inputs, next to the data."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, DataError, card
from aecore.diagnostics.records import Inside
from aecore.foreign import in_markdown
from aecore.runs.snapshots import Snapshot
from aecore.runs.store import Run
from ui.app.theme import plot
from ui.screens.train.inside_figures import copying_figure, explained_text
from ui.widgets.pictures import show_columns

COPIED, REJECTED = 0.8, 0.4
"""Explained variance of OOD inputs as a share of the data's: from the first on, the network is close to an identity
mapping; up to the second, it is not.
"""


def copying(run: Run, inside: Inside, snapshot: Snapshot) -> None:
    """Bars, a conclusion, and some inputs of each kind with their reconstructions."""
    names = [_title(kind, run) for kind in inside.kinds]
    st.markdown(conclusion(names, dict(zip(inside.kinds, inside.explained, strict=True))))
    plot(
        copying_figure(names, inside.explained),
        "chart-copying",
        "Explained variance of each kind of input.",
    )
    st.caption(
        "256 inputs of each kind, the data from the validation set. 100 %: a perfect reconstruction. 0 %: no better "
        "than the average picture of that kind. Below: it draws something else altogether."
    )
    if inside.shown_in.ndim == 5:
        columns = st.columns(2)
        for index, (name, given, answer) in enumerate(zip(names, inside.shown_in, inside.shown_out, strict=True)):
            with columns[index % 2]:
                st.markdown(f"**{in_markdown(name)}**, and below the reconstructions")
                show_columns([given, answer], (), alt=f"{name}, and its reconstruction")


def conclusion(names: list[str], explained: dict[str, float]) -> str:
    """What the explained variances show: of the data, of noise and shuffled inputs, and of every other data set."""
    titles = dict(zip(explained, names, strict=True))
    others = {kind: share for kind, share in explained.items() if kind not in ("data", "noise", "shuffled")}
    closest = max(others, key=others.__getitem__, default="")
    own = in_markdown(titles["data"].partition(": ")[2])
    told = [
        f"Explained variance: **{explained_text(explained['data'])}** for its own kind{f' ({own})' if own else ''}",
        f"**{explained_text(explained['noise'])}** for pure noise",
        f"**{explained_text(explained['shuffled'])}** for its own examples with their numbers shuffled",
    ]
    if closest:
        told.append(
            f"at best **{explained_text(others[closest])}** for other pictures ({in_markdown(titles[closest])})"
        )
    whole = f"{', '.join(told)}."
    if explained["data"] < 0.2:
        return f"{whole} It does not yet reconstruct its own data, so there is nothing to judge."
    meaningless, foreign = (
        max(shares) / explained["data"]
        for shares in ([explained["noise"], explained["shuffled"]], [*others.values(), -np.inf])
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
        with suppress(DataError):  # a deleted upload has no title
            return f"Its own kind: {card(run.settings['data']).title}"
        return "Its own kind"
    return {"noise": "Noise", "shuffled": "Shuffled"}.get(str(kind)) or DATASETS[str(kind)].title
