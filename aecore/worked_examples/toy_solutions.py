"""All settings of a small toy network's synapses to +1 and -1, and those that reconstruct every film."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from itertools import product

import numpy as np

from aecore.worked_examples.toy_network import READINGS, ToyNetwork, patterns

MOST_SYNAPSES = 16
"""Up to 2^16 settings are enumerated, in some milliseconds."""


def is_countable(inputs: int, hidden: int) -> bool:
    """Whether a network of this size has few enough synapses to enumerate its settings."""
    return 2 * inputs * hidden <= MOST_SYNAPSES


@cache
def solutions(inputs: int, hidden: int, reading: str = "arg max") -> np.ndarray:
    """Every setting that reconstructs all one-hot inputs without biases:
    (N, 2 D H) of +1 and -1, w1 by rows, then w2 by rows.

    All 2^(2 D H) settings are enumerated. ValueError if these are more than 2^16.
    """
    if not is_countable(inputs, hidden):
        raise ValueError(
            f"a {inputs}-{hidden}-{inputs} network has {2 * inputs * hidden} synapses; "
            f"only up to {MOST_SYNAPSES} are enumerated"
        )
    settings = np.array(list(product((1, -1), repeat=inputs * hidden)), dtype=np.int8)
    first, second = settings.reshape(-1, hidden, inputs), settings.reshape(-1, inputs, hidden)
    x, count = patterns(inputs), len(settings)
    product_of_all = second.reshape(-1, hidden).astype(np.float32) @ first.transpose(1, 0, 2).reshape(
        hidden, -1
    ).astype(np.float32)
    outputs = product_of_all.reshape(count, inputs, count, inputs).transpose(
        2, 0, 3, 1
    )  # (first, second, input, output)
    is_solved = (READINGS[reading](outputs) == x).all((2, 3))
    one, two = np.nonzero(is_solved)
    found = np.concatenate([settings[one], settings[two]], axis=1)
    found.setflags(write=False)
    return found


def signs(network: ToyNetwork) -> np.ndarray | None:
    """The network's synapses in the order of `solutions`, or None unless every one is +1 or -1."""
    flat = np.concatenate([network.w1.ravel(), network.w2.ravel()])
    return flat.astype(np.int8) if np.isin(flat, (-1.0, 1.0)).all() else None


def hint(
    network: ToyNetwork, taken: Collection[tuple[int, ...]] = (), reading: str = "arg max"
) -> tuple[int, int] | None:
    """(which synapse to flip, how many flips are missing) on the shortest path to a solution that is not in `taken`.

    None if there is none, or if the network already is that solution.
    Synapses count as in `solutions`; weights that are not +1 or -1 count by their sign, zero as +1.
    """
    left = [
        setting
        for setting in solutions(network.inputs, network.hidden, reading)
        if tuple(setting.tolist()) not in taken
    ]
    if not left:
        return None
    flat = np.concatenate([network.w1.ravel(), network.w2.ravel()])
    missing = np.array(left) != np.where(flat < 0, -1, 1)
    nearest = int(missing.sum(1).argmin())
    flips = int(missing[nearest].sum())
    return (int(missing[nearest].argmax()), flips) if flips else None
