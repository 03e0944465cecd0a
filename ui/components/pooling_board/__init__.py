"""The pooling board: the stages of a trace as grids of numbers, to be stepped through,
image and kernel to be typed into.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.mount import mount

_mount = mount("pooling-board")


def pooling_board(data: dict[str, Any], key: str, on_edit: Callable[[], None]) -> None:
    """Shows `data` (see `ui.screens.pooling.steps.board_data`). Before the run that follows an edit, `on_edit` is
    called; the edit, {"serial": int, "image": rows, "kernel": rows}, is then in `st.session_state[key]["edit"]`.
    """
    _mount(key=key, data=data, default={"edit": None}, on_edit_change=on_edit)
