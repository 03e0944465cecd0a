"""What the Train page keeps in its address beyond the settings of a run."""

from __future__ import annotations

import streamlit as st

from aecore.diagnostics.records import THRESHOLDS
from aecore.variants import VARIANTS
from ui.app.address import Flag, Integer, Number, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param

VARIANT = Param("variant", OneOf(tuple(VARIANTS), lambda name: VARIANTS[name].title), next(iter(VARIANTS)))
LEAVE_OUT = Param("leave_out", Text(ID_LETTERS), "")
"""The left-out class; the settings refuse one that the data do not have."""

INSIDE = Param("inside", Text(ID_LETTERS), "")
"""The view of the diagnostics."""

IS_LOG = Param("log", Flag(), True)
"""Whether the loss is drawn on a logarithmic axis."""

SMOOTHING = Param("smoothing", Number(0.0, 0.95), 0.0)
CURVES = ("loss", "error per pixel")
CURVE = Param("curve", OneOf(CURVES), CURVES[0])
"""What is drawn of a run of several phases."""

SNAPSHOT = Param(
    "snapshot", Integer(), None, "The address asks for snapshot={asked}, which this run does not have; {instead}."
)
"""The step of the pictures on show; without it, the newest."""

APART = Param("apart", Integer(1), 1)
"""The test picture that is taken apart into unit contributions."""

ACTIVE_ABOVE = Param("active-above", OneOf(THRESHOLDS, "{:g}".format), None)
"""How far from zero a unit must be to count as active; without it, what suits the network."""

_SNAPSHOT_OF = "train-snapshot-of"


def begin_snapshots(run_id: str, *, is_active: bool) -> None:
    """Takes the snapshot of another run out of the address, and that of a run which goes on: the newest is shown."""
    if is_active or st.session_state.get(_SNAPSHOT_OF, run_id) != run_id:
        SNAPSHOT.forget()
    st.session_state[_SNAPSHOT_OF] = run_id
