"""What the page Pooling asks before it shows."""

from __future__ import annotations

import numpy as np

from aecore.predictions.schema import Choice, Given, Number, Prediction, Truth
from aecore.worked_examples.pooling import checked_image, follow, lost, squared_error
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from ui.app.url_state import query_of
from ui.screens.pooling.link import NUMBERS, REAL, WAY, WAY_NAMES

RESULTS = ".st-key-pooling-digits"
"""The section of real digits; the board hides its reconstructions by itself."""

TWO, FLAT, BELOW = (checked_image(IMAGES[name]) for name in ("Drawn two", "Flat patches", "Below zero"))
KERNEL = next(iter(KERNELS.values()))
CLOSER = ("With switches", "Without them: each value fills its whole window", "Both come equally close")
NEGATIVE = ("All four", "Only −1", "Only −4", "None of them: a pooled value is never below 0")
MOST_TIMES = 5


def _at(image: np.ndarray) -> dict[str, list[str]]:
    return query_of((NUMBERS["image"], image), (WAY, WAY_NAMES["switch"]))


def _kept(given: Given) -> Truth:
    trace = follow(TWO, "switch", KERNEL)
    strokes = TWO != 0
    back = int((strokes & ~lost(trace.image, trace.unpooled)).sum())
    return Truth(
        float(back),
        f"**{back}** of {int(strokes.sum())}. Each of the {trace.pooled.size} windows keeps one number, and {back} of "
        f"these are not 0. The squared error is {squared_error(trace.image, trace.unpooled):g}.",
    )


def _closer(given: Given) -> Truth:
    trace = follow(FLAT, "switch", KERNEL)
    with_them, without = (squared_error(trace.image, each) for each in (trace.unpooled, trace.repeated))
    return Truth(
        2 if with_them == without else 0 if with_them < without else 1,
        f"With switches the squared error is **{with_them:g}**, without them **{without:g}**. All four cells of each "
        "window hold the same number here, and unpooling puts back only one of them.",
    )


def _negative(given: Given) -> Truth:
    trace = follow(BELOW, "switch", KERNEL)
    there, back = trace.image[:2, :2], trace.unpooled[:2, :2]
    kept = sorted(there[(there == back) & (there != 0)].tolist(), reverse=True)
    answer = {(-1.0, -2.0, -3.0, -4.0): 0, (-1.0,): 1, (-4.0,): 2, (): 3}[tuple(kept)]
    return Truth(
        answer,
        f"{'; '.join(f'{each:g}' for each in kept).replace('-', '−') or 'None'} is put back. The largest of the four "
        f"is {trace.pooled[0, 0]:g}".replace("-", "−")
        + "; the other three become 0.",
    )


def _digits(given: Given) -> Truth:
    from aecore.datasets import load
    from aecore.worked_examples.pooling_torch import losses

    data = load("digits")
    found = losses(data.train.x, data.test.x)
    times = float(found.fitted[1:].min() / found.fitted[0])
    return Truth(
        round(min(max(times, 1.0), MOST_TIMES), 2),
        f"**{times:.2f} times** as large: {found.fitted[1:].min():.4f} against {found.fitted[0]:.4f} (squared error "
        f"per pixel over {len(data.test):,} test digits, each way followed by the 3 × 3 kernel that suits it best).",
    )


PREDICTIONS = (
    Prediction(
        "pooling-kept",
        "pooling",
        f"This drawing has {int((TWO != 0).sum())} cells that are not 0. It is pooled, and unpooled with switches. "
        "How many of them come back as they were?",
        Number(0, int((TWO != 0).sum()), 1),
        _at(TWO),
        RESULTS,
        "“Switches make pooling exact” holds for the textbook example, where a window has one number. Strokes are "
        "wider than that: three of four cells in each window are forgotten, with or without switches.",
        _kept,
    ),
    Prediction(
        "pooling-flat",
        "pooling",
        "In this image all cells of a window are the same. Which reconstruction comes closer to it?",
        Choice(CLOSER),
        _at(FLAT),
        RESULTS,
        "More information ought to help, and switches are more information. But they say where one number was, and "
        "unpooling leaves the other cells at 0. For flat areas repeating is better.",
        _closer,
    ),
    Prediction(
        "pooling-negative",
        "pooling",
        "The first window holds −1, −2, −3 and −4. Max pooling, then unpooling with switches: which of these numbers "
        "come back?",
        Choice(NEGATIVE),
        _at(BELOW),
        RESULTS,
        "Pooling is often remembered as “keeps what is strong”, or mixed up with ReLU, which sets negative numbers to "
        "0. It keeps the largest number, and the largest of four negative numbers is the weakest.",
        _negative,
    ),
    Prediction(
        "pooling-digits",
        "pooling",
        "Real digits are pooled and unpooled, and a fitted kernel smooths the result. How many times as large is the "
        "error if the switches are thrown away?",
        Number(1, MOST_TIMES, 0.1, "times"),
        {**_at(TWO), **query_of((REAL, True))},
        RESULTS,
        "Losing every position sounds fatal. A kernel can learn to smear a value over its window as digits usually "
        "do, and makes up for most of it. So decoders in this app do without switches.",
        _digits,
    ),
)
