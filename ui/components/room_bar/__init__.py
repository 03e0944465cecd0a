"""The bar of a room at the bottom of every page: where the host is, a poll, questions from the floor."""

from __future__ import annotations

from collections.abc import Mapping

from ui.components.mount import mount

_mount = mount("room-bar")


def room_bar(code: str, titles: Mapping[str, str], base: str, key: str) -> None:
    """Shows the bar, which hears of the room by itself, from `/rooms/CODE/live`, and goes where the host goes.

    titles: path of a page -> its title. base: what stands before every path, "" or "/lab".
    """
    _mount(key=key, data={"code": code, "titles": dict(titles), "base": base})
