"""The routes by which the card of a prediction tells a guess and gets the truth."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from aecore.predictions.schema import Guess, GuessError, NotYetError, Prediction, as_json, checked, verdict
from aecore.stores.personal import PersonalError
from ui.app.identity import Person
from ui.app.posted import RefusedPost, is_known, posted, refusal, sentence
from ui.app.predictions import NoTruthError, UnknownPredictionError, prediction, truth_of
from ui.app.services import services

ALL = "all"
"""In place of an id: what concerns all predictions."""

ACTIONS = ("guess", "truth", "ask")
NO_COOKIES = "Your browser keeps no cookies, so nothing of this is kept."
LONGEST_QUERY = 8_000


async def act(request: Request) -> Response:
    """`POST /predictions/ID/ACTION` with a JSON object; JSON, or a sentence why not.

    guess: {guess, query}; the guess is kept, and the truth is the answer. truth: {query, guess}; the same without
    keeping anything. ask, of all: {isAsked}; whether pages ask first. The truth is {value, text, verdict,
    misconception}, or {notYet} with what is still to be done.
    """
    id, action = request.path_params["prediction"], request.path_params["action"]
    if action not in ACTIONS:
        return PlainTextResponse("A prediction has no such action.", status_code=404)
    try:
        person, body = await posted(request)
    except RefusedPost as refused:
        return refused.answer
    try:
        if (id, action) == (ALL, "ask"):
            if not is_known(request, person):
                return PlainTextResponse(NO_COOKIES, status_code=403)
            await run_in_threadpool(services.guesses.ask, person.tag, is_asked=body.get("isAsked") is True)
            return JSONResponse({})
        asked = prediction(id)
        if action == "guess":
            return JSONResponse(await run_in_threadpool(_guessed, asked, person, body, is_known(request, person)))
        if action == "truth":
            return JSONResponse(await run_in_threadpool(_told, asked, body))
        return PlainTextResponse("One prediction alone has no such action.", status_code=404)
    except UnknownPredictionError as error:
        return refusal(error, 404)
    except (GuessError, PersonalError, NoTruthError) as error:
        return refusal(error, 409)


def _guessed(asked: Prediction, person: Person, body: dict[str, Any], keeps: bool) -> dict[str, Any]:
    """The truth, and in `notKept` why the guess could not be kept, if so."""
    guess, not_kept = checked(asked.form, body.get("guess")), "" if keeps else NO_COOKIES
    if keeps:
        try:
            services.guesses.note(person.tag, asked.id, guess)
        except PersonalError as error:
            not_kept = sentence(error)
    return {**_answer(asked, body, guess), "notKept": not_kept}


def _told(asked: Prediction, body: dict[str, Any]) -> dict[str, Any]:
    guess = None if body.get("guess") is None else checked(asked.form, body["guess"])
    return _answer(asked, body, guess)


def _answer(asked: Prediction, body: dict[str, Any], guess: Guess | None) -> dict[str, Any]:
    query = body.get("query", "")
    try:
        truth = truth_of(asked, query if isinstance(query, str) and len(query) <= LONGEST_QUERY else "")
    except NotYetError as error:
        return {"notYet": sentence(error)}
    word = None if guess is None else verdict(asked.form, guess, truth.value)
    return as_json(truth, asked.misconception, word)


PREDICT_ROUTES = [Route("/predictions/{prediction}/{action}", act, methods=["POST"])]
