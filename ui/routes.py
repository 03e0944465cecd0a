"""What is served beside the pages: the home page's models, fetched by the browser once and kept by it."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HOUR = 3600


async def hourglass_model(request: Request) -> Response:
    """A packed model as JSON; 404 if there is none of that name, 304 if the browser has it already."""
    try:
        body, tag = await run_in_threadpool(_packed, request.path_params["name"])
    except KeyError:
        return Response("There is no such model.", status_code=404)
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={HOUR}"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@cache
def _packed(name: str) -> tuple[bytes, str]:
    from ui.builtin import home_model

    body = json.dumps(home_model(name).packed).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


ROUTES = [Route("/hourglass/{name}", hourglass_model)]
