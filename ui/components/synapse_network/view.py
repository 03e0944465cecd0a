"""The view of the Synapses page, which is written into the address and read back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from aecore.worked_examples.toy_network import ARTICLE, ToyNetwork, sign_network

BIASES = {"none": "No biases", "node": "+1 nodes", "inside": "b inside the node"}
NAMES = {
    "films": ("Space opera", "Heist", "Love story", "Ghost tale", "Western", "Courtroom"),
    "music": ("Jazz", "Rock", "Folk", "Opera", "Hip-hop", "Techno"),
}
LARGEST = 1e6
INPUTS, HIDDEN = (3, 6), (1, 6)


@dataclass(frozen=True)
class ToyView:
    """A network, the input on it and how both are shown.

    `found` holds solutions as strings of p and m, in the order found.
    """

    network: ToyNetwork = ARTICLE
    x: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0)
    biases: str = "none"
    names: str = "films"
    temperature: float = 1.0
    found: tuple[str, ...] = field(default=())

    @property
    def applied(self) -> ToyNetwork:
        """The network that is computed: without biases where none are shown."""
        return self.network.without_biases() if self.biases == "none" else self.network

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return NAMES[self.names][: self.network.inputs]

    def resized(self, inputs: int, hidden: int) -> ToyView:
        """The same view of a network of another size, its synapses +1 and -1 so that as many inputs
        as possible are reconstructed.
        """
        x = (*self.x, *([0.0] * inputs))[:inputs]
        return replace(self, network=sign_network(inputs, hidden), x=x if any(x) else (1.0, *x[1:]))

    def to_query(self) -> dict[str, str]:
        """Parameters for the address; defaults are left out."""
        net, default = self.network, ToyView()
        query = {
            "size": f"{net.inputs}-{net.hidden}",
            "w": _join([*net.w1.ravel(), *net.w2.ravel()]),
            "b": _join([*net.b1, *net.b2]) if np.any(net.b1) or np.any(net.b2) else "",
            "x": _join(self.x),
            "biases": self.biases if self.biases != default.biases else "",
            "names": self.names if self.names != default.names else "",
            "t": f"{self.temperature:g}" if self.temperature != default.temperature else "",
            "found": ".".join(self.found),
        }
        return {name: text for name, text in query.items() if text}


OPENING = ToyView(ToyNetwork.of(np.ones((2, 4)), np.ones((4, 2))))
"""The start of the puzzle: every synapse is +1."""


def from_query(query: dict[str, str]) -> ToyView:
    """The view that an address describes. ValueError, in a sentence, if some part of it is invalid."""
    if not query.keys() & {"size", "w", "b", "x", "biases", "names", "t", "found"}:
        return OPENING
    inputs, hidden = _size(query.get("size", "4-2"))
    count = inputs * hidden
    view = ToyView().resized(inputs, hidden)
    network = view.network
    if "w" in query:
        w = _numbers(query["w"], 2 * count, "w, the synapses")
        network = ToyNetwork.of(w[:count].reshape(hidden, inputs), w[count:].reshape(inputs, hidden))
    if "b" in query:
        b = _numbers(query["b"], hidden + inputs, "b, the biases")
        network = replace(network, b1=b[:hidden], b2=b[hidden:])
    x = tuple(_numbers(query["x"], inputs, "x, the inputs").tolist()) if "x" in query else view.x
    temperature = float(_numbers(query.get("t", "1"), 1, "t, the temperature")[0])
    if not 0.02 <= temperature <= 20:
        raise ValueError(f"t, the temperature, is {temperature:g} in this link; it lies between 0.02 and 20.")
    found = tuple(text for text in query.get("found", "").split(".") if text and set(text) <= {"p", "m"})
    return ToyView(network, x, _one_of(query, "biases", BIASES), _one_of(query, "names", NAMES), temperature, found)


def from_component(view: ToyView, state: dict[str, Any]) -> ToyView:
    """The view after a change in the drawing.

    ValueError if the numbers do not fit the network.
    """
    net = view.network
    parts = {name: np.asarray(state[name], float) for name in ("w1", "w2", "b1", "b2")}
    x, temperature = tuple(map(float, state["x"])), float(state["temperature"])
    if any(parts[name].shape != getattr(net, name).shape for name in parts) or len(x) != net.inputs:
        raise ValueError("The drawing belongs to a network of another size.")
    if not all(np.isfinite(part).all() and np.abs(part).max() <= LARGEST for part in (*parts.values(), np.array(x))):
        raise ValueError(f"Weights, biases and inputs lie between -{LARGEST:,.0f} and {LARGEST:,.0f}.")
    return replace(view, network=ToyNetwork(**parts), x=x, temperature=min(20.0, max(0.02, temperature)))


def solution_text(signs: np.ndarray) -> str:
    """A setting of synapses as the address writes it: p for +1, m for -1."""
    return "".join("p" if sign > 0 else "m" for sign in signs)


def _join(numbers: Any) -> str:
    return "_".join(f"{float(f'{number:.4g}'):g}" for number in numbers)


def _numbers(text: str, count: int, what: str) -> np.ndarray:
    try:
        numbers = np.array([float(part) for part in text.split("_")])
    except ValueError:
        raise ValueError(
            f"{what}, should be numbers with _ between them in this link, and one of them is not a number."
        ) from None
    if len(numbers) != count:
        raise ValueError(
            f"{what}, should be {count} numbers for this size of network, and there are {len(numbers)} in this link."
        )
    if not all(math.isfinite(number) and abs(number) <= LARGEST for number in numbers):
        raise ValueError(
            f"{what}, must lie between -{LARGEST:,.0f} and {LARGEST:,.0f}, and one of them in this link does not."
        )
    return numbers


def _size(text: str) -> tuple[int, int]:
    inputs, _, hidden = text.partition("-")
    if inputs.isdecimal() and hidden.isdecimal() and len(text) < 6:
        size = int(inputs), int(hidden)
        if INPUTS[0] <= size[0] <= INPUTS[1] and HIDDEN[0] <= size[1] <= HIDDEN[1]:
            return size
    raise ValueError("size should be inputs-hidden, such as 4-2, with 3 to 6 inputs and 1 to 6 hidden nodes.")


def _one_of(query: dict[str, str], name: str, choices: dict[str, Any]) -> str:
    value = query.get(name, next(iter(choices)))
    if value not in choices:
        raise ValueError(f"{name} is '{value[:30]}' in this link; it can be {', '.join(choices)}.")
    return value
