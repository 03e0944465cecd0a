"""What the page Training, step by step asks before it shows."""

from __future__ import annotations

import numpy as np

from aecore.predictions.schema import Choice, Curve, Given, Number, Prediction, Truth
from aecore.worked_examples.toy_training import Ratings, Weights, output
from ui.app.url_state import query_of
from ui.components.training_steps.lesson import COMPARED, LAST_EPOCH, Lesson, Moment, course_of, epoch_of
from ui.components.training_steps.ratings_table import FILMS, PRESETS
from ui.screens.steps.link import AT, BOTH, EPOCHS, ORDER, RATE, RATINGS

LESSON = Lesson("stars", next(iter(PRESETS["stars"].values())))
USUAL = query_of((RATINGS, "stars"), (ORDER, "online"))
"""The usual table is not in the address: it is what the page opens on."""

PLAYER, CURVES = ".st-key-training-steps", ".st-key-steps-compared"
PLACES = (0, 5, 10, 20, 30, 40, 50)
FAST = 100.0
"""A learning rate at which this table is not learned."""

FILM, VIEWER = FILMS.index("Amélie"), 0
OTHERS = ("The errors of all the others fall", "Some fall, some rise", "They stay as they are")
FASTER = ("The error falls, in far fewer epochs", "The error falls, about as fast as before", "The error rises")


def _curve(given: Given) -> Truth:
    errors = course_of(LESSON, COMPARED).epoch_errors
    shares = 100 * errors[list(PLACES)] / errors[0]
    half = int(np.argmax(errors < (errors[0] + errors[-1]) / 2))
    left = course_of(LESSON, LAST_EPOCH).epoch_errors[-1]
    return Truth(
        tuple(np.clip(shares, 0, 110).round(2).tolist()),
        f"From {errors[0]:.2f} to **{errors[-1]:.2f}** in {COMPARED} epochs (online, learning rate {LESSON.rate:g}). "
        f"Half of the way is done after {half} epochs. After {LAST_EPOCH} epochs, {left:.2f} are still left.",
    )


def _others(given: Given) -> Truth:
    first = epoch_of(LESSON, 1)
    before, after = (_row_errors(each, LESSON.table.ratings)[1:] for each in (first.before, first.visits[0].after))
    rows = list(zip(LESSON.table.names[1:], before, after, strict=True))
    fallen = [f"{name} ({was:.2f} to {now:.2f})" for name, was, now in rows if now < was]
    risen = [f"{name} ({was:.2f} to {now:.2f})" for name, was, now in rows if now > was]
    return Truth(
        2 if not (fallen or risen) else 1 if fallen and risen else 0,
        f"After the update for {LESSON.table.names[0]}, the error of {_listed(fallen)} has fallen, that of "
        f"{_listed(risen)} has risen.",
    )


def _fast(given: Given) -> Truth:
    fast = course_of(Lesson(LESSON.kind, LESSON.text, LESSON.hidden, FAST), COMPARED).epoch_errors
    usual = course_of(LESSON, COMPARED).epoch_errors
    has_risen = fast[-1] >= fast[0]
    near = usual[-1] * 1.05
    return Truth(
        2 if has_risen else 0 if fast[COMPARED // 5] <= near else 1,
        f"With a rate of {FAST:g} the error goes from {fast[0]:.2f} to **{fast[-1]:.2f}** in {COMPARED} epochs; with "
        f"{LESSON.rate:g} it gets to {usual[-1]:.2f}.",
    )


def _unrated(given: Given) -> Truth:
    y = float(epoch_of(LESSON, LAST_EPOCH).visits[VIEWER].y[FILM])
    rated = [
        f"{name}: {value:.0f}"
        for name, value in zip(LESSON.table.names, LESSON.table.values[:, FILM], strict=True)
        if not np.isnan(value)
    ]
    return Truth(
        round(5 * y, 2),
        f"**{5 * y:.1f} stars**: the output is {y:.2f}, in epoch {LAST_EPOCH}. Others have given this film "
        f"{', '.join(rated)} stars.",
    )


def _row_errors(weights: Weights, ratings: Ratings) -> np.ndarray:
    return np.square(ratings.mask * (output(weights, ratings.x) - ratings.x)).sum(1) / 2


def _listed(names: list[str]) -> str:
    return " and ".join(names) if names else "nobody"


PREDICTIONS = (
    Prediction(
        "steps-curve",
        "steps",
        f"The network learns from this table for {COMPARED} epochs. How does the error of the whole table fall? At the "
        "start it is 100 %.",
        Curve(PLACES, "epoch", 0, 110, "error of the table, %"),
        {**USUAL, **query_of((BOTH, True), (EPOCHS, COMPARED))},
        f"{CURVES}, {PLAYER}",
        "A straight line down to zero is what practice seems to promise. But each step follows the gradient, which is "
        "large where the error is large: most is won early. And a narrow code leaves some error.",
        _curve,
    ),
    Prediction(
        "steps-others",
        "steps",
        f"The weights have just changed for the first time, to make the error of {LESSON.table.names[0]}'s row "
        "smaller. What happens to the errors of the other four viewers?",
        Choice(OTHERS),
        {**USUAL, **query_of((AT, Moment(1, 1, "6b")))},
        f"{CURVES}, {PLAYER}",
        "One expects that learning one thing either helps everywhere or touches nothing else. All rows go through the "
        "same weights, so a step for one viewer also moves the answers for viewers with another taste.",
        _others,
    ),
    Prediction(
        "steps-rate",
        "steps",
        f"The learning rate is now {FAST:g} instead of {LESSON.rate:g}. What happens in {COMPARED} epochs?",
        Choice(FASTER),
        {**USUAL, **query_of((RATE, FAST), (BOTH, True), (EPOCHS, COMPARED))},
        f"{CURVES}, {PLAYER}",
        "A larger step sounds like faster learning. The gradient says only in which direction the error falls close "
        "by; a step that is too long lands far beyond, where the sigmoids are flat and hardly any gradient is left.",
        _fast,
    ),
    Prediction(
        "steps-unrated",
        "steps",
        f"{LESSON.table.names[VIEWER]} has not rated {FILMS[FILM]}, so a 0 goes in for it. After {LAST_EPOCH - 1} "
        "epochs: how many stars does the network answer there?",
        Number(0, 5, 0.5, "stars"),
        {**USUAL, **query_of((AT, Moment(LAST_EPOCH, VIEWER + 1, "5")))},
        f"{CURVES}, {PLAYER}",
        "“A 0 goes in, so a 0 should come out” would be true if the error counted it. It is left out: the network is "
        "free there, and answers what its code implies, learned from viewers who have rated the film.",
        _unrated,
    ),
)
