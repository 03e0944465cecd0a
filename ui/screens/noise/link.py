"""What the noise lab keeps in its address beyond its widgets: the damage."""

from __future__ import annotations

import streamlit as st

from aecore.corruption.chain import CorruptionError, CorruptionStep, as_text, from_text

DAMAGE = "damage"
FIRST = (CorruptionStep("gaussian", 0.5),)


def read_damage(shape: tuple[int, ...]) -> tuple[tuple[CorruptionStep, ...], str]:
    """The damage of the address, and "" or why it cannot be done; then it is the usual one."""
    if DAMAGE not in st.query_params:
        return FIRST, ""
    try:
        return from_text(st.query_params[DAMAGE], shape), ""
    except CorruptionError as error:
        return FIRST, str(error)


def keep_damage(chain: tuple[CorruptionStep, ...]) -> None:
    """Puts the damage into the address."""
    st.query_params[DAMAGE] = as_text(chain)
