"""The narrator's panel of a tour, on every page: what is said, what is highlighted, what is asked, Back and Next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.components.mount import mount

_mount = mount("tour-panel")


def tour_panel(data: Mapping[str, Any], key: str) -> None:
    """Shows the panel at one step, which goes to others by itself and tells `/tours/ID/…` what the learner does."""
    _mount(key=key, data=dict(data))
