"""Parameters of the address of the Synapses page: the whole view, in parameters that are valid only together."""

from __future__ import annotations

from ui.app.url_state import Together
from ui.components.synapse_network.view import ToyView, from_query

VIEW = Together(
    ("size", "w", "b", "x", "biases", "names", "t", "found"), from_query, ToyView.to_query, ToyView(),
    "This link cannot be shown as it is: {why} Here is the textbook example instead.",
)  # fmt: skip
