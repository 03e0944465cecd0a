"""Reconstruction error as a score: areas against counted pairs, thresholds against counted shares,
and what is simple but odd.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import auc, roc_curve

from aecore.analyses.anomaly import Counts, baseline_scores, counts, error_maps, scores, suggested_threshold
from aecore.datasets import load
from aecore.datasets.selection import without_class
from aecore.metrics.baselines import PcaCode, fit_pca
from aecore.metrics.roc import roc
from aecore.pretrained.builtin import model
from aecore.pretrained.trained_models import builtin_names, find_trained_model
from aecore.runs.store import RunStore


def by_pairs(normal: np.ndarray, odd: np.ndarray) -> float:
    """The share of pairs in which the odd score is higher; a draw counts half."""
    wins = [1.0 if b > a else 0.5 if b == a else 0.0 for a, b in itertools.product(normal, odd)]
    return sum(wins) / len(wins)


@pytest.mark.parametrize("seed", range(4))
def test_the_area_is_the_share_of_pairs_that_are_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal, odd = rng.integers(0, 12, 40) / 10, rng.integers(seed, 15, 25) / 10  # many draws
    assert roc(normal, odd).area == pytest.approx(by_pairs(normal, odd))


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal, odd = rng.integers(0, 30, 60) / 10, rng.integers(seed, 35, 45) / 10
    is_odd, values = np.repeat([0, 1], [60, 45]), np.concatenate([normal, odd])
    every, found = roc_curve(is_odd, values, drop_intermediate=False)[:2], roc(normal, odd)
    assert set(zip(found.false_alarms, found.caught, strict=True)) <= set(zip(*every, strict=True))
    assert found.area == pytest.approx(auc(*every))  # no corner is missing


def test_every_threshold_lies_on_the_curve_where_the_counts_say() -> None:
    rng = np.random.default_rng(1)
    normal, odd = rng.random(30), rng.random(20) + 0.3
    curve = roc(normal, odd)
    for threshold in np.concatenate([normal, odd]):
        at = counts(normal, odd, threshold)
        places = (
            np.interp(at.alarms / at.normal, curve.false_alarms, curve.caught, left=0),
            curve.caught[curve.false_alarms == at.alarms / at.normal],
        )
        assert (
            at.caught / at.odd == pytest.approx(places[0]) or places[1].min() <= at.caught / at.odd <= places[1].max()
        )


def test_scores_that_part_completely_have_area_one_without_doubt_and_the_reverse_zero() -> None:
    low, high = np.arange(10) / 100, np.arange(5) + 1.0
    assert (roc(low, high).area, roc(low, high).spread, roc(high, low).area) == (1.0, 0.0, 0.0)


def test_the_standard_error_is_that_of_many_repetitions() -> None:
    rng = np.random.default_rng(0)
    areas = [roc(rng.exponential(1, 60), rng.exponential(3, 40)) for _ in range(600)]
    found = np.std([each.area for each in areas])
    assert np.mean([each.spread for each in areas]) == pytest.approx(
        found, rel=0.1
    )  # the formula is exact for exponential scores


def test_the_suggested_threshold_lets_95_percent_of_validation_pass_and_knows_no_odd_one() -> None:
    validation = np.random.default_rng(0).permutation(np.arange(1.0, 101.0))
    threshold = suggested_threshold(validation)
    assert (validation < threshold).sum() == 95
    assert counts(validation, np.array([threshold, 0.0]), threshold) == Counts(caught=1, odd=2, alarms=5, normal=100)
    with pytest.raises(ValueError, match="no validation example"):
        suggested_threshold(np.zeros(0))


def test_a_score_is_the_mean_of_its_error_map() -> None:
    x, y = np.random.default_rng(0).random((2, 5, 3, 4, 4)).astype(np.float32)
    maps = error_maps(x, y)
    assert maps.shape == (5, 4, 4)
    assert maps.reshape(5, -1).mean(1) == pytest.approx(scores(x, y))
    assert scores(x, y)[2] == pytest.approx(float(((x[2].astype(float) - y[2]) ** 2).mean()))
    assert maps[1, 2, 3] == pytest.approx(float(((x[1, :, 2, 3].astype(float) - y[1, :, 2, 3]) ** 2).mean()))


def test_a_curve_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs normal and odd"):
        roc(np.ones(3), np.zeros(0))


def test_baselines_score_what_their_names_say() -> None:
    pca = PcaCode(np.full(4, 0.5, np.float32), np.array([[1, 0, 0, 0]], np.float32))
    x = np.array([[[[1.0, 0.5], [0.5, 0.7]]]], np.float32)
    found = {name: float(score(x)[0]) for name, score in baseline_scores(pca.mean, pca).items()}
    assert found == pytest.approx({"PCA": 0.04 / 4, "average": (0.25 + 0.04) / 4, "brightness": 2.7 / 4}, rel=1e-5)


def test_the_built_in_model_finds_the_class_it_never_saw_and_beats_pca(tmp_path: Path) -> None:
    import torch

    assert "digits-without-3" in builtin_names()
    found = find_trained_model(RunStore(tmp_path), "digits-without-3")
    whole = load("digits")
    kept, odd = without_class(whole, found.settings["leave_out"]), whole.test.x[whole.test.labels == 3]
    network = model("digits-without-3")

    def answer(x: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network(torch.from_numpy(x)).numpy()

    own = roc(scores(kept.test.x, answer(kept.test.x)), scores(odd, answer(odd))).area
    code = fit_pca(kept, network.latent_size, tmp_path)
    pca = baseline_scores(code.mean, code)["PCA"]
    assert own > 0.9
    assert own > roc(pca(kept.test.x), pca(odd)).area + 0.05


def test_faded_pictures_are_odd_and_are_reconstructed_better_than_normal_ones() -> None:
    """The weakness that the page shows: what is simple has little to get wrong."""
    import torch

    x, network = load("digits").test.x, model("digits-linear")
    with torch.inference_mode():
        normal, faded = (scores(each, network(torch.from_numpy(each)).numpy()) for each in (x, x * np.float32(0.4)))
    assert roc(normal, faded).area < 0.3
