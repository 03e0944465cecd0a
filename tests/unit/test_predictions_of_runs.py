"""Predictions about runs: the truth is that of the runs in the address, if these are what the question is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from aecore.experiment.comparison import Comparison
from aecore.experiment.settings import RunSettings
from aecore.predictions.schema import Given, NotYetError, Prediction, checked
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunStore
from tests.small_runs import finish
from ui.app.predictions import predictions_of
from ui.screens.race.predictions import CODES, LINEAR, SPARSE

ALL = {each.id: each for page in ("train", "race") for each in predictions_of(page)}
RECORD = {
    "epoch": 1.0, "seconds": 1.0, "samples_per_second": 1.0, "learning_rate": 0.1, "train": {"reconstruction": 0.1},
    "validation_mse": None, "phase": "",
}  # fmt: skip
BASELINES = {"mean_test": 0.08, "pca_test": 0.02, "mean_validation": 0.08}


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def settings_of(prediction: Prediction) -> RunSettings:
    """What the form of the Train page has after the address of this prediction."""
    texts = {name: each[0] for name, each in prediction.address.items() if name not in ("data", "variant")}
    chosen = {name: int(text) if text.isdigit() else text.lower() for name, text in texts.items()}
    return RunSettings.build("digits", prediction.address["variant"][0].lower(), **chosen)


def done(store: RunStore, settings: RunSettings, **test: float) -> Run:
    """A run that has ended with these figures."""
    run = store.create(settings.to_dict(), "Test")
    return store.update(run.id, state="done", test=test, baselines=BASELINES)


def race(store: RunStore, comparison: Comparison, errors: Sequence[float], probes: Sequence[float]) -> Given:
    settings = comparison.settings()
    runs = [
        done(store, each, mse=error, probe=probe) for each, error, probe in zip(settings, errors, probes, strict=True)
    ]
    return Given(tuple(reversed(runs)), store.path)


@pytest.mark.parametrize("id", ALL)
def test_the_truth_is_not_known_without_the_runs_of_the_question(id: str, store: RunStore) -> None:
    asked = ALL[id]
    assert asked.is_of_runs
    with pytest.raises(NotYetError, match="press"):
        asked.truth(Given())
    other = done(store, RunSettings.build("digits", "undercomplete", latent_size=3, epochs=7), mse=0.01, probe=0.5)
    with pytest.raises(NotYetError, match=r"other settings|not those"):
        asked.truth(Given((other,), store.path))
    waiting = store.create(other.settings, "Waiting")
    with pytest.raises(NotYetError, match="when training has ended"):
        asked.truth(Given((waiting,), store.path))
    failed = store.update(waiting.id, state="failed")
    with pytest.raises(NotYetError, match="did not come to its end"):
        asked.truth(Given((failed,), store.path))


@pytest.mark.parametrize(
    ("errors", "winner", "against"),
    [
        ((0.0203, 0.03, 0.01), 2, 1),
        ((0.019, 0.03, 0.021), 0, 2),
        ((0.0211, 0.0205, 0.03), 1, 0),
    ],
)
def test_a_race_of_linear_and_nonlinear(errors: Sequence[float], winner: int, against: int, store: RunStore) -> None:
    assert LINEAR is not None
    given = race(store, LINEAR, errors, (0.9, 0.9, 0.9))
    assert ALL["race-winner"].truth(given).value == winner
    assert ALL["race-pca"].truth(given).value == against


def test_a_race_of_code_sizes_gives_a_curve_of_what_is_left(store: RunStore) -> None:
    given = race(store, CODES, (0.08, 0.06, 0.04, 0.02, 0.004), [0.9] * 5)
    found = ALL["race-sizes"].truth(given)
    assert found.value == (100.0, 75.0, 50.0, 25.0, 5.0)
    assert "25 % with 16" in found.text


@pytest.mark.parametrize(("probes", "answer"), [((0.9, 0.8, 0.7, 0.6), 0), ((0.8, 0.9, 0.7, 0.6), 1)])
def test_the_best_error_and_the_best_classifier(probes: Sequence[float], answer: int, store: RunStore) -> None:
    assert SPARSE is not None
    assert ALL["race-probe"].truth(race(store, SPARSE, (0.01, 0.02, 0.03, 0.04), probes)).value == answer


def test_two_numbers_explain_what_is_left_of_the_variance(store: RunStore) -> None:
    asked = ALL["train-two-numbers"]
    found = asked.truth(Given((done(store, settings_of(asked), mse=0.06),), store.path))
    assert found.value == 25.0
    assert "PCA with 2 numbers, the best linear way, explains 75 %" in found.text


def truth_after_training(asked: Prediction, store: RunStore) -> tuple[Any, str]:
    run = finish(store, store.create(settings_of(asked).to_dict(), "Test"))
    found = asked.truth(Given((run,), store.path))
    value = list(found.value) if isinstance(found.value, tuple) else found.value
    assert checked(asked.form, value) == found.value
    return found.value, found.text


def test_the_curve_is_that_of_the_run(store: RunStore) -> None:
    curve, text = truth_after_training(ALL["train-curve"], store)
    assert curve[0] == 100.0
    assert curve[-1] < 20
    assert curve[2] < 50, "most of the loss goes early, as the card says"
    assert "Half of that way" in text


def test_records_within_an_epoch_have_no_validation_and_are_left_out(store: RunStore) -> None:
    asked = ALL["train-curve"]
    run = done(store, settings_of(asked), mse=0.01)
    for share, loss in ((0.02, 0.2), (0.05, None), (0.5, 0.1), (0.7, None), (1.0, 0.05)):
        validation = {} if loss is None else {"reconstruction": loss}
        append_progress(
            store.path(run.id), RECORD | {"share": share, "step": int(100 * share), "validation": validation}
        )
    assert asked.truth(Given((run,), store.path)).value == pytest.approx(
        (100.0, 91.67, 81.25, 60.42, 45.0, 35.0, 25.0), abs=0.01
    )


@pytest.mark.long
def test_a_wide_network_passes_drawn_shapes_on(store: RunStore) -> None:
    share, _ = truth_after_training(ALL["train-copy"], store)
    assert share > 60
