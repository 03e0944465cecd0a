"""Where the films of the taste map lie, for the browser that draws it."""

from __future__ import annotations

import hashlib

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response


def places_key(places: np.ndarray) -> str:
    """A name of these places: others have another one."""
    return hashlib.sha256(np.ascontiguousarray(places, "<f4").tobytes()).hexdigest()[:20]


async def film_places(request: Request) -> Response:
    """The (F, 2) places as float32, little endian; 404 for a key that is not theirs. What has this address never changes."""
    places = await run_in_threadpool(_places)
    if request.path_params["key"] != places_key(places):
        return Response("There is no such map.", status_code=404)
    body = np.ascontiguousarray(places, "<f4").tobytes()
    return Response(body, media_type="application/octet-stream", headers={"Cache-Control": "private, max-age=86400", "X-Step": "1", "X-Done": "1"})


def _places() -> np.ndarray:
    from ui.movies_model import advisor  # late: it brings SciPy, and the first page needs none

    return advisor().places
