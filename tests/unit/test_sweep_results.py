"""What a sweep has found: ranks against SciPy's, the best so far, and honest words where little is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from aecore.experiment.sweep_results import (
    FEWEST_RANKED,
    SweptRun,
    best_so_far,
    effects,
    rank_correlation,
    ranked,
    seconds_for,
)
from aecore.runs.store import RunStore
from tests.small_runs import make


def swept(number: int, error: float | None, state: str = "done", **point: Any) -> SweptRun:
    return SweptRun(number, f"run {number}", "", point, state, False, error, 2.0, 3.0, 100.0 - number)


def test_the_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        one, other = rng.integers(0, 6, 12).astype(float), rng.normal(size=12).round(1)
        assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert rank_correlation([1, 1, 1], [1, 2, 3]) is None


def test_the_best_so_far_never_rises_and_comes_in_the_order_of_ending() -> None:
    found = best_so_far([swept(1, 0.3), swept(2, 0.5), swept(3, 0.4), swept(4, None), swept(5, 0.1, "training")])
    assert [(each.count, each.run.number, each.best, each.seconds) for each in found] == [
        (1, 3, 0.4, 2.0), (2, 2, 0.4, 4.0), (3, 1, 0.3, 6.0)
    ]  # fmt: skip


def test_only_runs_that_have_ended_are_ranked() -> None:
    runs = [swept(1, 0.3), swept(2, 0.1, "training"), swept(3, 0.2, "stopped"), swept(4, None, "diverged")]
    assert [run.number for run in ranked(runs)] == [3, 1]


def test_a_setting_that_decides_the_error_is_found_and_one_that_does_nothing_is_not() -> None:
    rng = np.random.default_rng(1)
    runs = [swept(i, 1.0 / (i + 1), latent_size=i, seed=int(rng.integers(1000))) for i in range(30)]
    strong, weak = effects(["seed", "latent_size"], runs)
    assert (strong.name, strong.correlation, strong.says_much) == ("latent_size", -1.0, True)
    assert not weak.says_much


def test_from_few_runs_no_correlation_is_told() -> None:
    (found,) = effects(["latent_size"], [swept(i, 1.0 / (i + 1), latent_size=i) for i in range(FEWEST_RANKED - 1)])
    assert found.correlation is None


def test_choices_are_told_by_their_medians() -> None:
    runs = [swept(1, 0.3, loss="mse"), swept(2, 0.1, loss="bce"), swept(3, 0.5, loss="mse"), swept(4, 0.1, loss="bce")]
    (found,) = effects(["loss"], runs)
    assert found.medians == (("bce", 0.1, 2), ("mse", 0.4, 2))


def test_the_time_is_that_of_earlier_runs_on_the_same_data(store: RunStore) -> None:
    runs = [make(store, epochs=10) for _ in range(3)]
    assert seconds_for(store.list(), "digits", "undercomplete") is None
    for run, seconds in zip(runs, (10.0, 20.0, 90.0), strict=True):
        store.update(run.id, state="done", seconds=seconds)
    assert seconds_for(store.list(), "digits", "undercomplete") == (2.0, 3)
    assert seconds_for(store.list(), "digits", "linear") == (2.0, 3)
    assert seconds_for(store.list(), "mnist", "linear") is None


@pytest.fixture
def store(tmp_path: Any) -> RunStore:
    return RunStore(tmp_path / "runs")
