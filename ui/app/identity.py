"""Who somebody is: a signed cookie that no script reads, the same for all tabs of a browser; there are no accounts.

Where only this machine can reach the server, everything is everybody's, for there is one person. Otherwise what a
person makes is theirs; whoever runs the server, the host, may change everything.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from ipaddress import ip_address
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aecore.paths import home_folder
from aecore.stores.fingerprint import fingerprint
from ui.app.door import HOSTS

SHARED = "AECORE_SHARED"
"""The variable of the environment that says whether several people use this server: 1 or 0."""

COOKIE, COOKIE_SECONDS = "aecore-visitor", 400 * 86_400
SECRET_FILE = ".visitors.key"
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@dataclass(frozen=True)
class Person:
    """Somebody, by a secret id. is_host: who runs the server."""

    id: str
    is_host: bool = False

    @property
    def tag(self) -> str:
        """What stands in the folders of what they make; the id cannot be told from it."""
        return fingerprint(self.id.encode(), digits=12)

    def may_change(self, owner: str) -> bool:
        """Whether something with this tag is theirs; what has none is the host's."""
        return self.is_host or owner == self.tag


HOST = Person("host", is_host=True)


def is_shared(address: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether several people use the server: as `AECORE_SHARED` says, or where others can reach it."""
    said = environment.get(SHARED, "").strip().lower()
    if said:
        return said not in ("0", "no", "false", "off")
    return bool(environment.get(HOSTS, "").strip()) or not is_this_machine(address)


def is_host(peer: str | None, headers: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a visitor of a shared server sits at its machine. peer: their address, None for this machine.

    Where the environment says that the server is shared, a proxy may stand before it, and everybody would seem to sit
    here: there the host has the command line only.
    """
    if environment.get(SHARED, "").strip() or environment.get(HOSTS, "").strip():
        return False
    return (peer is None or is_this_machine(peer)) and not any(name in headers for name in FORWARDED)


def is_this_machine(address: str) -> bool:
    """Whether an address or a name is that of the machine itself, and not of all its networks."""
    with suppress(ValueError):
        return ip_address(address.strip("[]").partition("%")[0]).is_loopback
    return address == "localhost"


def signed(id: str) -> str:
    """The value of the cookie for this id."""
    return Signer(_secret(), salt=COOKIE).sign(id).decode()


def id_from(value: str) -> str:
    """The id in a cookie's value; "" if nobody here has signed it."""
    try:
        return Signer(_secret(), salt=COOKIE).unsign(value).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


class Introduction:
    """ASGI middleware: gives each browser its cookie, with the first page that it opens or still has in its cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the cookie to pages; everything else passes."""
        if scope["type"] != "http" or id_from(_cookie(scope)):
            await self._app(scope, receive, send)
            return

        async def introduce(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_known_page = message["status"] == 304 and "text/html" in Headers(scope=scope).get("accept", "")
                if is_known_page or headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _new_cookie(is_secure=scope.get("scheme") == "https"))
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, introduce)


def _new_cookie(*, is_secure: bool) -> str:
    rest = f"Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if is_secure else ''}"
    return f"{COOKIE}={signed(secrets.token_urlsafe(18))}; {rest}"


def _cookie(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name.lower() == b"cookie":
            with suppress(Exception):  # a header of a stranger
                if kept := SimpleCookie(value.decode("latin-1")).get(COOKIE):
                    return kept.value
    return ""


def _secret() -> bytes:
    """What the cookies of this home are signed with; made at the first use, and read by nobody else on the machine."""
    path = home_folder() / SECRET_FILE
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{SECRET_FILE}.{secrets.token_hex(6)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    try:
        os.link(fresh, path)  # two servers that start at once agree on one
    except FileExistsError:
        pass
    except OSError:
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) < 16:
        raise OSError(f"{path.name} is damaged: remove it; everybody on this server is then somebody new.")
    return secret
