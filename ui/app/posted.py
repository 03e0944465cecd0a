"""What a page of this server posts to its own routes: small JSON objects, from its own origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response

from aecore.paths import names_only
from ui.app.attempts import Attempts
from ui.app.identity import Person, cookie_name, id_from, person_from

LONGEST_BODY = 16_384
MOST_ACTS, ACT_SECONDS = 40, 10.0

HASTE = Attempts(most=MOST_ACTS, most_of_all=100_000, seconds=ACT_SECONDS)
"""What somebody has posted of late."""


class RefusedPost(Exception):
    """A message that is not taken; `answer` says why."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.answer = PlainTextResponse(why, status_code=status)


def refusal(error: Exception, status: int) -> Response:
    """The answer to what cannot be done: the error's sentence, which names files and never a folder of this server."""
    return PlainTextResponse(sentence(error), status_code=status)


def sentence(error: Exception) -> str:
    """An error's sentence as visitors may read it."""
    return names_only(str(error))


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


def is_known(request: Request, person: Person) -> bool:
    """Whether this browser comes back as the same person: it has a cookie of this server, or is the host's."""
    return person.is_host or bool(id_from(request.cookies.get(cookie_name(), "")))


async def posted(request: Request) -> tuple[Person, dict[str, Any]]:
    """Who posts, and the JSON object. RefusedPost for another site, a long or broken message, or too many of them."""
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    if not (is_json and is_from_here(request.headers)):
        raise RefusedPost("Only a page of this server may ask for this.", 403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > 9 or int(length) > LONGEST_BODY:
        raise RefusedPost("This is too long.", 413)
    try:
        body = json.loads(await request.body())
        if not isinstance(body, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise RefusedPost("This is not a JSON object.", 400) from None
    person = await run_in_threadpool(who_asks, request)
    if HASTE.wait(person.tag):
        raise RefusedPost("That was too quick. Try again in a few seconds.", 429)
    HASTE.note(person.tag)
    return person, body
