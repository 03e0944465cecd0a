"""The synapse network: a toy network whose synapses and inputs are clicked, dragged and typed.

It computes in the browser.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.components.mount import mount
from ui.components.synapse_network.view import ToyView

KEY = "synapse-network"
_mount = mount("synapse-network")


def synapse_network(view: ToyView, revision: int, flash: int, on_change: Callable[[], None]) -> None:
    """Shows the view; the drawing keeps its own numbers until `revision` changes.

    `flash` is the synapse to highlight, or -1.

    After each change in the drawing `on_change` runs, and `drawn()` holds its numbers.
    """
    net = view.network
    data = {
        "revision": revision, "flash": flash, "labels": list(view.labels), "biases": view.biases, "x": list(view.x),
        "temperature": view.temperature,
        **{name: getattr(net, name).tolist() for name in ("w1", "w2", "b1", "b2")},
    }  # fmt: skip
    _mount(key=KEY, data=data, default={"net": None}, on_net_change=on_change)


def drawn() -> dict[str, object] | None:
    """The numbers of the drawing after the last change: w1, w2, b1, b2, x and temperature."""
    state = st.session_state.get(KEY)
    return dict(state.net) if state is not None and state.net else None
