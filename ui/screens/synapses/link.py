"""What the synapses page keeps in its address: the whole view, in parameters that only make sense together."""

from __future__ import annotations

from ui.app.url_state import Together
from ui.components.synapse_network.view import ToyView, from_query

VIEW = Together(
    ("size", "w", "b", "x", "biases", "names", "t", "found"), from_query, ToyView.to_query, ToyView(),
    "This link cannot be shown as it is: {why} Here is the textbook example instead.",
)  # fmt: skip
