"""The card that asks for a guess before a page's result is uncovered, and then shows both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.components.mount import mount

_mount = mount("prediction-card")


def prediction_card(data: Mapping[str, Any], key: str) -> None:
    """Shows the card, which tells `/predictions/ID/…` what is guessed and gets the truth from there."""
    _mount(key=key, data=dict(data))
