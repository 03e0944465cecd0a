"""The route that makes the rows for other strengths of the corruptions, while a slider moves."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aecore.runs.store import RunError
from ui.app.gate import rest
from ui.app.posted import refusal

if TYPE_CHECKING:
    from aecore.corruption.chain import CorruptionStep
    from aecore.pretrained.trained_models import TrainedModel

REST = 0.12
"""Seconds after which a hand that has moved a slider is taken to rest; a key that is held down repeats faster."""

LONGEST_WAIT = 1.0
LONGEST_MARK = 64

KEPT = 64
"""Views of visitors that are remembered; each is at most some hundred kilobytes of pictures."""


@dataclass(frozen=True)
class View:
    """What the rows are made of: pictures (K, C, H, W), corruptions, title -> network."""

    clean: np.ndarray
    chain: tuple[CorruptionStep, ...]
    seed: int
    networks: Mapping[str, TrainedModel]
    has_differences: bool

    def rows(self, levels: Sequence[float]) -> str:
        """The rows as HTML, with these strengths instead of the chain's. RunError if a network cannot be read."""
        from aecore.corruption.chain import apply  # with torch, for which the server would start a second later
        from ui.screens.noise.rows import answers, rows_of
        from ui.widgets.picture_rows import rows_html

        chain = [replace(each, level=level) for each, level in zip(self.chain, levels, strict=True)]
        noisy = apply(self.clean, chain, self.seed)
        given = answers(self.networks, self.clean, noisy)
        return rows_html(rows_of(self.clean, noisy, given, has_differences=self.has_differences))

    def key(self) -> str:
        """The same for views that differ in strengths only."""
        networks = [(title, each.id, each.fingerprint) for title, each in self.networks.items()]
        others = ([each.name for each in self.chain], self.seed, networks, self.has_differences, self.clean.shape)
        return hashlib.sha256(np.ascontiguousarray(self.clean).tobytes() + repr(others).encode()).hexdigest()[:24]


_views: OrderedDict[str, View] = OrderedDict()
_asked: OrderedDict[str, float] = OrderedDict()
"""Mark of a tab -> when it asked for rows last."""
_lock = threading.Lock()


def address_of(view: View, tab: str) -> str:
    """The address that answers for other strengths of this view, until KEPT others have been looked at.

    tab: a mark of who looks, of letters and digits.
    """
    key = view.key()
    with _lock:
        _views[key] = view
        _views.move_to_end(key)
        while len(_views) > KEPT:
            _views.popitem(last=False)
    return f"/noise-rows/{key}/{tab}"


def wait_for_rest(tab: str) -> None:
    """Waits until this tab has asked for no rows during REST, or until LONGEST_WAIT is over.

    Who moves a slider looks at the rows, which the route makes: the rest of the page is not to get in its way.
    """
    end = time.monotonic() + LONGEST_WAIT
    while (now := time.monotonic()) < end and (left := _asked.get(tab, -REST) + REST - now) > 0:
        rest(left)


def _note(tab: str) -> None:
    with _lock:
        _asked[tab[:LONGEST_MARK]] = time.monotonic()
        _asked.move_to_end(tab[:LONGEST_MARK])
        while len(_asked) > KEPT:
            _asked.popitem(last=False)


async def rows_at_levels(request: Request) -> Response:
    """Body: a strength for each corruption, float32, little endian. Answer: {"html": rows}."""
    with _lock:
        view = _views.get(request.path_params["view"])
    if view is None:
        return Response("There are no such pictures.", status_code=404)
    _note(request.path_params["tab"])
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > 4 * len(view.chain):
        return Response("These are no strengths.", status_code=413)
    try:
        levels = np.frombuffer(await request.body(), "<f4").round(2)
        if levels.shape != (len(view.chain),) or not ((levels >= 0) & (levels <= 1)).all():
            raise ValueError
    except ValueError:
        return Response("These are no strengths.", status_code=400)
    try:
        return JSONResponse({"html": await run_in_threadpool(view.rows, [round(float(each), 2) for each in levels])})
    except RunError as error:
        return refusal(error, 404)
