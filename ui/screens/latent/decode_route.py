"""The route that decodes a code: the browser posts a code set by hand,
and gets a picture and its distance from the real codes.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aecore.latent.animation import as_pictures
from aecore.latent.code_set import CODES
from aecore.latent.paths import Surroundings, surroundings
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.runs.store import RunError
from aecore.stores.results import ResultCache
from ui.app.posted import refusal
from ui.app.services import services
from ui.widgets.networks import decode

LONGEST = 1 << 20
"""Most bytes of a request."""


@dataclass(frozen=True)
class Walker:
    """A network to decode with, and the real codes."""

    trained_model: TrainedModel
    around: Surroundings


async def decoded_code(request: Request) -> Response:
    """Body: a code, float32, little endian. Answer as JSON: shape and pixels (base64, uint8) of the picture, the
    nearest real code's number, and its distance: as a multiple of the median (`ratio`), and the share of real codes
    that are nearer to their nearest (`share`).
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LONGEST:
        return Response("This is no code.", status_code=413)
    try:
        code = np.frombuffer(await request.body(), "<f4").copy()
        return JSONResponse(await run_in_threadpool(_answer, request.path_params["codes"], code))
    except (LookupError, OSError):
        return Response("There are no such codes.", status_code=404)
    except RunError as error:
        return refusal(error, 404)
    except ValueError:
        return Response("This is no code of that network.", status_code=400)


def _answer(key: str, code: np.ndarray) -> dict[str, object]:
    walker = _walker(key, services.store.folder.parent)
    if code.shape != walker.around.known.shape[1:] or not np.isfinite(code).all():
        raise ValueError
    picture = as_pictures(decode(walker.trained_model, code[None]))[0]
    near, distance = walker.around.nearest(code[None])
    return {
        "shape": list(picture.shape), "pixels": base64.b64encode(np.ascontiguousarray(picture).tobytes()).decode(),
        "nearest": int(near[0]),
        "ratio": float(walker.around.ratios(distance)[0]), "share": float(walker.around.shares(distance)[0]),
    }  # fmt: skip


@lru_cache(maxsize=12)
def _walker(key: str, home: Path) -> Walker:
    kept = ResultCache(home).at(CODES, key).read()
    if kept is None:
        raise LookupError(key)
    return Walker(find_trained_model(services.store, kept.values["source"]), surroundings(kept.arrays["codes"]))
