"""Corruption by hand: one of the pictures on a canvas, to erase, smudge or draw on."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import streamlit as st

from ui.app.address import Integer
from ui.components.canvas import Sheet, canvas
from ui.screens.noise.link import BY_HAND, HAND_NUMBER


def corrupted_by_hand(clean: np.ndarray, noisy: np.ndarray, what: Any) -> np.ndarray:
    """Offers one of the corrupted pictures (K, C, H, W) to draw on; returns all of them, with the strokes on that one.

    `what` identifies these pictures; strokes belong to them alone.
    """
    if not st.toggle(
        "Corrupt by hand",
        help="Erase, smear or scribble on one of the pictures with mouse, finger or pen.",
        **BY_HAND.bound(),
    ):
        return noisy
    paper, side = st.columns([1, 1.6])
    with side:
        number = 0
        if len(noisy) > 1:
            number = (
                st.number_input(
                    "Picture",
                    1,
                    len(noisy),
                    1,
                    width=140,
                    help="The place of a picture in the rows below.",
                    **HAND_NUMBER.among(Integer(1, len(noisy)), 1).bound(),
                )
                - 1
            )
        st.markdown(
            "Rub something out and see whether the network knows what was there. "
            "You draw on the corrupted picture, if there are other corruptions."
        )
    start = (np.clip(noisy[number], 0, 1) * 255).round().astype(np.uint8)
    mark = hashlib.sha256(start.tobytes() + repr((what, number)).encode()).hexdigest()[:16]
    with paper:
        drawn = canvas(
            Sheet(
                mark,
                start,
                f"Picture {number + 1}, to be corrupted",
                tools=("erase", "smudge", "draw"),
                radius=max(0.8, start.shape[1] / 22),
                side=280,
            ),
            key="hand-canvas",
        )
    touched = drawn != start
    return np.concatenate(
        [
            noisy[:number],
            np.where(touched, drawn / np.float32(255), noisy[number])[None].astype(np.float32),
            noisy[number + 1 :],
        ]
    )
