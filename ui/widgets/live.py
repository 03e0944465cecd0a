"""Parts of a page that refresh themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from ui.app.echo import settle_widgets


def live(part: Callable[..., None], every: float | None, key: str) -> Callable[..., Any]:
    """The part as a fragment; it runs anew after `every` seconds, and again and again, or for None only on demand."""

    @wraps(part)
    def settled(*args: Any) -> None:
        settle_widgets()
        part(*args)

    return st.fragment(settled, run_every=every, key=key)
