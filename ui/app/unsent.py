"""What a part of a page has drawn and the browser has not got yet, when the part is drawn again.

Streamlit then drops what the part had drawn, but not all of it: a message that refers to one which the browser knows
already names no part, and what a part inside of it drew names that one. They would arrive before the containers that
they belong in, and the browser would give the page up: “'setIn' cannot be called on an ElementNode”. This replaces a
private part of Streamlit; where a later version has moved it, the app works as without, and the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import wraps
from typing import Any

from ui.app import streamlit_inside

log = logging.getLogger("autoencoder-explorer")


def install() -> None:
    """Lets a part that is drawn again drop everything unsent inside of it."""
    if places := streamlit_inside.misfits("unsent"):
        log.warning("this version of Streamlit keeps its messages in another way (%s); parts may get lost", places)
        return
    queue = streamlit_inside.forward_msg_queue.ForwardMsgQueue
    clear = queue.clear
    if hasattr(clear, "is_mended"):
        return

    @wraps(clear)
    def clear_all(
        self: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        drawn_anew = _containers(self._queue, fragment_ids_this_run) if fragment_ids_this_run else set()
        clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
        if drawn_anew:
            self._queue = [each for each in self._queue if not _is_inside(each, drawn_anew)]

    clear_all.is_mended = True  # type: ignore[attr-defined]
    queue.clear = clear_all  # type: ignore[method-assign]


def _containers(messages: Sequence[Any], parts: Sequence[str]) -> set[tuple[int, ...]]:
    """Paths of the unsent containers of these parts (fragments)."""
    return {
        tuple(each.metadata.delta_path)
        for each in messages
        if each.HasField("delta") and each.delta.fragment_id in parts and each.delta.HasField("add_block")
    }


def _is_inside(message: Any, containers: set[tuple[int, ...]]) -> bool:
    path = tuple(message.metadata.delta_path)
    is_drawing = message.HasField("delta") or message.HasField("ref_hash")
    return is_drawing and any(path[:length] in containers for length in range(len(path)))
