"""The routes of rooms beside the pages: a line on which browsers hear of changes, and what the bar's buttons do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
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

HUB = Hub(lambda: services.rooms)

ATTEMPTS = Attempts()
"""Wrong codes."""


def who_asks(connection: HTTPConnection) -> Person:
    """The person behind a request or a WebSocket, as the pages know them."""
    peer = connection.client.host if connection.client else None
    return person_from(peer, dict(connection.headers), connection.cookies)


async def live(socket: WebSocket) -> None:
    """`/rooms/CODE/live`: JSON of the room as this person sees it, now and after each change."""
    code, person = as_code(socket.path_params["code"]), await run_in_threadpool(who_asks, socket)
    origin = urlsplit(socket.headers.get("origin", "")).netloc
    if origin and origin != socket.headers.get("host", ""):
        await socket.close(1008)
        return
    await socket.accept()
    async with HUB.listening(code, person.tag) as listener:
        gone = asyncio.create_task(_until_gone(socket))
        try:
            while not gone.done():
                news = asyncio.create_task(listener.next())
                await asyncio.wait((news, gone), return_when=asyncio.FIRST_COMPLETED)
                if not news.done():
                    news.cancel()
                    break
                await socket.send_text(json.dumps(news.result(), ensure_ascii=False, separators=(",", ":")))
        except (WebSocketDisconnect, RuntimeError):  # it has gone while something was sent
            pass
        finally:
            gone.cancel()


async def _until_gone(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()


Action = Callable[[Rooms, str, str, dict[str, Any]], object]
"""What a button does: rooms, code, tag of the person, body."""

ACTIONS: dict[str, Action] = {
    "lead": lambda rooms, code, who, body: rooms.move(code, who, _text(body, "path"), _text(body, "query")),
    "vote": lambda rooms, code, who, body: rooms.floor.vote(code, who, _number(body, "poll"), _number(body, "choice")),
    "ask": lambda rooms, code, who, body: rooms.floor.ask(code, who, _text(body, "text")),
    "upvote": lambda rooms, code, who, body: rooms.floor.upvote(
        code, who, _number(body, "question"), is_for=body.get("isFor") is True
    ),
    "answer": lambda rooms, code, who, body: rooms.floor.answer(code, who, _number(body, "question")),
    "hide": lambda rooms, code, who, body: rooms.floor.hide(code, who, _number(body, "question")),
}


async def act(request: Request) -> Response:
    """`POST /rooms/CODE/ACTION` with a JSON object; 204, or a sentence why not.

    The cookie that says who asks is not sent with requests that another site makes (SameSite=Lax).
    """
    action = ACTIONS.get(request.path_params["action"])
    length = request.headers.get("content-length", "")
    if action is None or not length.isdecimal() or int(length) > LONGEST_BODY:
        return PlainTextResponse("There is no such button.", status_code=404 if action is None else 413)
    try:
        body = json.loads(await request.body())
        if not isinstance(body, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        return PlainTextResponse("This is no JSON object.", status_code=400)
    code, person = as_code(request.path_params["code"]), await run_in_threadpool(who_asks, request)
    try:
        await run_in_threadpool(action, services.rooms, code, person.tag, body)
    except RoomError as error:
        return PlainTextResponse(str(error), status_code=409)
    except TypeError:
        return PlainTextResponse("Something is missing in this.", status_code=400)
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
