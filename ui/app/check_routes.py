"""The route by which the questions at the end of a page tell what somebody answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aecore.stores.personal import PersonalError
from aecore.tours.schema import Question
from ui.app.checks import questions_of
from ui.app.posted import RefusedPost, is_known, posted, refusal
from ui.app.services import services

ACTIONS = ("answer", "again")


async def note(request: Request) -> Response:
    """`POST /checks/PAGE/ACTION` with a JSON object; 204, or a sentence why not.

    answer: {question, choice}; the choice is counted from 0. again: {}; another attempt begins. Who has no cookie of
    this server gets no file.
    """
    page, action = request.path_params["page"], request.path_params["action"]
    questions = questions_of(page)
    if not questions or action not in ACTIONS:
        return PlainTextResponse("There is no such question.", status_code=404)
    try:
        person, body = await posted(request)
    except RefusedPost as refused:
        return refused.answer
    if not is_known(request, person):
        return PlainTextResponse("Your browser keeps no cookies, so your answers are not kept.", status_code=403)
    try:
        if action == "again":
            await run_in_threadpool(services.checked.begin_again, person.tag, page)
        else:
            await run_in_threadpool(services.checked.answer, person.tag, page, *_answered(questions, body))
    except PersonalError as error:
        return refusal(error, 409)
    except (TypeError, ValueError):
        return PlainTextResponse("A part of the message is missing.", status_code=400)
    return Response(status_code=204)


def _answered(questions: Mapping[str, Question], body: dict[str, Any]) -> tuple[str, int]:
    id, choice = body.get("question"), body.get("choice")
    if not isinstance(id, str) or not isinstance(choice, int) or isinstance(choice, bool):
        raise TypeError("question and choice")
    if id not in questions or not 0 <= choice < len(questions[id].choices):
        raise ValueError("question or choice")
    return id, choice


CHECK_ROUTES = [Route("/checks/{page}/{action}", note, methods=["POST"])]
