"""What the page Train asks before a network is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from aecore.diagnostics.records import inside_steps, read_inside
from aecore.experiment.settings import RunSettings
from aecore.predictions.schema import Curve, Given, NotYetError, Number, Prediction, Truth
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run
from ui.app.url_state import query_of
from ui.screens.train.link import VARIANT

RESULT = ".st-key-train-result"
PRESS = "Now press **Train**, in the form: the truth is known when training has ended."
OTHER = "The run on show has other settings than this question. Press **Train** to train the one it is about."

PLACES = (2, 10, 20, 40, 60, 80, 100)
SIZE, FEW_EPOCHS, EPOCHS = 2, 40, 50


def _address(variant: str, **settings: int | str) -> dict[str, list[str]]:
    texts = {name: [str(value)] for name, value in settings.items()}
    return {"data": ["Digits"], **query_of((VARIANT, variant)), **texts}


def _run_with(given: Given, variant: str, **settings: Any) -> Run:
    """The finished run, which must be the one that the question is about. NotYetError otherwise."""
    run = given.finished(PRESS)[0]
    wanted, there = RunSettings.build("digits", variant, **settings).to_dict(), run.settings
    ignored = {"seed", "device", "precision", "optimisation"}
    if any(there.get(name) != value for name, value in wanted.items() if name not in ignored):
        raise NotYetError(OTHER)
    return run


def _curve(given: Given) -> Truth:
    run = _run_with(given, "undercomplete", epochs=EPOCHS)
    records = ProgressLog(given.folder_of(run.id) / "progress.jsonl").read()
    records = [each for each in records if each["validation"]]  # on a slow machine some come within an epoch
    share = np.array([100 * each["share"] for each in records])
    losses = np.array([each["validation"]["reconstruction"] for each in records])
    values = np.interp(PLACES, share, 100 * losses / losses[0])
    half = share[int(np.argmax(losses < (losses[0] + losses[-1]) / 2))]
    return Truth(
        tuple(np.clip(values, 0, 110).round(2).tolist()),
        f"The validation loss went from {losses[0]:.4f} to **{losses[-1]:.4f}**. Half of that way was done after "
        f"{half:.0f} % of the training.",
    )


def _two_numbers(given: Given) -> Truth:
    run = _run_with(given, "undercomplete", latent_size=SIZE, epochs=FEW_EPOCHS, code_activation="linear")
    test, base = run.status.test or {}, run.status.baselines or {}
    explained, linear = (100 * (1 - error / base["mean_test"]) for error in (test["mse"], base["pca_test"]))
    return Truth(
        float(np.clip(explained, 0, 100).round(1)),
        f"**{explained:.0f} %** of the variance of the test pictures is explained: the error per pixel is "
        f"{test['mse']:.4f}, and {base['mean_test']:.4f} if the answer is always the average picture. PCA with {SIZE} "
        f"numbers, the best linear way, explains {linear:.0f} %.",
    )


def _copy(given: Given) -> Truth:
    run = _run_with(given, "overcomplete")
    folder = given.folder_of(run.id)
    steps = inside_steps(folder)
    found = read_inside(folder, steps[-1]) if steps else None
    if found is None or "shapes" not in found.kinds:
        raise NotYetError("This run has no memorisation check. Train it again.")
    explained = dict(zip(found.kinds, found.explained, strict=True))
    own, shapes = 100 * float(explained["data"]), 100 * float(explained["shapes"])
    return Truth(
        float(np.clip(shapes, 0, 100).round(1)),
        f"**{shapes:.0f} %**, and {own:.0f} % of its own kind (256 pictures of each). The *Memorisation check*, among "
        "the views of the network's inside, shows them, and other kinds.",
    )


PREDICTIONS = (
    Prediction(
        "train-curve",
        "train",
        "How does the validation loss fall while this network trains? The first record is 100 %. Draw the curve, then "
        "train the network.",
        Curve(PLACES, "part of the training, %", 0, 110, "validation loss, %"),
        _address("undercomplete", epochs=EPOCHS),
        RESULT,
        "Steady work suggests a straight line. Most of the loss goes in the first epochs, when every digit teaches "
        "what all digits share; the long rest is spent on details.",
        _curve,
        is_of_runs=True,
    ),
    Prediction(
        "train-two-numbers",
        "train",
        f"Only {SIZE} numbers for a picture of 64 pixels. How much of the variance of new digits will the "
        "reconstructions explain? (0 %: no better than always painting the average digit.)",
        Number(0, 100, 1, "%"),
        _address("undercomplete", latent_size=SIZE, epochs=FEW_EPOCHS, code_activation="Linear"),
        RESULT,
        f"“{SIZE} of 64, so about 3 %” treats all pixels as independent. They are not: neighbours go together, so a "
        "few numbers say much. Yet ten kinds of digits in many hands do not fit on a plane either.",
        _two_numbers,
        is_of_runs=True,
    ),
    Prediction(
        "train-copy",
        "train",
        "This code has more numbers than a digit has pixels. After training on digits, the network is shown drawn "
        "circles and squares. How much of their variance do its reconstructions explain? (0 %: no better than the "
        "average shape.)",
        Number(0, 100, 1, "%"),
        _address("overcomplete"),
        RESULT,
        "A network that has seen nothing but digits should make digits of everything, one thinks. With so much room it "
        "need not know digits: it can learn to pass pictures on, and then it passes others on as well.",
        _copy,
        is_of_runs=True,
    ),
)
