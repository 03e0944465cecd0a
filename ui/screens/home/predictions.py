"""What the home page asks before it shows."""

from __future__ import annotations

from math import prod

import numpy as np

from aecore.datasets import card
from aecore.predictions.schema import Choice, Given, Number, Prediction, Truth
from aecore.pretrained.recipes import BUILTIN
from ui.app.url_state import query_of
from ui.screens.home.link import PICTURES
from ui.screens.home.models import home_model, pictures_of
from ui.widgets.wording import PERCENT_SIGN, percent

FACES = "faces"
INPUTS, SIZE = prod(card(FACES).shape), BUILTIN[FACES]["latent_size"]
VISIBLE = 0.1
"""Least change of brightness that is called visible, where 0 is dark and 1 bright."""

PARTS = (
    "A pixel or a few",
    "One part, such as the mouth: less than a quarter",
    "Between a quarter and three quarters",
    "More than three quarters",
)
BOUNDS = (0.01, 0.25, 0.75)
PICTURE, FIGURES = ".st-key-hourglass", ".st-key-home-figures"


def changed(name: str = FACES) -> np.ndarray:
    """(Z, K): the share of the pixels of each picture that change visibly as each bar moves from its lowest to its
    highest value.
    """
    from aecore.nn.numpy_forward import apply, layers_of
    from aecore.pretrained.builtin import load_builtin
    from ui.components.hourglass import bars_of

    model = load_builtin(name)
    pictures = pictures_of(model)
    codes, low, high = bars_of(model, pictures)
    decoder = layers_of("decoder", model.weights, model.settings)
    shares = []
    for bar in range(codes.shape[1]):
        ends = [codes.copy(), codes.copy()]
        ends[0][:, bar], ends[1][:, bar] = low[bar], high[bar]
        first, last = (apply(decoder, each).reshape(pictures.shape) for each in ends)
        shares.append((np.abs(last - first).max(1) > VISIBLE).mean((1, 2)))
    return np.stack(shares)


def _one_number(given: Given) -> Truth:
    shares = changed()
    share = float(shares.mean())
    return Truth(
        sum(share >= bound for bound in BOUNDS),
        f"**{percent(share, 0)}** of the pixels change by more than {percent(VISIBLE, 0)} of full brightness, on "
        f"average over {shares.shape[0]} bars and {shares.shape[1]} faces. For the bar that does least, it is "
        f"{percent(float(shares.mean(1).min()), 0)}.",
    )


def _error_left(given: Given) -> Truth:
    facts = home_model(FACES).facts
    error, mean = facts["test"]["mse"], facts["baselines"]["mean_test"]
    left = round(100 * error / mean, 1)
    return Truth(
        left,
        f"**{percent(error / mean)}**: a mean squared error per pixel of {error:.4f} on the whole test set, against "
        f"{mean:.4f} for the average face.",
    )


def _linear(given: Given) -> Truth:
    facts = home_model(FACES).facts
    error, linear = facts["test"]["mse"], facts["baselines"]["pca_test"]
    ratio = round(linear / error, 1)
    return Truth(
        ratio,
        f"**{ratio:.1f} times** as large: a mean squared error per pixel of {linear:.4f} with PCA and of {error:.4f} "
        "with this network, on the whole test set.",
    )


PREDICTIONS = (
    Prediction(
        "home-one-number",
        "home",
        "Each orange bar is one number of a face's code. Move one bar from its lowest to its highest value, and leave "
        "the others. How much of the picture changes visibly, on average?",
        Choice(PARTS),
        query_of((PICTURES, FACES)),
        PICTURE,
        "It is natural to take each number for one part: this one for the mouth, that one for the hair. Nobody asked "
        "the network for such an order. Whatever helps to paint faces is spread over all the numbers, so that each of "
        "them has a hand in most of the picture.",
        _one_number,
    ),
    Prediction(
        "home-error-left",
        "home",
        f"A face is {INPUTS:,} numbers, its code {SIZE}. Call the squared error 100{PERCENT_SIGN} if the average face "
        "is the answer to every face. How much of it is left if the decoder paints each face from its code?",
        Number(0, 100, 1, "%"),
        query_of((PICTURES, FACES)),
        f"{PICTURE}, {FIGURES}",
        f"The code is {percent(SIZE / INPUTS)} as long as the picture, so it seems that nearly everything must be "
        "lost. But pixels are not independent: neighbours look alike, and every face has its eyes and mouth in about "
        "the same place. Few numbers can say how one face differs from the average.",
        _error_left,
    ),
    Prediction(
        "home-linear",
        "home",
        f"PCA is the best linear method: all it does is to add up weighted numbers. It gets a code of {SIZE} numbers "
        "as well. How many times as large is its squared error as that of this network?",
        Number(0, 10, 0.1, "times"),
        query_of((PICTURES, FACES)),
        FIGURES,
        "“The best” sounds as if nothing could beat it, so that a network with a code of the same size could at most "
        "be as good. But PCA is the best of the linear methods only. This network has layers that bend what they pass "
        "on, and can describe more with as many numbers.",
        _linear,
    ),
)
