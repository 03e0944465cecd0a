"""What the page Synapses asks before it shows."""

from __future__ import annotations

from math import factorial

import numpy as np

from aecore.predictions.schema import Choice, Given, Number, Prediction, Truth
from aecore.worked_examples.toy_network import ARTICLE, come_back, patterns
from aecore.worked_examples.toy_solutions import solutions
from ui.components.synapse_network.view import OPENING, ToyView
from ui.screens.synapses.link import VIEW

RESULTS = ".st-key-page-form-score, .st-key-toy-single, .st-key-toy-double"
"""The score and both tables. The drawing hides its sums and outputs by itself."""

BACK = ("All four", "Two of them", "One", "None")
SOLUTIONS = ("Exactly one", "A few dozen", "A few thousand", "About half of them")


def _address(view: ToyView) -> dict[str, list[str]]:
    return {name: [text] for name, text in VIEW.written(view).items()}


def _all_plus(given: Given) -> Truth:
    singles = patterns(4)
    back = int(come_back(OPENING.network, singles).sum())
    codes = np.unique(OPENING.network.encode(singles), axis=0)
    (code,) = codes.astype(int).tolist()
    return Truth(
        {4: 0, 2: 1, 1: 2, 0: 3}[back],
        f"**{back}** of {len(singles)}. All four films have the same code, ({code[0]}, {code[1]}), so all four "
        "outputs are equal, and none is the highest.",
    )


def _solutions(given: Given) -> Truth:
    count = len(solutions(4, 2))
    return Truth(
        0 if count == 1 else 1 if count < 100 else 2 if count < 10_000 else 3,
        f"**{count:,}** of {2**16:,}; the app has tried all. Four films share the four codes (±1, ±1), which can be "
        f"dealt out in 4 · 3 · 2 · 1 = {factorial(4)} ways.",
    )


def _two_likes(given: Given) -> Truth:
    pairs = patterns(4, 2)
    back = int(come_back(ARTICLE, pairs, "threshold").sum())
    lost = int((ARTICLE.encode(pairs) == 0).all(1).sum())
    return Truth(
        float(back),
        f"**{back}** of {len(pairs)} pairs. Codes add up, and {lost} pairs have opposite codes: their sum is (0, 0), "
        "from which no decoder can tell which pair it was.",
    )


PREDICTIONS = (
    Prediction(
        "synapses-all-plus",
        "synapses",
        "Every synapse is +1. One film is liked at a time. How many of the four likes come back as the highest output?",
        Choice(BACK),
        _address(OPENING),
        RESULTS,
        "“+1 passes a value on unchanged, so the network copies” is a natural thought. But each hidden node then adds "
        "up the same thing, and what makes films different is gone before the decoder begins.",
        _all_plus,
    ),
    Prediction(
        "synapses-solutions",
        "synapses",
        "This network has 16 synapses. Set each to +1 or −1: that makes 65,536 networks. How many of them reconstruct "
        "every single like?",
        Choice(SOLUTIONS),
        _address(OPENING),
        RESULTS,
        "Many expect one right answer, as in a puzzle. But nobody says "
        "which film gets which code, so every way of dealing out the codes is as good. Training finds one of them.",
        _solutions,
    ),
    Prediction(
        "synapses-two-likes",
        "synapses",
        "This network reconstructs every single like. Now two films are liked at once; there are six such pairs. For "
        "how many do exactly the two likes come back (outputs of 1 or more)?",
        Number(0, 6, 1),
        _address(ToyView()),
        RESULTS,
        "It seems that what works for each like must work for two, since the network only adds. It does only add, and "
        "that is the trouble: different pairs can have the same sum.",
        _two_likes,
    ),
)
