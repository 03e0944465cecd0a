"""Route for the places of the films on the taste map, which the browser fetches."""

from __future__ import annotations

import hashlib

import numpy as np
from starlette.requests import Request
from starlette.responses import Response


def places_key(places: np.ndarray) -> str:
    """Registers places for the route and returns their key, a hash of their content."""
    body = np.ascontiguousarray(places, "<f4").tobytes()
    key = hashlib.sha256(body).hexdigest()[:20]
    _KNOWN[key] = body
    return key


async def film_places(request: Request) -> Response:
    """The (F, 2) places as float32, little endian; 404 for an unknown key. The content of a key never changes."""
    body = _KNOWN.get(request.path_params["key"])
    if body is None:
        return Response("There is no such map.", status_code=404)
    return Response(
        body,
        media_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=86400", "X-Step": "1", "X-Done": "1"},
    )


_KNOWN: dict[str, bytes] = {}
"""The maps shown since the server started; a page registers its map before the browser fetches it."""
