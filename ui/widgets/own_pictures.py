"""The visitor's own pictures: files, the camera's, or a drawing, preprocessed like a data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, card
from aecore.datasets.handwriting import like
from aecore.datasets.uploads.images import IMAGE_ENDINGS
from aecore.datasets.uploads.parsers import HANDWRITTEN, PICTURES
from aecore.foreign import in_markdown
from ui.components.canvas import Sheet, canvas
from ui.widgets.reading import read

OWN = ("Your own", "Camera", "Drawing")
"""Kinds of own pictures."""

MOST = 16
CAMERA_HELP = (
    "Hold something up and press *Take Photo*. **No picture?** Allow the camera for this page beside its address and "
    "reload; browsers do so only over https, or on the very machine where this app runs. Or choose *Your own* or "
    "*Drawing* above instead."
)
SHEET = Sheet("drawing", np.zeros((1, 112, 112), np.uint8), "Sheet to draw on", radius=5.0)


@dataclass(frozen=True)
class Pictures:
    """x: (K, C, H, W) float32 in [0, 1]; about: one sentence that describes them."""

    x: np.ndarray
    about: str


def own_pictures(kind: str, data: str, page: str, most: int = MOST) -> Pictures | None:
    """Asks for pictures of one of the kinds in OWN, like those of `data`; None while there is none.

    DataError, in a sentence, if they are invalid.

    page: its name, so that each page has a canvas of its own.
    """
    shape = card(data).shape
    if kind == "Drawing":
        drawing = canvas(SHEET, key=f"{page}-canvas")
        return Pictures(like(drawing[0] / 255, data, shape)[None], _prepared(data, "Your drawing"))
    if kind == "Camera":
        photo = st.camera_input(
            "Take a picture",
            help="It is sent to this app's own machine only, and forgotten there a quarter of an hour after you have "
            "closed the page.",
        )
        files = [photo] if photo else []
    else:
        files = st.file_uploader(
            "Pictures",
            type=[each.removeprefix(".") for each in IMAGE_ENDINGS],
            accept_multiple_files=True,
            key="own-pictures",
            help="PNG, JPEG, GIF, WebP or BMP.",
        )
    if not files:
        st.caption(CAMERA_HELP if kind == "Camera" else f"Choose up to {most} pictures.")
        return None
    found = read(PICTURES, files[:most], f"{page}-pictures", data=data, shape=list(shape))
    if found is None:
        return None
    for note in [*found.notes, *([f"Only the first {most} are taken."] if len(files) > most else [])]:
        st.caption(in_markdown(note))
    return Pictures(found.x, _prepared(data, "Your pictures" if len(found.x) > 1 else "Your picture"))


def _prepared(data: str, what: str) -> str:
    if data in HANDWRITTEN:
        return f"{what}, white on black, scaled and centred as the pictures of {DATASETS[data].title} were."
    return f"{what}, scaled to the size of {card(data).title}."
