"""Numbers in sentences, written the same way on every page."""

from __future__ import annotations

AS_MANY = "the code has numbers, or as are active for one example where that is fewer"
"""Components of the PCA that a network is compared with: as many as ..."""


def percent(share: float) -> str:
    """A share with one decimal; its sign stays on the line."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"
