"""Who somebody is: a signed cookie that no script reads, the same for all tabs of a browser; there are no accounts.

What a person makes is theirs. The host of the server, who asks it by the name `localhost` from the same machine or has
come in by the link with the host's key, may change everything; so may everybody where `AECORE_SHARED` is 0. On a server
that is meant for others (`is_for_others`) only the link counts: through a proxy or a tunnel that tells nothing of who
asks, everybody seems to ask for `localhost` from the same machine.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aecore.limits import SHARED, are_all_hosts, is_lecture
from aecore.stores import owners
from aecore.stores.fingerprint import fingerprint
from ui.app.door import HOSTS, address_of
from ui.app.host_key import has_key
from ui.app.network import ADDRESS
from ui.app.password import PASSWORD
from ui.app.secret import is_secure, secret

COOKIE, COOKIE_SECONDS = "aecore-visitor", 400 * 86_400
FILMS_COOKIE, FILMS_KEY_LETTERS = "aecore-films", 22
FILMS_KEY = re.compile(rf"[A-Za-z0-9_-]{{{FILMS_KEY_LETTERS}}}")
"""The cookie with the key to a browser's profiles on the Movies page, and its form. New keys follow from the signed
cookie; those of earlier versions, which a script kept or chance made, go on working for what they have.
"""
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@dataclass(frozen=True)
class Person:
    """Somebody, by a secret id. is_host: they run the server."""

    id: str
    is_host: bool = False

    @cached_property
    def tag(self) -> str:
        """What stands in the folders of what they make; the id cannot be told from it."""
        return fingerprint(self.id.encode(), digits=12)

    @property
    def owner(self) -> str:
        """Their tag as the owner of something; the host's is empty, as in what was made before there were owners."""
        return owners.HOST if self.is_host else self.tag

    def may_change(self, owner: str) -> bool:
        """Whether something with this tag is theirs; what has none is the host's."""
        return self.is_host or owner == self.tag


HOST = Person("host", is_host=True)


def person_from(
    peer: str | None,
    headers: Mapping[str, str],
    cookies: Mapping[str, str],
    environment: Mapping[str, str] = os.environ,
) -> Person:
    """Who asks: the host, or the person whom their cookie names; somebody new where a browser keeps no cookies.

    peer: the address that they ask from; None for this machine, or if it is not known.
    """
    if are_all_hosts(environment):
        return HOST
    if not is_for_others(environment) and _asks_this_machine_from_itself(
        peer, {name.lower(): text for name, text in headers.items()}
    ):
        return HOST
    if has_key(cookies):
        return HOST
    return Person(id_from(cookies.get(cookie_name(), "")) or secrets.token_urlsafe(18))


def is_for_others(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the server was set up for more people than the one at its machine."""
    said = (SHARED, HOSTS, ADDRESS, PASSWORD)
    return is_lecture(environment) or any(environment.get(name, "").strip() for name in said)


def _asks_this_machine_from_itself(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a browser here has asked for `localhost`: through a proxy, everybody would seem to sit here."""
    is_local_peer = peer is None or _is_loopback(peer)
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return is_local_peer and _is_loopback(host) and not any(name in headers for name in FORWARDED)


def _is_loopback(address: str) -> bool:
    with suppress(ValueError):
        return ip_address(address.partition("%")[0]).is_loopback
    return address == "localhost" or address.endswith(".localhost")


def cookie_name() -> str:
    """The name of the cookie: another one for each home, since a browser sends cookies to all ports of a host."""
    return f"{COOKIE}-{fingerprint(secret(), digits=8)}"


def signed(id: str) -> str:
    """The value of the cookie for this id."""
    return Signer(secret(), salt=COOKIE).sign(id).decode()


def id_from(value: str) -> str:
    """The id in a cookie's value; "" if nobody here has signed it."""
    try:
        return Signer(secret(), salt=COOKIE).unsign(value).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def uploader(scope: Scope) -> str:
    """The mark of who uploads: of their signed cookie, which all their tabs have, or else of their address."""
    id = id_from(HTTPConnection(scope).cookies.get(cookie_name(), ""))
    return f"person {Person(id).tag}" if id else f"nobody at {address_of(scope)}"


class Introduction:
    """ASGI middleware: gives each browser its cookies, or these for longer, with each page that it opens or still
    has.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the cookies to pages; everything else passes."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return

        async def introduce(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 304 or headers.get("content-type", "").startswith("text/html"):
                    for cookie in _cookies_for(scope):
                        headers.append("set-cookie", cookie)
                    headers["cache-control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, introduce)


def _cookies_for(scope: Scope) -> list[str]:
    there = HTTPConnection(scope).cookies
    id = id_from(there.get(cookie_name(), "")) or secrets.token_urlsafe(18)
    values = {cookie_name(): signed(id), FILMS_COOKIE: films_key_from(there) or films_key_of(id)}
    rest = f"Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
    secure = "; Secure" if is_secure(scope) else ""
    return [f"{name}={value}; {rest}{secure}" for name, value in values.items()]


def films_key_from(cookies: Mapping[str, str]) -> str:
    """The key to a browser's profiles of films, as its cookie has it; "" if it has none. It is signed by nobody: who
    makes up a key has one that is not theirs by `own_films_key`.
    """
    key = str(cookies.get(FILMS_COOKIE, ""))
    return key if FILMS_KEY.fullmatch(key) else ""


def own_films_key(cookies: Mapping[str, str]) -> str:
    """The key that follows from a browser's signed cookie; "" if it has none."""
    id = id_from(cookies.get(cookie_name(), ""))
    return films_key_of(id) if id else ""


def films_key_of(id: str) -> str:
    """The key to the profiles of films of this person, from which the id cannot be told, nor the other way round."""
    digest = hmac.digest(secret(), f"{FILMS_COOKIE}/{id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest)[:FILMS_KEY_LETTERS].decode()
