"""What the anomaly page keeps in its address beyond its widgets: the network and the threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

NETWORK, THRESHOLD = "network", "threshold"
FIRST = "digits-without-3"
"""The network with which a visitor begins."""


def read_network(known: Sequence[str]) -> tuple[str, str]:
    """The network of the address, or the first one, and "" or why the address cannot be followed."""
    first = FIRST if FIRST in known else known[0]
    wanted = st.query_params.get(NETWORK, first)
    if wanted in known:
        return wanted, ""
    return first, f"The network of this link, '{wanted[:40]}', is not on this machine, or has not been trained to its end. Another one is shown."


def keep_network(name: str) -> None:
    """Puts the network into the address; threshold and odd class were another's."""
    st.query_params[NETWORK] = name
    for key in (THRESHOLD, "odd-class"):
        st.query_params.pop(key, None)
        st.session_state.pop(key, None)


def read_threshold(suggested: float) -> tuple[float, str]:
    """The threshold of the address, or the suggested one, and "" or why the address cannot be followed."""
    written = st.query_params.get(THRESHOLD)
    if written is None:
        return rounded(suggested), ""
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        return rounded(suggested), f"The threshold of this link, '{written[:20]}', is no number above zero. The suggested one is taken."
    return value, ""


def keep_threshold(value: float | None) -> None:
    """Puts the threshold into the address; None goes back to the suggested one."""
    if value is None:
        st.query_params.pop(THRESHOLD, None)
    else:
        st.query_params[THRESHOLD] = f"{value:.4g}"


def rounded(value: float) -> float:
    """As the address writes it."""
    return float(f"{value:.4g}")
