"""A sentence on how a trained network compares with its baseline; a pure function, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Sequence

NEAR = 0.02
"""Errors that differ by up to this share count as about equal."""

LEAST = 1e-7
"""A baseline with a smaller error loses nothing, so that there is nothing to compare."""

FALL = 0.01
"""A validation loss that falls by a larger share over the last tenth of the epochs is still falling."""


def is_still_falling(losses: Sequence[float]) -> bool:
    """Whether a validation loss, one value an epoch, was still falling when training ended."""
    earlier = len(losses) - 1 - max(1, len(losses) // 10)
    return earlier >= 1 and losses[-1] < losses[earlier] - FALL * abs(losses[earlier])


def verdict(
    error: float,
    pca: float | None,
    *,
    is_denoising: bool = False,
    has_penalty: bool = False,
    losses: Sequence[float] = (),
) -> str:
    """Whether the network or PCA has the smaller error, and what may help; "" without a baseline.

    has_penalty: whether the loss charges for the code too; losses: the validation loss after each epoch.
    """
    if not pca or pca <= LEAST:
        return ""
    change = error / pca - 1
    rival = "PCA, the best linear method"
    if abs(change) <= NEAR:
        return f"The network {'denoises about as well' if is_denoising else 'does about as well'} as {rival}."
    size = f"{round(100 * abs(change)):,}\N{NO-BREAK SPACE}%"
    better = "denoises better" if is_denoising else "does better"
    if change < 0:
        return f"The network {better} than {rival}: its error is {size} smaller."
    cost = "; the penalty on the code costs some error" if has_penalty else ""
    if is_still_falling(losses):
        told = f"Its validation loss was still falling when training ended, so more epochs may help{cost}."
    else:
        told = f"More epochs, another learning rate or hidden layers may lower it{cost}."
    return f"{rival}, {better} here: the network's error is {size} larger. {told}"
