"""HTTP routes beside the pages: the charts' library, the home page's models, positions of maps,
decoded codes, rows of the Noise lab. Browsers cache the responses.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from aecore.latent.code_set import ATLAS, MAP
from aecore.paths import home_folder
from aecore.stores.results import Kind, ResultCache, Slot
from ui.app.check_routes import CHECK_ROUTES
from ui.app.host_key import take_key
from ui.app.predict_routes import PREDICT_ROUTES
from ui.app.room_routes import ROOM_ROUTES
from ui.app.tour_routes import TOUR_ROUTES
from ui.components.chart import plotly_library
from ui.screens.latent.decode_route import decoded_code
from ui.screens.lecture.hello import hello
from ui.screens.lecture.sheet import sheet_page
from ui.screens.movies.route import film_places
from ui.screens.noise.rows_route import rows_at_levels

HOUR = 3600


async def hourglass_model(request: Request) -> Response:
    """A serialised model as JSON; 404 if there is none of that name, 304 if the browser has it already."""
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
    """The pictures of a code set as one mosaic; 404 if there are none. The content of an address never changes."""
    slot = _slot(ATLAS, request.path_params["codes"])
    path = slot and slot.beside(".webp")
    if path is None or not await run_in_threadpool(path.is_file):
        return Response("There are no such pictures.", status_code=404)
    return FileResponse(path, media_type="image/webp", headers={"Cache-Control": f"private, max-age={HOUR}"})


async def map_positions(request: Request) -> Response:
    """The current positions of a map: float32, little endian, with the progress in the headers;
    304 if they have not changed.
    """
    slot = _slot(MAP, request.path_params["map"])
    stamp = slot.stamp() if slot else 0
    tag = f'"{stamp:x}"'
    if stamp and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    kept = await run_in_threadpool(slot.read) if slot and stamp else None
    if kept is None:
        return Response("There is no such map.", status_code=404)
    is_done = kept.values["step"] >= kept.values["of"]
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "X-Step": str(kept.values["step"]),
        "X-Done": str(int(is_done)),
    }
    return Response(
        kept.arrays["positions"].astype("<f4").tobytes(), media_type="application/octet-stream", headers=headers
    )


def _slot(kind: Kind, key: str) -> Slot | None:
    """The slot of a code set's pictures or of a map; None if the key is invalid."""
    try:
        return ResultCache(home_folder()).at(kind, key)
    except KeyError:
        return None


ROUTES: list[BaseRoute] = [
    Route("/host/{key}", take_key),
    *ROOM_ROUTES,
    *TOUR_ROUTES,
    *PREDICT_ROUTES,
    Route("/lecture/hello/{token}", hello),
    Route("/lecture/sheet", sheet_page),
    *CHECK_ROUTES,
    Route("/plotly.js", plotly_library),
    Route("/hourglass/{name}", hourglass_model),
    Route("/latent-map/{codes}/atlas.webp", map_atlas),
    Route("/latent-map/{codes}/{map}/positions.bin", map_positions),
    Route("/latent-map/{codes}/decode", decoded_code, methods=["POST"]),
    Route("/noise-rows/{view}/{tab}", rows_at_levels, methods=["POST"]),
    Route("/movies/places/{key}.bin", film_places),
]


def routes_below(base: str) -> list[BaseRoute]:
    """The same routes below the path under which Streamlit serves its own, such as "lab"; none where that is empty."""
    base = base.strip("/")
    return [_below(f"/{base}", each) for each in ROUTES] if base else []


def _below(base: str, route: BaseRoute) -> BaseRoute:
    if isinstance(route, WebSocketRoute):
        return WebSocketRoute(base + route.path, route.endpoint)
    assert isinstance(route, Route)
    return Route(base + route.path, route.endpoint, methods=sorted(route.methods or ()))
