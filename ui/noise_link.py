"""What the noise lab keeps in its address beyond its widgets: the damage and the networks."""

from __future__ import annotations

import streamlit as st

from aecore.damage import Damage, DamageError, as_text, from_text

DAMAGE, NETWORKS = "damage", "networks"
FIRST = (Damage("gaussian", 0.5),)


def read_damage(shape: tuple[int, ...]) -> tuple[tuple[Damage, ...], str]:
    """The damage of the address, and "" or why it cannot be done; then it is the usual one."""
    if DAMAGE not in st.query_params:
        return FIRST, ""
    try:
        return from_text(st.query_params[DAMAGE], shape), ""
    except DamageError as error:
        return FIRST, str(error)


def keep_damage(chain: tuple[Damage, ...]) -> None:
    """Puts the damage into the address."""
    st.query_params[DAMAGE] = as_text(chain)


def read_networks(known: tuple[str, ...], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """The networks of the address that are among the known ones, or `otherwise` if it names none."""
    if NETWORKS not in st.query_params:
        return otherwise
    return tuple(name for name in st.query_params[NETWORKS].split(",") if name in known)


def keep_networks(chosen: tuple[str, ...]) -> None:
    """Puts the networks into the address."""
    st.query_params[NETWORKS] = ",".join(chosen)
