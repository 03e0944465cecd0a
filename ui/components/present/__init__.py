"""Presenting: keys that every page obeys, and the bar with timer, form and menu of a presented page."""

from __future__ import annotations

from collections.abc import Callable

from ui.components.mount import mount

_mount = mount("present")


def present_bar(is_presented: bool, on_turn: Callable[[], None], key: str) -> None:
    """Hears the keys, and shows the bar while the page is presented; `on_turn` begins or ends that."""
    _mount(key=key, data={"isPresented": is_presented}, on_turn_change=on_turn)
