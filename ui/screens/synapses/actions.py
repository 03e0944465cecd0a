"""Actions of the Synapses page on its view, which is stored in the session and in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from aecore.worked_examples.toy_network import ARTICLE, ToyNetwork, copying_network, sign_network
from aecore.worked_examples.toy_solutions import hint, is_countable, signs, solutions
from ui.components.synapse_network import drawn
from ui.components.synapse_network.view import BIASES, OPENING, ToyView, from_component, solution_text
from ui.screens.synapses.link import VIEW

PRESETS: dict[str, ToyView] = {
    **{f"Example {k + 1}": ToyView(ARTICLE, tuple(float(i == k) for i in range(4))) for k in range(4)},
    "All +1": OPENING,
    "Six kinds of music": ToyView(sign_network(6, 3), (0.0, 1.0, 0.0, 0.0, 0.0, 0.0), names="music"),
    "Wider than its input": ToyView(copying_network(4, 6), (1.0, 0.0, 1.0, 0.0)),
}
_WRITTEN = "toy_written"
"""Session key: what the address said when this session wrote it last."""

ABOUT = {
    "All +1": "Every synapse blue: where the puzzle of finding a solution begins.",
    "Six kinds of music": "Six inputs through three hidden nodes, each kind with a code of its own.",
    "Wider than its input": "Six hidden nodes for four inputs: each input has a node to itself and is merely copied. "
    "It reconstructs any input, and learns nothing about films.",
}


def current() -> ToyView:
    """The view of this session, initially that of the address; an address that has come since takes its place."""
    if "toy" not in st.session_state:
        _keep(_with_found(VIEW.read()), is_new=True)
    elif VIEW.is_there and VIEW.text != st.session_state.get(_WRITTEN):
        asked, found = VIEW.read(), st.session_state["toy"].found
        _keep(_with_found(replace(asked, found=tuple(dict.fromkeys([*found, *asked.found])))), is_new=True)
    for key, value in _widgets(st.session_state["toy"]).items():
        st.session_state.setdefault(key, value)  # a run that was broken off before they were drawn has lost them
    return st.session_state["toy"]


def size() -> tuple[int, int]:
    """How many inputs and hidden nodes the view has, of which the head of the page speaks."""
    network = st.session_state["toy"].network
    return network.inputs, network.hidden


def write_address(view: ToyView) -> None:
    """Writes the view into the address if it differs."""
    VIEW.write(view)
    st.session_state[_WRITTEN] = VIEW.text


def revision() -> int:
    """Number of changes that did not come from the drawing."""
    return st.session_state["toy_revision"]


def flash() -> int:
    """The synapse that the last hint flipped, or -1."""
    return st.session_state.get("toy_flash", -1)


def take_drawing() -> None:
    """Takes over a change in the drawing."""
    state = drawn()
    if state is None:
        return
    try:
        _keep(_with_found(from_component(st.session_state["toy"], state)), is_new=False)
    except ValueError as error:
        st.session_state["notice"] = str(error)


def use_preset(name: str) -> None:
    """Shows one of the examples; solutions found so far are kept."""
    view, now = PRESETS[name], st.session_state["toy"]
    _keep(_with_found(replace(view, found=now.found, biases=now.biases, temperature=now.temperature)), is_new=True)


def resize() -> None:
    """Takes over a change of the size."""
    inputs, hidden = int(st.session_state["toy-inputs"]), int(st.session_state["toy-hidden"])
    _keep(_with_found(st.session_state["toy"].resized(inputs, hidden)), is_new=True)


def restyle() -> None:
    """Takes over a change of biases or names; the numbers stay."""
    view = replace(st.session_state["toy"], biases=st.session_state["toy-biases"], names=st.session_state["toy-names"])
    _keep(_with_found(view), is_new=False)


def give_hint() -> None:
    """Flips one synapse on the shortest path to a solution not found yet."""
    view: ToyView = st.session_state["toy"]
    step = next_hint(view)
    if step is None:
        return
    net, (index, _missing) = view.network, step
    flat = np.concatenate([net.w1.ravel(), net.w2.ravel()])
    flat = np.where(flat < 0, -1.0, 1.0)
    flat[index] = -flat[index]
    cut = net.w1.size
    _keep(
        _with_found(
            replace(view, network=ToyNetwork.of(flat[:cut].reshape(net.w1.shape), flat[cut:].reshape(net.w2.shape)))
        ),
        is_new=True,
    )
    st.session_state["toy_flash"] = index


def next_hint(view: ToyView) -> tuple[int, int] | None:
    """(which synapse, how many flips are missing) on the path to the nearest solution that has not been
    found; None if all have.
    """
    return hint(view.applied, [tuple(1 if letter == "p" else -1 for letter in text) for text in view.found])


def found_here(view: ToyView) -> int:
    """How many solutions of this size have been found."""
    length = 2 * view.network.w1.size
    return sum(len(text) == length for text in view.found)


def _with_found(view: ToyView) -> ToyView:
    """The view, with its synapses noted if they are a new solution; invalid ones are dropped."""
    net = view.applied
    if is_countable(net.inputs, net.hidden) and not (net.b1.any() or net.b2.any()):
        known = {solution_text(each) for each in solutions(net.inputs, net.hidden)}
        now = signs(net)
        fresh = [solution_text(now)] if now is not None and solution_text(now) in known else []
        kept = [text for text in view.found if text in known or len(text) != 2 * net.w1.size]
        return replace(view, found=tuple(dict.fromkeys([*kept, *fresh])))
    return view


def _keep(view: ToyView, *, is_new: bool) -> None:
    st.session_state["toy"] = view
    st.session_state["toy_flash"] = -1
    st.session_state["toy_revision"] = st.session_state.get("toy_revision", 0) + is_new
    st.session_state.update(_widgets(view))


def _widgets(view: ToyView) -> dict[str, Any]:
    """Key -> value of the widgets that say how the view is."""
    size = {"toy-inputs": view.network.inputs, "toy-hidden": view.network.hidden}
    return {**size, "toy-biases": view.biases, "toy-names": view.names}


def bias_word(kind: str) -> str:
    """The title of a way of drawing biases."""
    return BIASES[kind]
