"""The route by which the panel of a tour says where a learner stands and what they answer."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aecore.stores.personal import PersonalError
from aecore.tours.faults import TourError
from aecore.tours.schema import Step, Tour
from ui.app.posted import RefusedPost, is_known, posted, refusal
from ui.app.services import services

ACTIONS = ("at", "answer", "finish")


async def note(request: Request) -> Response:
    """`POST /tours/ID/ACTION` with a JSON object; 204, or a sentence why not.

    at: {step, query}. answer: {step, choice}. finish: {}. Who has no cookie of this server gets no file.
    """
    action = request.path_params["action"]
    if action not in ACTIONS:
        return PlainTextResponse("A tour has no such action.", status_code=404)
    try:
        person, body = await posted(request)
    except RefusedPost as refused:
        return refused.answer
    if not is_known(request, person):
        return PlainTextResponse("Your browser keeps no cookies, so your progress is not kept.", status_code=403)
    try:
        await run_in_threadpool(_note, person.tag, request.path_params["tour"], action, body)
    except (TourError, PersonalError) as error:
        return refusal(error, 409)
    except (TypeError, ValueError):
        return PlainTextResponse("A part of the message is missing.", status_code=400)
    return Response(status_code=204)


def _note(person: str, id: str, action: str, body: dict[str, Any]) -> None:
    tour, progress = services.shelf.get(id), services.progress
    if action == "finish":
        progress.finish(person, id)
        return
    step = _step(tour, body)
    if action == "at":
        query = body.get("query", "")
        progress.arrive(person, id, step.id, query if isinstance(query, str) else "")
        return
    choice = body.get("choice")
    if step.question is None or not isinstance(choice, int) or isinstance(choice, bool):
        raise TypeError("choice")
    if not 0 <= choice < len(step.question.choices):
        raise ValueError("choice")
    progress.answer(person, id, step.id, choice)


def _step(tour: Tour, body: dict[str, Any]) -> Step:
    at = tour.index(str(body.get("step", "")))
    if at < 0:
        raise ValueError("step")
    return tour.steps[at]


TOUR_ROUTES = [Route("/tours/{tour}/{action}", note, methods=["POST"])]
