"""A point of one's own: a drawing or a picture is encoded and placed among its nearest codes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.datasets import DataError, card
from aecore.foreign import in_markdown
from aecore.latent.code_set import CodeSet
from aecore.latent.maps import Map, MapRequest
from aecore.latent.neighbours import PLACED_BY, nearest, place
from aecore.pretrained.trained_models import TrainedModel, encode
from ui.app.frame import refuse
from ui.components.data_uri import data_uri
from ui.components.latent_map import Mark
from ui.screens.latent.codes import pictures
from ui.screens.latent.view import metric
from ui.widgets.live import rerun_part
from ui.widgets.networks import network, reconstruct
from ui.widgets.own_pictures import OWN, own_pictures
from ui.widgets.picture_rows import ALONE
from ui.widgets.pictures import as_bytes, show_columns, show_pictures

MOST = 4
SLOT = "own-points"


def own_marks(found: CodeSet, request: MapRequest, drawn: Map) -> tuple[Mark, ...]:
    """The visitor's own pictures as stars on the map, each at the median place of its nearest codes."""
    kept = st.session_state.get(SLOT)
    if kept is None or kept[0] != found.key:
        return ()
    _, x, codes = kept
    where = place(found.codes[drawn.members], drawn.positions, codes)
    return tuple(
        Mark(tuple(map(float, spot)), f"yours {number}" if len(x) > 1 else "yours", data_uri(as_bytes(picture)))
        for number, (spot, picture) in enumerate(zip(where, x, strict=True), 1)
    )


def own_panel(found: CodeSet, trained_model: TrainedModel) -> None:
    """Asks for pictures, encodes them, and shows their nearest codes."""
    if not card(found.data).is_image:
        st.info("Points of your own can be placed where the examples are pictures.", icon=":material/image:")
        return
    left, right = st.columns([1, 1.6], gap="large")
    own, problem = None, ""
    with left:
        kind = st.segmented_control(
            "Your picture",
            OWN[::-1],
            default=OWN[-1],
            required=True,
            key="own-kind",
            help="Draw it, take it with the camera, or choose a file.",
        )
        try:
            own = own_pictures(kind, found.data, "latent", MOST)
        except DataError as error:
            problem = str(error)
    is_empty = own is None or not float(own.x.max()) > 0
    before = st.session_state.get(SLOT)
    if is_empty:
        st.session_state.pop(SLOT, None)
    elif before is None or before[0] != found.key or not np.array_equal(before[1], own.x):
        st.session_state[SLOT] = (found.key, own.x, encode(network(trained_model), own.x))
    if (before is None) != is_empty or (before is not None and not is_empty and before is not st.session_state[SLOT]):
        rerun_part()
    with right:
        if problem:
            refuse(problem)  # not below the sheet, which would move it
        elif is_empty:
            st.caption(
                "Draw something on the sheet: it will appear as a star on the map, beside the codes it is nearest to."
            )
        else:
            _answer(found, trained_model, own.x, own.about)


def _answer(found: CodeSet, trained_model: TrainedModel, x: np.ndarray, about: str) -> None:
    _, _, codes = st.session_state[SLOT]
    show_pictures(
        np.concatenate([as_bytes(x), as_bytes(reconstruct(trained_model, x))]),
        ["original"] * len(x) + ["reconstruction"] * len(x),
        alt="Yours",
        width=92 if len(x) > 1 else ALONE,
        per_row=8,
    )
    for number, code in enumerate(codes, 1):
        near, far = nearest(found.codes, code, 8, metric())
        if found.labels is not None:
            counts = np.bincount(found.labels[near[:PLACED_BY]], minlength=len(found.classes))
            st.markdown(
                f"{'Number ' + str(number) + ': ' if len(codes) > 1 else ''}{counts.max()} of its {PLACED_BY} nearest "
                f"codes are **{in_markdown(found.classes[counts.argmax()])}**."
            )
        show_columns(
            [pictures(found)[near]], [f"{distance:.3g}" for distance in far], alt="Near yours, at distance", width=46
        )
    st.caption(
        f"{about} Placed at the median of the places of its {PLACED_BY} nearest codes; the map itself does not move."
    )
