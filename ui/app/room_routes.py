"""The routes of rooms beside the pages: a line on which browsers hear of changes, and what the bar's buttons do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from aecore.rooms.queries import as_code
from aecore.rooms.store import RoomError, Rooms
from ui.app.attempts import Attempts
from ui.app.identity import Person, person_from
from ui.app.room_hub import Hub
from ui.app.services import services

LONGEST_BODY = 16_384
BEAT_SECONDS = 20.0
"""Between two signs of life on a line on which nothing is said."""

NOT_INSIDE = "You are not in this room."
MOST_ACTS, ACT_SECONDS = 40, 10.0

HUB = Hub(lambda: services.rooms)
HASTE = Attempts(most=MOST_ACTS, most_of_all=100_000, seconds=ACT_SECONDS)
"""What somebody has done of late."""


def who_asks(connection: HTTPConnection) -> Person:
    """The person behind a request or a WebSocket, as the pages know them."""
    peer = connection.client.host if connection.client else None
    return person_from(peer, dict(connection.headers), connection.cookies)


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a page of this server asks, as far as the browser says: the host needs no cookie that another site could
    not have sent along.
    """
    origin = headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == headers.get("host", "") != ""
    return is_own and headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


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
        gone = asyncio.create_task(_until_gone(socket))
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


async def _until_gone(socket: WebSocket) -> None:
    """What a browser says on the line is not looked at."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


Action = Callable[[Rooms, str, str, dict[str, Any]], object]
"""What a button does: rooms, code, tag of the person, body."""

ACTIONS: dict[str, Action] = {
    "take-lead": lambda rooms, code, who, body: rooms.lead(code, who, _text(body, "tab")),
    "lead": lambda rooms, code, who, body: rooms.move(
        code, who, _text(body, "path"), _text(body, "query"), _text(body, "tab")
    ),
    "vote": lambda rooms, code, who, body: rooms.floor.vote(code, who, _number(body, "poll"), _number(body, "choice")),
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
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    if not (is_json and is_from_here(request.headers)):
        return PlainTextResponse("Only a page of this server may ask for this.", status_code=403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > 9 or int(length) > LONGEST_BODY:
        return PlainTextResponse("This is too long.", status_code=413)
    try:
        body = json.loads(await request.body())
        if not isinstance(body, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        return PlainTextResponse("This is not a JSON object.", status_code=400)
    code, person = as_code(request.path_params["code"]), await run_in_threadpool(who_asks, request)
    if HASTE.wait(person.tag):
        return PlainTextResponse("That was too quick. Try again in a few seconds.", status_code=429)
    HASTE.note(person.tag)
    try:
        if not await run_in_threadpool(_is_inside, code, person):
            return PlainTextResponse(NOT_INSIDE, status_code=403)
        await run_in_threadpool(action, services.rooms, code, person.tag, body)
    except RoomError as error:
        return PlainTextResponse(str(error), status_code=409)
    except TypeError:
        return PlainTextResponse("A part of the message is missing.", status_code=400)
    HUB.hurry()
    return Response(status_code=204)


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
