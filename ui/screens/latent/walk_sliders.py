"""A slider for each number of a code, with the decoded picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.latent.code_set import CodeSet
from aecore.latent.paths import Spans
from aecore.pretrained.trained_models import TrainedModel
from ui.components.code_sliders import Number, Rack, code_sliders, kept
from ui.screens.latent.link import CODE
from ui.screens.latent.walk_start import Start, around, mark, spread, start
from ui.widgets.live import part_of_page
from ui.widgets.wording import percent

KEY = "code-sliders"
MOST, FEW = 32, 16
"""Most numbers of a code that all get a slider; of a longer one, FEW with the largest variance."""


def sliders(found: CodeSet, trained_model: TrainedModel, members: np.ndarray) -> None:
    """The sliders, and a sentence on numbers without one."""
    known = spread(found, members)
    st.markdown(_about(found, known, start(found, members).name.isdecimal()))
    part_of_page(_rack, key="sliders")(found, members)


def _rack(found: CodeSet, members: np.ndarray) -> None:
    known, begun = spread(found, members), start(found, members)
    shown = known.order if found.codes.shape[1] <= MOST else known.order[:FEW]
    moved = _moved(begun)
    numbers = tuple(_number(known, int(index), float(begun.code[index]), moved) for index in shown)
    rack = Rack(f"{found.key}-{mark(members)}-{begun.name}", begun.code, numbers, begun.example, around(found))

    def keep() -> None:
        changed = kept(KEY, rack)
        CODE.put((begun.name, changed), unless=(begun.name, {}))

    code_sliders(rack, KEY, keep)


def _number(known: Spans, index: int, own: float, moved: dict[int, float]) -> Number:
    low, high = min(float(known.low[index]), own), max(float(known.high[index]), own)
    value = min(max(moved.get(index, own), low), high)
    return Number(index, low, high, value, float(known.mean[index]), float(known.share[index]))


def _moved(begun: Start) -> dict[int, float]:
    """Numbers (from 0) that the address changes: `code=12,3:0.5,7:-1` changes the third and the
    seventh of example 12.
    """
    name, changes = CODE.read()
    return changes if name == begun.name else {}


def _about(found: CodeSet, known: Spans, is_picked: bool) -> str:
    size, varying = found.codes.shape[1], len(known.order)
    words = [
        f"A code of {size} number{'s' if size > 1 else ''}. Turn one and see what it does."
        if size <= MOST
        else (
            f"A code of {size} numbers; here are the {min(FEW, varying)} that vary most: "
            f"{percent(float(known.share[known.order[:FEW]].sum()), 0)} of the variance."
        ),
        "They stand in the order of how much they vary, and range over the middle 98 % of the codes.",
        "The blue tick is the picked example, the grey one the mean."
        if is_picked
        else "They start at the mean code; pick an example to start from its code.",
        "A double click puts one back.",
    ]
    if len(known.dead):
        named = ", ".join(str(index + 1) for index in known.dead[:12]) + (" …" if len(known.dead) > 12 else "")
        words.append(f"**{len(known.dead)} of the numbers never change** and have no slider: {named}.")
    return " ".join(words)
