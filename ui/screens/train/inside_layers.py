"""Filters of each layer and contributions of the code's units, as pictures."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.diagnostics.records import Inside
from aecore.runs.snapshots import Snapshot
from aecore.runs.store import Run
from ui.app.address import Integer
from ui.screens.train.link import APART
from ui.widgets.pictures import diverging, show_pictures


def layers(run: Run, inside: Inside, snapshot: Snapshot) -> None:
    """Filters of every layer of the encoder, and contributions of the code's units."""
    st.caption(
        "What moves each unit: blue where brighter pixels would excite it, orange where they would hold it back. In "
        "the first layer these are the weights; in deeper ones what all layers below make of them together, the mean "
        "over 32 validation pictures (the gradient of the unit's weighted sum)."
    )
    for index, filters in enumerate(inside.layers(), 1):
        st.markdown(f"**Layer {index}**, its first {len(filters)} units")
        show_pictures(diverging(filters.astype(np.float32)), (), alt=f"Filter of layer {index}", width=46, per_row=12)
    st.markdown("**Unit contributions**")
    st.caption(
        "What is added to the picture when one unit is a standard deviation above its mean: blue is brighter, "
        "orange darker. The units that vary most come first; the number is the unit's."
    )
    names = [str(unit) for unit in inside.contribution_units]
    show_pictures(
        diverging(inside.contributions.astype(np.float32)), names, alt="Contribution of unit", width=46, per_row=12
    )


def top_activations(inside: Inside, snapshot: Snapshot) -> None:
    """One test picture as the sum of the contributions of its top activations."""
    if inside.top_contributions.ndim != 5:
        return
    count = len(inside.top_contributions)
    number = (
        st.select_slider(
            "Test picture taken apart",
            range(1, count + 1),
            **APART.among(Integer(1, count), 1).held("value"),
            width=420,
            help="Which of them.",
        )
        - 1
    )
    parts = diverging(inside.top_contributions[number].astype(np.float32))
    labels = [
        f"{unit}: {value:.2g}" for unit, value in zip(inside.top_units[number], inside.top_values[number], strict=True)
    ]
    whole = [_three(snapshot.originals[number]), _three(snapshot.reconstructions[number])]
    show_pictures(
        np.stack([*whole, *parts]),
        ["original", "recon\u00adstruction", *labels],
        alt="Taken apart:",
        width=70,
        per_row=10,
    )
    st.caption(
        "Original, reconstruction, and what its top activations add to it: the units that are farthest from their "
        "usual values, in this order (unit: activation). The picture would lack just this if the unit stayed at its "
        "usual value. Blue makes brighter, orange darker."
    )


def _three(picture: np.ndarray) -> np.ndarray:
    return np.repeat(picture, 3, axis=0) if len(picture) == 1 else picture
