"""Numbers in sentences, written the same way on every page."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share with one decimal; its sign stays on the line."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"
