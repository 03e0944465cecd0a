"""The sentence that compares a trained network with PCA is right in every case."""

from __future__ import annotations

import pytest

from ui.widgets.run_verdict import verdict

RIVAL = "PCA, the best linear method"


@pytest.mark.parametrize(
    ("error", "pca", "is_denoising", "said"),
    [
        (0.0420, 0.0191, False, f"{RIVAL}, does better here: the network's error is 120\u00a0% larger."),
        (0.0100, 0.0200, False, f"The network does better than {RIVAL}: its error is 50\u00a0% smaller."),
        (0.0202, 0.0200, False, f"The network does about as well as {RIVAL}."),
        (0.0300, 0.0200, True, f"{RIVAL}, denoises better here: the network's error is 50\u00a0% larger."),
        (0.0150, 0.0200, True, f"The network denoises better than {RIVAL}: its error is 25\u00a0% smaller."),
        (0.0199, 0.0200, True, f"The network denoises about as well as {RIVAL}."),
    ],
)  # fmt: skip
def test_the_smaller_error_wins(error: float, pca: float, is_denoising: bool, said: str) -> None:
    assert verdict(error, pca, is_denoising=is_denoising).startswith(said)
    assert ("may lower it" in verdict(error, pca, is_denoising=is_denoising)) == (error > 1.02 * pca)


@pytest.mark.parametrize("pca", [None, 0.0, 1e-9])
def test_without_a_baseline_nothing_is_said(pca: float | None) -> None:
    assert verdict(0.01, pca) == ""
