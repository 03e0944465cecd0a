"""What is served beside the pages: the charts' library, the home page's models, where points of a map lie, decoded codes. Browsers keep what they fetched."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from aecore.files import BrokenFileError, read_npz
from ui.components.chart import plotly_library
from ui.screens.latent.decode_route import decoded_code
from ui.screens.movies.route import film_places

HOUR = 3600
KEY = re.compile(r"[0-9a-f]{20}")


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
    from ui.screens.home.models import home_model

    body = json.dumps(home_model(name).packed).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


async def map_atlas(request: Request) -> Response:
    """The pictures of a code set as one mosaic; 404 if there are none. What has this address never changes."""
    path = _kept(request.path_params["codes"]) / "atlas.webp"
    if not await run_in_threadpool(path.is_file):
        return Response("There are no such pictures.", status_code=404)
    return FileResponse(path, media_type="image/webp", headers={"Cache-Control": f"private, max-age={HOUR}"})


async def map_positions(request: Request) -> Response:
    """Where the points of a map lie now: float32, little endian, and in the headers how far it is; 304 if they have not moved."""
    path = _kept(request.path_params["codes"], request.path_params["map"]) / "map.npz"
    try:
        stat = path.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        kept = {} if request.headers.get("if-none-match") == tag else await run_in_threadpool(read_npz, path)
    except (FileNotFoundError, BrokenFileError):
        return Response("There is no such map.", status_code=404)
    if not kept:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    step, of = int(kept["step"]), int(kept["of"])
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Step": str(step), "X-Done": str(int(step >= of))}
    return Response(kept["positions"].astype("<f4").tobytes(), media_type="application/octet-stream", headers=headers)


def _kept(*keys: str) -> Path:
    """The folder of a code set or of a map in it; one that cannot exist if a key is none."""
    from aecore.paths import home_folder

    return home_folder().joinpath("cache", "latent", *(key if KEY.fullmatch(key) else "none" for key in keys))


ROUTES = [
    Route("/plotly.js", plotly_library),
    Route("/hourglass/{name}", hourglass_model),
    Route("/latent-map/{codes}/atlas.webp", map_atlas),
    Route("/latent-map/{codes}/{map}/positions.bin", map_positions),
    Route("/latent-map/{codes}/decode", decoded_code, methods=["POST"]),
    Route("/movies/places/{key}.bin", film_places),
]
