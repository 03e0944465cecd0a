"""Walks in the latent space: sliders for numbers of a code, a plane under the pointer,
a path from example to example.
"""

from __future__ import annotations

import streamlit as st

from aecore.latent.code_set import CodeError, CodeSet, refuse_unusable
from aecore.latent.maps import Map
from aecore.pretrained.trained_models import TrainedModel
from ui.app.frame import refuse
from ui.screens.latent.link import WALK, WALKS
from ui.screens.latent.walk_pad import pad
from ui.screens.latent.walk_path import path
from ui.screens.latent.walk_sliders import sliders


def walk_panel(found: CodeSet, trained_model: TrainedModel, drawn: Map) -> None:
    """One of the walks, through the codes on the map."""
    try:
        refuse_unusable(found.codes[drawn.members])
    except CodeError as error:
        refuse(str(error))
        return
    walk = st.segmented_control(
        "Walk", tuple(WALKS), default="sliders", required=True, format_func=WALKS.__getitem__,
        **WALK.bound(), label_visibility="collapsed",
        help="Each way makes codes that no example has, and shows what the network paints from them.",
    )  # fmt: skip
    {"sliders": sliders, "pad": pad, "path": path}[walk](found, trained_model, drawn.members)
