"""What a room has guessed, numbers or curves, and the truth once it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.components.mount import mount

_mount = mount("guess-result")


def guess_result(data: Mapping[str, Any], key: str) -> None:
    """Draws {form, crowd, truth}: as `described`, `summary` and `Truth.value` of `aecore.predictions` give them."""
    _mount(key=key, data=dict(data))
