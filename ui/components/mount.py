"""Mounts a component: its HTML, and the style and script that `npm run build` made of what its
folder and `shared/` hold.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
WITH_KEY: set[str] = set()
"""The components of this app: each is shown under a key, by which Streamlit knows it whatever its data are."""


def mount(name: str, *, is_apart: bool = True) -> Callable[..., Any]:
    """The component of this name, from the folder of the same name.

    is_apart: in a shadow tree, isolated from the page's styles; a library that adds styles to
    the page needs False.
    """
    html, css, js = parts(name)
    show = st.components.v2.component(name, html=html, css=css, js=js, isolate_styles=is_apart)
    WITH_KEY.add(name)

    def show_by_key(*, key: str, **options: Any) -> Any:
        return show(key=key, **options)

    return show_by_key


def parts(name: str) -> tuple[str, str, str]:
    """The HTML, the style and the script of a component."""
    folder = HERE / name.replace("-", "_")
    return (
        (folder / f"{folder.name}.html").read_text(),
        (folder / "bundle.css").read_text(),
        (folder / "bundle.js").read_text(),
    )
