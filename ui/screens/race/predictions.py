"""What the page Race asks before the networks have trained."""

from __future__ import annotations

import numpy as np

from aecore.experiment.comparison import Comparison, ComparisonEntry
from aecore.experiment.comparison_presets import COMPARISON_PRESETS
from aecore.predictions.schema import Choice, Curve, Given, NotYetError, Prediction, Truth
from aecore.runs.store import Run
from ui.app.url_state import query_of
from ui.screens.race.link import RACE
from ui.widgets.wording import percent

RESULT = ".st-key-race-result"
PRESS = "Now press **Start the race**, in the form: the truth is known when all have ended."
OTHER = "The runs on show are not those of this question. Press **Start the race** to train them."

SIZES = (2, 4, 8, 16, 32)
LINEAR = COMPARISON_PRESETS["pca"].on("digits")
CODES = Comparison.on(
    "digits",
    tuple(ComparisonEntry("undercomplete", {"latent_size": size, "code_activation": "linear"}) for size in SIZES),
)
SPARSE = COMPARISON_PRESETS["sparse"].on("digits")
assert LINEAR is not None
assert SPARSE is not None

WINNERS = ("The linear one", "The one whose code is nonlinear", "The one with a hidden layer on either side")
AGAINST_PCA = ("It stays clearly above PCA's", "It comes very near to it", "It falls below it")
NEAR = 1.05
"""An error up to this much of PCA's is very near to it."""

SAME = ("Yes", "No")


def _runs_of(given: Given, race: Comparison) -> list[Run]:
    """The finished runs of this comparison, in the order of its entries. NotYetError if others are on show."""
    runs = given.finished(PRESS)
    found = []
    for wanted in race.settings():
        texts = {name: value for name, value in wanted.to_dict().items() if name not in ("seed", "device", "precision")}
        match = [run for run in runs if all(run.settings.get(name) == value for name, value in texts.items())]
        if not match:
            raise NotYetError(OTHER)
        found.append(match[0])
    return found


def _error(run: Run) -> float:
    return float((run.status.test or {})["mse"])


def _winner(given: Given) -> Truth:
    errors = [_error(run) for run in _runs_of(given, LINEAR)]
    told = ", ".join(f"{name[0].lower()}{name[1:]} {error:.4f}" for name, error in zip(WINNERS, errors, strict=True))
    return Truth(int(np.argmin(errors)), f"Errors per pixel on test pictures: {told}.")


def _against_pca(given: Given) -> Truth:
    run = _runs_of(given, LINEAR)[0]
    error, pca = _error(run), float((run.status.baselines or {})["pca_test"])
    return Truth(
        2 if error < pca else 1 if error <= NEAR * pca else 0,
        f"The linear network's test error is **{error:.5f}**, PCA's with as many components **{pca:.5f}**: "
        f"{100 * (error / pca - 1):+.1f} %.",
    )


def _sizes(given: Given) -> Truth:
    runs = _runs_of(given, CODES)
    base = float((runs[0].status.baselines or {})["mean_test"])
    shares = [100 * _error(run) / base for run in runs]
    told = ", ".join(f"{share:.0f} % with {size}" for size, share in zip(SIZES, shares, strict=True))
    return Truth(
        tuple(np.clip(shares, 0, 110).round(2).tolist()),
        f"What is left of the error on test pictures: {told}. 100 % is the error of the average picture, {base:.4f}.",
    )


def _same(given: Given) -> Truth:
    runs = _runs_of(given, SPARSE)
    probes = [float((run.status.test or {})["probe"]) for run in runs]
    errors = [_error(run) for run in runs]
    best, most = int(np.argmin(errors)), int(np.argmax(probes))
    told = ", ".join(f"{error:.4f} and {percent(probe, 1)}" for error, probe in zip(errors, probes, strict=True))
    return Truth(
        0 if probes[best] == probes[most] else 1,
        f"Error and accuracy of the four, in their order: {told}. The smallest error is number {best + 1}'s, the "
        f"highest accuracy number {most + 1}'s.",
    )


PREDICTIONS = (
    Prediction(
        "race-winner",
        "race",
        "Three networks with codes of one size: one linear, one whose code is nonlinear, one with a hidden layer on "
        "either side of its code. Which has the smallest error on new pictures?",
        Choice(WINNERS),
        query_of((RACE, LINEAR)),
        RESULT,
        "“Nonlinear beats linear” is only half of it. A single nonlinear layer can represent no more than the linear "
        "one, and its code loses all that falls below zero. Nonlinearity pays once hidden layers can bend the space.",
        _winner,
        is_of_runs=True,
    ),
    Prediction(
        "race-pca",
        "race",
        "The first network is linear from end to end. PCA is the best linear way of squeezing and restoring. Where "
        "does the network's error on new pictures end?",
        Choice(AGAINST_PCA),
        query_of((RACE, LINEAR)),
        f"{RESULT}, .st-key-page-form-presets",
        "A trained network is often expected to beat a formula from 1901. A linear network searches among the same "
        "solutions as PCA, so on its training pictures it can at best equal it.",
        _against_pca,
        is_of_runs=True,
    ),
    Prediction(
        "race-sizes",
        "race",
        "Five networks differ in one thing: the size of the code. How much of the error on new pictures is left with "
        "2, 4, 8, 16 and 32 numbers? (100 %: always the average picture.)",
        Curve(SIZES, "numbers in the code", 0, 110, "error left, %", is_even=True),
        query_of((RACE, CODES)),
        RESULT,
        "“Twice the numbers, half the error” is a usual guess. What a further number is worth depends on what the "
        "others say already: the first ones take what pictures have most in common.",
        _sizes,
        is_of_runs=True,
    ),
    Prediction(
        "race-probe",
        "race",
        "Four sparse networks. Will the one with the smallest error also have the code from which a simple classifier "
        "tells the digits apart best?",
        Choice(SAME),
        query_of((RACE, SPARSE)),
        RESULT,
        "Better reconstruction sounds like better understanding, and the two may agree. But a code can keep every "
        "pixel and still hide which digit it is: the error asks about pixels, the classifier about classes.",
        _same,
        is_of_runs=True,
    ),
)
