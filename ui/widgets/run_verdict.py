"""A sentence on how a trained network compares with its baseline; a pure function, no Streamlit calls."""

from __future__ import annotations

NEAR = 0.02
"""Errors that differ by up to this share count as about equal."""

LEAST = 1e-7
"""A baseline with a smaller error loses nothing, so that there is nothing to compare."""


def verdict(error: float, pca: float | None, *, is_denoising: bool = False) -> str:
    """Whether the network or PCA has the smaller error, and what may help; "" without a baseline."""
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
    return (
        f"{rival}, {better} here: the network's error is {size} larger. More epochs, another learning rate or hidden "
        "layers may lower it; a penalty on the code costs some error."
    )
