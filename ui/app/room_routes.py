"""The routes of rooms beside the pages: a line on which browsers hear of changes, and what the bar's buttons do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from aecore.predictions.schema import NotYetError, Prediction, checked
from aecore.rooms.queries import as_code
from aecore.rooms.store import RoomError, Rooms
from aecore.stores.personal import PersonalError
from ui.app.attempts import Attempts
from ui.app.identity import Person
from ui.app.posted import RefusedPost, is_from_here, posted, refusal, who_asks
from ui.app.predictions import NoTruthError, UnknownPredictionError, prediction, truth_of
from ui.app.room_hub import Hub, spot_in
from ui.app.room_spots import board_of
from ui.app.services import services

BEAT_SECONDS = 20.0
"""Between two signs of life on a line on which nothing is said."""

MOST_SPOTS, SPOT_SECONDS, LONGEST_SPOT = 100, 10.0, 2_000
"""Messages of a host's pointer in so many seconds, and letters of one."""

NOT_INSIDE = "You are not in this room."

HUB = Hub(lambda: services.rooms, board=lambda: board_of(services.everyones.folder.parent))


async def live(socket: WebSocket) -> None:
    """`/rooms/CODE/live`: JSON of the room as this person sees it, now and after each change; {} as a sign of life."""
    code, person = as_code(socket.path_params["code"]), await run_in_threadpool(who_asks, socket)
    if not is_from_here(socket.headers) or HUB.is_full(person.tag):
        await socket.close(1008)
        return
    await socket.accept()
    if not await run_in_threadpool(_is_inside, code, person):
        await socket.send_text(json.dumps({"ended": NOT_INSIDE}))
        await socket.close()
        return
    async with HUB.listening(code, person.tag) as listener:
        gone = asyncio.create_task(_until_gone(socket, code, person))
        try:
            while not gone.done():
                news = asyncio.create_task(listener.next())
                await asyncio.wait((news, gone), timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if not news.done():
                    news.cancel()
                    if not gone.done():
                        await socket.send_text("{}")
                    continue
                await socket.send_text(json.dumps(news.result(), ensure_ascii=False, separators=(",", ":")))
                if "ended" in news.result():
                    await socket.close()
                    break
        except (WebSocketDisconnect, RuntimeError):  # it has gone while something was sent
            pass
        finally:
            gone.cancel()


def _is_inside(code: str, person: Person) -> bool:
    try:
        return services.rooms.is_inside(code, person.tag)
    except RoomError:
        return False


async def _until_gone(socket: WebSocket, code: str, person: Person) -> None:
    """Only the host says something on the line: where they point."""
    is_host, points = await run_in_threadpool(_is_host, code, person), Attempts(MOST_SPOTS, 100_000, SPOT_SECONDS)
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            text = message.get("text") or ""
            if not is_host or len(text) > LONGEST_SPOT or points.wait(code):
                continue
            points.note(code)
            with suppress(ValueError, RecursionError):
                HUB.point(code, person.tag, spot_in(text))
    finally:
        if is_host:
            HUB.point(code, person.tag, None)


def _is_host(code: str, person: Person) -> bool:
    try:
        return services.rooms.get(code).host == person.tag
    except RoomError:
        return False


Action = Callable[[Rooms, str, str, dict[str, Any]], object]
"""What a button does: rooms, code, tag of the person, body."""

ACTIONS: dict[str, Action] = {
    "take-lead": lambda rooms, code, who, body: rooms.lead(code, who, _text(body, "tab")),
    "lead": lambda rooms, code, who, body: rooms.move(
        code, who, _text(body, "path"), _text(body, "query"), _text(body, "tab")
    ),
    "predict": lambda rooms, code, who, body: _ask(rooms, code, who, body),
    "uncover": lambda rooms, code, who, body: _uncover(rooms, code, who, body),
    "vote": lambda rooms, code, who, body: _vote(rooms, code, who, body),
    "ask": lambda rooms, code, who, body: rooms.floor.ask(code, who, _text(body, "text")),
    "upvote": lambda rooms, code, who, body: rooms.floor.upvote(
        code, who, _number(body, "question"), is_for=body.get("isFor") is True
    ),
    "answer": lambda rooms, code, who, body: rooms.floor.answer(code, who, _number(body, "question")),
    "hide": lambda rooms, code, who, body: rooms.floor.hide(code, who, _number(body, "question")),
}


async def act(request: Request) -> Response:
    """`POST /rooms/CODE/ACTION` with a JSON object, by a page of this server; 204, or a sentence why not.

    Somebody who is not in the room learns nothing of it, not even whether it exists.
    """
    action = ACTIONS.get(request.path_params["action"])
    if action is None:
        return PlainTextResponse("There is no such button.", status_code=404)
    try:
        person, body = await posted(request)
    except RefusedPost as refused:
        return refused.answer
    code = as_code(request.path_params["code"])
    try:
        if not await run_in_threadpool(_is_inside, code, person):
            return PlainTextResponse(NOT_INSIDE, status_code=403)
        await run_in_threadpool(action, services.rooms, code, person.tag, body)
    except RoomError as error:
        return refusal(error, 409)
    except UnknownPredictionError as error:
        return refusal(error, 404)
    except (NotYetError, NoTruthError) as error:
        return refusal(error, 409)
    except TypeError:
        return PlainTextResponse("A part of the message is missing.", status_code=400)
    HUB.hurry()
    return Response(status_code=204)


def _uncover(rooms: Rooms, code: str, who: str, body: dict[str, Any]) -> None:
    """The truth about a poll's prediction, for everybody; of runs, those of the host's address."""
    poll = next((each for each in rooms.floor.polls(code) if each.id == _number(body, "poll")), None)
    if poll is None or not poll.prediction:
        raise RoomError("This poll is about no prediction.")
    if rooms.get(code).host != who:
        raise RoomError("Only the host of this room can do this.")
    asked = prediction(poll.prediction)
    rooms.floor.uncover(code, who, poll.id, truth_of(asked, _text(body, "query")), asked.misconception)


def _ask(rooms: Rooms, code: str, who: str, body: dict[str, Any]) -> None:
    """A poll about a prediction; its truth is computed meanwhile, so that nobody waits for it afterwards."""
    asked = prediction(_text(body, "prediction"))
    rooms.floor.ask_prediction(code, who, asked)
    if not asked.is_of_runs:
        threading.Thread(target=_prepare, args=(asked,), daemon=True).start()


def _prepare(asked: Prediction) -> None:
    with suppress(NoTruthError):  # who asks for it will be told
        truth_of(asked)


def _vote(rooms: Rooms, code: str, who: str, body: dict[str, Any]) -> None:
    """A vote; one about a prediction is a guess as well, wherever it was made."""
    poll = _number(body, "poll")
    asked = rooms.floor.vote(code, who, poll, body.get("guess"))
    if asked.prediction:
        with suppress(PersonalError):  # the vote counts even so
            services.guesses.note(who, asked.prediction, checked(asked.form, body["guess"]))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**53) < value < 2**53:
        raise TypeError(name)
    return value


ROOM_ROUTES = [
    WebSocketRoute("/rooms/{code}/live", live),
    Route("/rooms/{code}/{action}", act, methods=["POST"]),
]
