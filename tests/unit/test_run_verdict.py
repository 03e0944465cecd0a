"""The sentence that compares a trained network with PCA is right in every case."""

from __future__ import annotations

import pytest

from ui.widgets.run_verdict import is_still_falling, verdict

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


@pytest.mark.parametrize(
    ("losses", "is_falling"),
    [
        ((), False),
        ((5.0, 1.0), False),
        ((5.0, 3.0, 2.0), True),
        ((5.0, 3.0, 2.99), False),
        ((5.0, 3.0, 3.1), False),
        ((-5.0, -6.0, -7.0), True),
        ((-5.0, -7.0, -7.01), False),
        ([1.0] * 20 + [0.98, 0.98], True),
        ([2.0] * 20 + [1.0, 1.0, 1.0, 1.0], False),
    ],
)
def test_a_loss_still_falls_if_the_last_tenth_of_the_epochs_took_more_than_a_hundredth(
    losses: tuple[float, ...], is_falling: bool
) -> None:
    assert is_still_falling(losses) == is_falling


@pytest.mark.parametrize(
    ("has_penalty", "losses", "said"),
    [
        (False, (3.0, 2.0, 1.0), "Its validation loss was still falling when training ended, so more epochs may help."),
        (True, (3.0, 2.0, 1.0), "so more epochs may help; the penalty on the code costs some error."),
        (False, (3.0, 2.0, 2.0), "More epochs, another learning rate or hidden layers may lower it."),
        (True, (3.0, 2.0, 2.0), "hidden layers may lower it; the penalty on the code costs some error."),
    ],
)
def test_what_may_help_is_of_this_run(has_penalty: bool, losses: tuple[float, ...], said: str) -> None:
    assert verdict(0.03, 0.02, has_penalty=has_penalty, losses=losses).endswith(said)
    assert "penalty" not in verdict(0.01, 0.02, has_penalty=has_penalty, losses=losses)
