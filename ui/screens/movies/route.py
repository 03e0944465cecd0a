"""Where the films of the taste map lie, for the browser that draws it."""

from __future__ import annotations

import hashlib

import numpy as np
from starlette.requests import Request
from starlette.responses import Response


def places_key(places: np.ndarray) -> str:
    """A name of these places, by which they can be asked for from now on; others have another one."""
    body = np.ascontiguousarray(places, "<f4").tobytes()
    key = hashlib.sha256(body).hexdigest()[:20]
    _KNOWN[key] = body
    return key


async def film_places(request: Request) -> Response:
    """The (F, 2) places as float32, little endian; 404 for a key of none. What has this address never changes."""
    body = _KNOWN.get(request.path_params["key"])
    if body is None:
        return Response("There is no such map.", status_code=404)
    return Response(
        body,
        media_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=86400", "X-Step": "1", "X-Done": "1"},
    )


_KNOWN: dict[str, bytes] = {}
"""The maps that a page has shown since the server began; a page is made before its map is asked for."""
