"""Autoencoder Explorer: `streamlit run app.py` serves it.

What happens once per server stands here, the pages in ui/app/main.py.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from ui.app import collector, door, gate, identity, password, savings, shown_to_all, unknown_parts, unsent, warm_up
from ui.app.routes import ROUTES, routes_below

log = logging.getLogger("autoencoder-explorer")


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor: the imports that race on a cold server, turns for scripts, savings, caches that
    no visitor empties, quick sockets, garbage in small bites.
    Afterwards: the workers end.
    """
    # A visitor's pictures are few: a second thread would cost twice the processor time and answer no sooner. Torch
    # looks once, when it is loaded; `torch.set_num_threads` counts for one thread, and each rerun has another one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import pandas  # noqa: F401  two first visitors importing it at once find it half-made
    import plotly.graph_objects  # noqa: F401

    turns = gate.Gate()
    gate.install(turns)
    shown_to_all.install()
    savings.install()
    unsent.install()
    unknown_parts.install()
    door.keep_caches()
    send_at_once()
    stop_collecting = collector.start(lambda: turns.last)
    warm_up.start()
    yield {}
    stop_collecting()
    warm_up.stop()


def send_at_once() -> None:
    """TCP_NODELAY on the listening sockets, which accepted ones inherit: a quick rerun waits 40 ms without it."""
    try:
        descriptors = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        return
    for descriptor in descriptors:
        try:
            copy = socket.socket(fileno=os.dup(descriptor))
        except OSError:
            continue
        with copy:
            if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def explain(error: Exception) -> bool:
    """An error nobody foresaw: the log gets the traceback, the visitor a sentence and a way on."""
    log.error("page failed", exc_info=error)
    st.error(
        "Something went wrong on this page, and it is not your fault. Your runs and uploads are safe on disk. "
        "Reload the page, or open it from the menu again; the server's log has the details.",
        icon=":material/error:",
    )
    return True


app = st.App(
    "ui/app/main.py",
    lifespan=lifespan,
    middleware=[
        Middleware(door.Door, who=identity.uploader),
        Middleware(password.Password),
        Middleware(identity.Introduction),
    ],
    on_script_error=explain,
    routes=[*ROUTES, *routes_below(str(st.get_option("server.baseUrlPath") or ""))],
)
