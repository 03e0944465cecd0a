"""The same on a real digit: PyTorch's pooling and three ways of unpooling, and their errors over a test set.

Loads torch when opened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, DataError, is_ready, load
from ui.app.address_choices import OneOf
from ui.app.frame import refuse
from ui.screens.pooling.link import DIGIT, SET, SHOWN
from ui.widgets.pictures import diverging, show_pictures
from ui.widgets.wording import percent

SETS = ("digits", "mnist")
TRAINED_ON = 5000
WAYS = ("With switches", "Without: top left", "Without: repeated")
"""Titles of `aecore.worked_examples.pooling_torch.BACK`."""


def digit_section() -> None:
    """Chooses a digit, shows its pooling and unpooling, and the mean errors."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        ready = {DATASETS[name].title: name for name in SETS if is_ready(name)}
        bound = SET.among(OneOf(list(ready)), "Digits").bound()
        title = st.segmented_control("Pictures", list(ready), default="Digits", required=True, width="content", **bound,
                                     help="Digits have 8 × 8 pixels. MNIST has 28 × 28, "
                                     "and is here once downloaded on the Data page.")  # fmt: skip
        name = ready[title]
        number = st.number_input("Test digit", 1, SHOWN, 1, width=170, **DIGIT.bound(),
                                 help="Which digit of the test set. Neither kernel nor anything "
                                 "else was fitted on it.")  # fmt: skip
    try:
        analysis = _analysis(name)
    except DataError as error:
        refuse(str(error))
        return
    _pictures(analysis, analysis["pictures"][number - 1 : number])
    _losses(analysis, title)


@st.cache_data(show_spinner="Pooling the whole test set with PyTorch", max_entries=4)
def _analysis(name: str) -> dict[str, Any]:
    """The first test pictures (K, 1, H, W) and the losses of each way. DataError if the data are missing."""
    from aecore.worked_examples.pooling_torch import losses

    data = load(name)
    found = losses(data.train.x[:TRAINED_ON], data.test.x)
    counts = {"train": min(TRAINED_ON, len(data.train)), "test": len(data.test)}
    return {
        "pictures": data.test.x[:SHOWN].copy(),
        "counts": counts,
        **{part: getattr(found, part) for part in ("kernels", "plain", "fitted", "closest", "blank")},
    }


def _pictures(analysis: dict[str, Any], digit: np.ndarray) -> None:
    from aecore.worked_examples.pooling_torch import deconvolved, there_and_back

    pooled = there_and_back(digit)
    height, width = digit.shape[2:]
    mask = np.zeros_like(digit)
    mask.flat[pooled.switches.ravel()] = 1
    fitted = np.stack(
        [deconvolved(maps, kernel) for maps, kernel in zip(pooled.back, analysis["kernels"], strict=True)]
    )
    error = [[f"{float(np.square(maps - digit).mean()):.3f}" for maps in stack] for stack in (pooled.back, fitted)]
    values = pooled.values.repeat(2, axis=2).repeat(2, axis=3)
    numbers, kept = height * width, pooled.values.size
    st.markdown(f"**What goes in and what is kept.** {numbers} pixels become **{kept} pooled values** and **{kept} "
                f"switches**. A switch says which of four cells, that is 2 bits: {2 * kept} bits, or {kept // 4} "
                "bytes, that the code has to carry in addition.")  # fmt: skip
    show_pictures(np.concatenate([digit, values, mask]),
                  ["the digit", f"pooled, {height // 2} × {width // 2}", "switches: the cells kept"],
                  alt="Test digit,", width=150, per_row=6)  # fmt: skip
    st.markdown("**Unpooled,** with the squared error per pixel of this digit.")
    show_pictures(pooled.back[:, 0], _captions(error[0]), alt="Unpooled,", width=150, per_row=6)
    st.markdown("**Then a deconvolution** (`ConvTranspose2d`) with the 3 × 3 kernel that suits each way best.")
    show_pictures(fitted[:, 0], _captions(error[1]), alt="Deconvolved,", width=150, per_row=6)


def _captions(errors: list[str]) -> list[str]:
    return [f"{way.lower()}: {error}" for way, error in zip(WAYS, errors, strict=True)]


def _losses(analysis: dict[str, Any], title: str) -> None:
    plain, fitted, closest, counts = (analysis[part] for part in ("plain", "fitted", "closest", "counts"))
    rows = [f"| {way} | {plain[i]:.4f} | **{fitted[i]:.4f}** | {percent(closest[i])} |" for i, way in enumerate(WAYS)]
    st.markdown("**What is lost, on average:** squared error per pixel over the whole test set.")
    st.markdown("\n".join(["| | unpooled | deconvolved | closest |", "|---|---:|---:|---:|", *rows]))
    st.markdown(_reading(plain, fitted))
    st.markdown("The three kernels, blue above zero, orange below:")
    show_pictures(
        diverging(analysis["kernels"][:, None]), [way.lower() for way in WAYS], alt="Kernel,", width=110, per_row=6
    )
    st.caption(
        f"{title}: each kernel has nine weights and no bias, and is the least-squares solution on "
        f"{counts['train']:,} training digits, so that every way back gets the same help. Errors are over all "
        f"{counts['test']:,} test digits, computed when this section was first opened; an empty picture has "
        f"{analysis['blank']:.4f}. “Closest” is the share of test digits to which this way comes closest once "
        "deconvolved. Pixels are between 0 and 1. “Top left” followed by this kernel is a `ConvTranspose2d` of "
        "stride 2 on the pooled values."
    )


def _reading(plain: np.ndarray, fitted: np.ndarray) -> str:
    """A conclusion from the table."""
    without = int(fitted[1:].argmin()) + 1
    share = 1 - fitted[0] / fitted[without]
    sentence = (
        "After the deconvolution, losing the switches costs: the best way without them has "
        f"{fitted[without] / fitted[0]:.2f} times the error. The switches take {percent(share)} of it away."
        if share > 0 else "After the deconvolution, the switches bring nothing here."
    )  # fmt: skip
    if plain[2] < plain[0]:
        sentence += (
            " Before it, repeating comes closer: strokes are wider than a cell, "
            "and switches alone leave three of four cells black."
        )
    return sentence
