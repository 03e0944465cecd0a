"""The controls above the pooling board: examples, size, and how the deconvolution places its kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from aecore.worked_examples.pooling import SIDES, WAYS, Way
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from ui.screens.pooling.link import WAY, WAY_NAMES, from_address, write

WAY_NOTES: dict[Way, str] = {
    "switch": "Each pooled value has a 2 × 2 kernel of its own, which is 1 where the switch points and 0 elsewhere, "
    "and kernels are two cells apart. So nothing overlaps, and the sum is the unpooled map: the textbook example.",
    "spread": "One 3 × 3 kernel, laid over the unpooled map cell by cell (stride 1). Neighbours overlap, and what "
    "overlaps is summed: this is how a decoder could fill the gaps between the switches. In PyTorch: "
    "`ConvTranspose2d(1, 1, 3, padding=1)`.",
    "stride": "One 3 × 3 kernel for each value of the pooled map, two cells apart (stride 2), the switches thrown "
    "away. It is the same as unpooling to the top left and going on with stride 1. In PyTorch: "
    "`ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)`.",
}
RANDOM = "Random"
LABELS = {"Drawn two": "A drawn 2"}
"""Labels of examples whose names are not shown."""


def image_controls(image: np.ndarray) -> None:
    """Examples, one of them random, and size; each changes the image in the address."""
    st.session_state["example"] = _known(image, IMAGES)
    st.session_state["size"] = image.shape[0] if image.shape[0] == image.shape[1] else None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.pills("Examples", [*IMAGES, RANDOM], key="example", on_change=_take_example, width="content",
                 format_func=lambda name: LABELS.get(name, name),
                 help="The first is reconstructed exactly; each of the others loses something, "
                 "for a reason of its own. Random draws 0 to 9.")  # fmt: skip
        st.segmented_control("Size", SIDES, key="size", on_change=_resize,
                             format_func=lambda side: f"{side} × {side}", width="content",
                             help="Rows and columns of the image. A larger one is filled up with "
                             "zeros, a smaller one is cut.")  # fmt: skip


def way_control() -> Way:
    """How the deconvolution works, and with which kernel; returns the way."""
    names = list(WAY_NAMES.values())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.segmented_control(
            "Where the deconvolution puts its kernels", names, default=names[0], required=True,
            width="content", **WAY.bound(),
            help="A deconvolution multiplies a kernel by every value, puts each product in its place and sums what "
            "overlaps. *At the switch* only puts the values back. *On the unpooled map* uses the switches and fills "
            "the gaps between them. *On the pooled map* does without switches.",
        )  # fmt: skip
        way = WAYS[names.index(chosen)]
        if way != "switch":
            st.session_state["kernels"] = _known(from_address("kernel"), KERNELS)
            st.pills("Kernel", list(KERNELS), key="kernels", on_change=_take_kernel, width="content",
                     help="Tent joins values by straight lines; Box makes overlaps easy to count; "
                     "Repeat copies values right and down.")  # fmt: skip
    st.caption(WAY_NOTES[way])
    return way


def _known(values: np.ndarray, table: dict[str, Any]) -> str | None:
    """The name of these numbers in the table."""
    return next((name for name, each in table.items() if np.array_equal(values, each)), None)


def _take_example() -> None:
    chosen = st.session_state["example"]
    if chosen == RANDOM:
        shape = from_address("image").shape
        write("image", np.random.default_rng().integers(0, 10, shape).astype(float))
    elif chosen:
        write("image", np.array(IMAGES[chosen], float))


def _take_kernel() -> None:
    if chosen := st.session_state["kernels"]:
        write("kernel", np.array(KERNELS[chosen], float))


def _resize() -> None:
    side, image = st.session_state["size"], from_address("image")
    if side in SIDES:
        resized = np.zeros((side, side))
        kept = image[:side, :side]
        resized[: kept.shape[0], : kept.shape[1]] = kept
        write("image", resized)
