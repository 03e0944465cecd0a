"""The questions at the end of a page, folded; one at a time, each answer with its why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.components.mount import mount

_mount = mount("check-yourself")


def check_yourself(data: Mapping[str, Any], key: str) -> None:
    """Shows the questions, which are answered in the browser and tell `/checks/PAGE/…` what is chosen."""
    _mount(key=key, data=dict(data))
