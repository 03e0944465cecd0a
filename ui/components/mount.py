"""Mounts a component: its HTML, CSS and JavaScript from a folder of its name, after what all of them share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def mount(name: str, shared: tuple[str, ...] = (), *, is_apart: bool = True) -> Callable[..., Any]:
    """The component in `<name>_files`; `shared` names files of `shared/` (paper.css, network.js) that go before its own.

    is_apart: in a shadow tree, out of reach of the page's styles; a library that adds styles of its own to the page needs it False.
    """
    folder = HERE / f"{name.replace('-', '_')}_files"
    parts = {kind: [(HERE / "shared" / file).read_text() for file in shared if file.endswith(kind)] for kind in ("css", "js")}
    stem = folder.name.removesuffix("_files")
    return st.components.v2.component(
        name,
        html=(folder / f"{stem}.html").read_text(),
        css="\n".join([*parts["css"], (folder / f"{stem}.css").read_text()]),
        js="\n".join([*parts["js"], (folder / f"{stem}.js").read_text()]),
        isolate_styles=is_apart,
    )
