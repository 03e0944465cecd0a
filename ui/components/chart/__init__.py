"""A chart drawn by Plotly.

A new figure updates the chart in place, where `st.plotly_chart` (1.67) replaces it.

So a chart that is refreshed twice a second keeps its hover label, zoom and hidden curves, never blinks,
and takes a third of the browser's time.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs, get_plotlyjs_version
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ui.components.mount import mount

HEIGHT = 450
"""Default height of a chart in pixels."""

YEAR = 365 * 24 * 3600

_mount = mount("chart", is_apart=False)


@dataclass(frozen=True)
class Drawn:
    """A figure as the browser gets it: Plotly's JSON, and its height in pixels."""

    figure: str
    height: float


def drawn(figure: go.Figure, template: dict[str, Any], revision: str = "") -> Drawn:
    """The figure under this layout of a template.

    While `revision` stays the same, so do zoom and hidden curves; without one, each new figure starts over.
    """
    content = figure.to_dict()
    content["layout"] |= {"template": {"layout": template}} | ({"uirevision": revision} if revision else {})
    return Drawn(to_json_plotly(content), figure.layout.height or HEIGHT)


def chart(
    shown: Drawn, key: str, alt: str, config: dict[str, Any], on_click: Callable[[Any], None] | None = None
) -> None:
    """Shows a figure; `alt` describes it in words, `config` is Plotly's.

    on_click is called with the `customdata` of a point when it is clicked.
    """
    clicked = {"on_clicked_change": partial(_hear, key, on_click)} if on_click else {}
    data = {
        "figure": shown.figure,
        "config": config,
        "alt": alt,
        "height": shown.height,
        "library": f"plotly.js?v={get_plotlyjs_version()}",
    }
    _mount(key=key, data=data, height=shown.height, **clicked)  # its place is kept before the browser has drawn it


def _hear(key: str, on_click: Callable[[Any], None]) -> None:
    on_click(st.session_state[key]["clicked"])


async def plotly_library(request: Request) -> Response:
    """plotly.js from the Python package, so that the app needs no other server;
    compressed for browsers that can read that. A request without a version is redirected to the current one.
    """
    if not request.url.query:
        newest = f"{request.url.path}?v={get_plotlyjs_version()}"
        return Response(status_code=307, headers={"Location": newest, "Cache-Control": "no-store"})
    body, small, tag = await run_in_threadpool(prepared_library)
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={YEAR}, immutable", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(small, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(body, media_type="text/javascript", headers=headers)


@cache
def prepared_library() -> tuple[bytes, bytes, str]:
    """plotly.js, the same compressed, and its tag."""
    body = get_plotlyjs().encode()
    return body, gzip.compress(body, 6), f'"{hashlib.sha256(body).hexdigest()[:16]}"'
