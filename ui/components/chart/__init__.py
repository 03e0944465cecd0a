"""A chart drawn by Plotly.

A new figure updates the chart in place, where `st.plotly_chart` (1.67) replaces it.

So a chart that is refreshed twice a second keeps its hover label, zoom and hidden curves, never blinks,
and takes a third of the browser's time.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from plotly.offline import get_plotlyjs, get_plotlyjs_version
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ui.components.mount import mount

HEIGHT = 450
"""Default height of a chart in pixels."""

YEAR = 365 * 24 * 3600

_mount = mount("chart", is_apart=False)


def chart(
    figure: go.Figure, key: str, alt: str, config: dict[str, Any], on_click: Callable[[Any], None] | None = None
) -> None:
    """Shows a figure; `alt` describes it in words, `config` is Plotly's.

    While `layout.uirevision` stays the same, so do zoom and hidden curves; without
    one, each new figure starts over. on_click is called with the `customdata` of a point when it is clicked.
    """
    clicked = {"on_clicked_change": partial(_hear, key, on_click)} if on_click else {}
    height = figure.layout.height or HEIGHT
    data = {
        "figure": figure.to_json(),
        "config": config,
        "alt": alt,
        "height": height,
        "library": f"plotly.js?v={get_plotlyjs_version()}",
    }
    _mount(key=key, data=data, height=height, **clicked)  # reserves its place before the browser has drawn it


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
