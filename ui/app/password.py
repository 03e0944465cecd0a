"""A password for the whole server, where its host has set one: who has not typed it sees a form and nothing else."""

from __future__ import annotations

import hmac
import html
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from aecore.stores.fingerprint import fingerprint
from ui.app import host_key
from ui.app.attempts import Attempts, where_from
from ui.app.secret import is_secure, secret

PASSWORD = "AECORE_PASSWORD"
"""The variable of the environment with the password; without it everybody comes in."""

ENTER, COOKIE, SECONDS = "/enter", "aecore-entered", 30 * 86_400
HEALTH = "/_stcore/health"
"""Answers everybody, and so do links with the host's key."""

HOST_LINK = re.compile(r"/host/[^/]+")
MOST_WRONG = 60
"""Wrong passwords within five minutes from one address, which a whole class may share; then none is looked at."""

LONGEST = 4096
"""Bytes of a form."""

PAGE = Path(__file__).with_name("password.html")


class Password:
    """ASGI middleware: asks for the password, once for each browser. The host, by the host's key, needs none."""

    def __init__(
        self, app: ASGIApp, environment: Mapping[str, str] = os.environ, attempts: Attempts | None = None
    ) -> None:
        self._app, self._environment = app, environment
        self._attempts = attempts or Attempts(most=MOST_WRONG, most_of_all=50 * MOST_WRONG)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on what comes from somebody who has entered."""
        wanted = self._environment.get(PASSWORD, "").strip()
        if scope["type"] not in ("http", "websocket") or not wanted or scope["path"] == HEALTH:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] == ENTER:
            await (await self._entering(scope, receive, wanted))(scope, receive, send)
        elif HOST_LINK.fullmatch(scope["path"]) or _has_entered(HTTPConnection(scope).cookies, wanted):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            await _form(_asked_for(scope), "", 401)(scope, receive, send)
        else:
            await PlainTextResponse("This server asks for a password.", status_code=401)(scope, receive, send)

    async def _entering(self, scope: Scope, receive: Receive, wanted: str) -> Response:
        if scope["method"] != "POST":
            return RedirectResponse("/", status_code=303)
        fields = parse_qs((await _body(receive)).decode("utf-8", "replace"))
        given, onward = fields.get("password", [""])[0], _own_path(fields.get("next", ["/"])[0])
        who = where_from((scope.get("client") or ("", 0))[0], Headers(scope=scope))
        if seconds := self._attempts.wait(who):
            return _form(onward, f"Too many wrong passwords. Try again in {-(-seconds // 60)} min.", 429)
        if not hmac.compare_digest(given.strip().encode(), wanted.encode()):
            self._attempts.note(who)
            return _form(onward, "This is not the password. Upper and lower case differ.", 401)
        answer = RedirectResponse(onward, status_code=303)
        answer.set_cookie(
            cookie_name(), Signer(secret(), salt=COOKIE).sign(_print_of(wanted)).decode(), max_age=SECONDS, path="/",
            httponly=True, samesite="lax", secure=is_secure(scope),
        )  # fmt: skip
        return answer


def _has_entered(cookies: Mapping[str, str], wanted: str) -> bool:
    try:
        shown = Signer(secret(), salt=COOKIE).unsign(cookies.get(cookie_name(), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return host_key.has_key(cookies)
    return hmac.compare_digest(shown, _print_of(wanted)) or host_key.has_key(cookies)


def _form(onward: str, why: str, status: int) -> Response:
    alert = f'<p role="alert">{html.escape(why)}</p>' if why else ""
    page = PAGE.read_text(encoding="utf-8").replace("{{why}}", alert).replace("{{next}}", html.escape(onward))
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def _asked_for(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _own_path(text: str) -> str:
    """A path of this server, whatever a form says: no other host, no control characters."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_own else "/"


async def _body(receive: Receive) -> bytes:
    body = b""
    while len(body) <= LONGEST:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body[:LONGEST]


def cookie_name() -> str:
    """The name of the cookie: another one for each home, since a browser sends cookies to all ports of a host."""
    return f"{COOKIE}-{fingerprint(secret(), digits=8)}"


def _print_of(password: str) -> str:
    """Says whether it is the same password, and helps nobody to guess it."""
    return hmac.new(secret(), password.encode(), "sha256").hexdigest()[:32]
