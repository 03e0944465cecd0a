"""Image similarity and classical denoisers, against figures computed by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS, best_strength, denoised, fit_components
from aecore.corruption.chain import CorruptionStep, apply
from aecore.datasets import load
from aecore.metrics.image_similarity import BEST_PSNR, image_similarity, psnr


def test_the_same_pictures_are_as_like_as_can_be() -> None:
    x = load("digits").test.x[:4]
    same = image_similarity(x, x)
    assert same.mse.tolist() == [0] * 4
    assert same.psnr.tolist() == [BEST_PSNR] * 4
    assert same.ssim == pytest.approx(1)


def test_an_error_of_a_tenth_everywhere_is_twenty_decibels() -> None:
    x = np.full((2, 1, 8, 8), 0.5, np.float32)
    found = image_similarity(x, x + np.float32(0.1))
    assert found.mse == pytest.approx(0.01)
    assert found.psnr == pytest.approx(20)
    assert psnr(np.array([0.1, 1.0])) == pytest.approx([10, 0])


def test_ssim_is_that_of_wang_et_al_for_pictures_of_one_window() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((1, 1, 7, 7)), rng.random((1, 1, 7, 7))
    mean, other, n = x.mean(), y.mean(), x.size
    covariance = ((x - mean) * (y - other)).sum() / (n - 1)
    expected = (2 * mean * other + 1e-4) * (2 * covariance + 9e-4)
    expected /= (mean**2 + other**2 + 1e-4) * (x.var(ddof=1) + y.var(ddof=1) + 9e-4)  # eq. 13, K1 = 0.01, K2 = 0.03
    assert image_similarity(x, y).ssim[0] == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 28, 28), (3, 32, 24), (1, 5, 6)])
def test_ssim_of_many_pictures_is_that_of_each_by_itself(shape: tuple[int, ...], monkeypatch: Any) -> None:
    monkeypatch.setattr("aecore.metrics.image_similarity.AT_ONCE", 4)
    rng = np.random.default_rng(1)
    x = rng.random((11, *shape), np.float32)
    y = np.clip(x + rng.normal(0, 0.3, x.shape), 0, 1).astype(np.float32)
    window = min(7, *(side - 1 + side % 2 for side in shape[1:]))
    by_itself = [
        structural_similarity(a, b, data_range=1.0, channel_axis=0, win_size=window) for a, b in zip(x, y, strict=True)
    ]
    assert image_similarity(x, y).ssim == pytest.approx(by_itself, abs=1e-6)


def test_what_a_screen_cannot_show_does_not_count() -> None:
    x = np.ones((1, 1, 8, 8), np.float32)
    assert image_similarity(x, x + 5).mse[0] == 0


def test_pictures_too_small_for_a_window_have_no_ssim_but_an_error() -> None:
    found = image_similarity(np.zeros((1, 1, 2, 2), np.float32), np.ones((1, 1, 2, 2), np.float32))
    assert found.mse[0] == 1
    assert np.isnan(found.ssim[0])


@cache
def _pictures_and_their_components(name: str) -> tuple[np.ndarray, Any]:
    """Some validation pictures, and the principal components of training pictures."""
    data = load(name)
    return data.validation.x[:24], fit_components(data.train.x[:1500])


@pytest.mark.long
@pytest.mark.parametrize("method", CLASSICAL_DENOISERS)
@pytest.mark.parametrize("name", ["digits", "faces"])
def test_every_classical_denoiser_keeps_the_kind_of_pictures_and_helps_against_noise(method: str, name: str) -> None:
    clean, pca = _pictures_and_their_components(name)
    noisy = apply(clean, [CorruptionStep("gaussian", 0.3)], 0)
    strength = best_strength(method, clean, noisy, pca)
    result = denoised(method, noisy, strength, pca)
    assert strength in CLASSICAL_DENOISERS[method].strengths
    assert result.shape == clean.shape
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    gain = image_similarity(clean, result).psnr.mean() - image_similarity(clean, noisy).psnr.mean()
    assert (
        gain == 0 if method == "none" else gain > (1 if method != "median" or name == "faces" else -0.1)
    )  # 8 x 8 pixels leave a median little


def test_pca_with_all_components_is_the_picture_itself() -> None:
    data = load("digits")
    pca, x = fit_components(data.train.x), data.test.x[:9]
    assert denoised("pca", x, 150, pca) == pytest.approx(x, abs=1e-5)


def test_the_chosen_strength_is_the_best_of_those_tried() -> None:
    data = load("digits")
    clean, pca = data.validation.x[:40], fit_components(data.train.x)
    noisy = apply(clean, [CorruptionStep("gaussian", 0.4)], 1)
    chosen = best_strength("pca", clean, noisy, pca)
    scores = {
        s: image_similarity(clean, denoised("pca", noisy, s, pca)).psnr.mean()
        for s in CLASSICAL_DENOISERS["pca"].strengths
    }
    assert chosen == max(scores, key=scores.__getitem__)
    assert (
        best_strength("pca", clean, clean, pca) == max(CLASSICAL_DENOISERS["pca"].strengths)
        or image_similarity(clean, denoised("pca", clean, 90, pca)).psnr.min() > 60
    )
