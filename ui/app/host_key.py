"""The host's key: a browser in which the link with it has been opened is the host's, on any machine."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from aecore.paths import home_folder
from aecore.stores.fingerprint import fingerprint
from ui.app.secret import is_secure, secret

FILE = ".host.key"
COOKIE, SECONDS = "aecore-host", 30 * 86_400
LENGTH = 24
"""Bytes of a key: more than anybody could try."""


def key_file() -> Path:
    """Where the key of this home is kept, for nobody's eyes but the host's."""
    return home_folder() / FILE


def host_key() -> tuple[str, bool]:
    """The key, and whether it has only now been made."""
    with suppress(FileNotFoundError):
        if len(text := key_file().read_text(encoding="ascii", errors="replace").strip()) >= LENGTH:
            return text, False
    return new_key(), True


def new_key() -> str:
    """Another key; browsers that came in by an earlier one are the host's no longer, once their pages are reloaded."""
    path, key = key_file(), secrets.token_urlsafe(LENGTH)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(6)}")
    fresh.touch(mode=0o600)
    fresh.write_text(key, encoding="ascii")
    os.replace(fresh, path)
    return key


def cookie_name() -> str:
    """The name of the cookie: another one for each home, since a browser sends cookies to all ports of a host."""
    return f"{COOKIE}-{fingerprint(secret(), digits=8)}"


def has_key(cookies: Mapping[str, str]) -> bool:
    """Whether a browser has come in by the link with the present key."""
    value = cookies.get(cookie_name(), "")
    if not value or not key_file().is_file():
        return False
    try:
        shown = Signer(secret(), salt=COOKIE).unsign(value).decode()
    except (BadSignature, UnicodeDecodeError):
        return False
    return hmac.compare_digest(shown, _print_of(host_key()[0]))


async def take_key(request: Request) -> Response:
    """`/host/KEY`: gives the browser the host's cookie and leads on, so that the key does not stay in the address."""
    given = request.path_params["key"]
    known = (await run_in_threadpool(host_key))[0] if key_file().is_file() else ""
    if not known or not hmac.compare_digest(given.encode(), known.encode()):
        return PlainTextResponse(
            "This is not the key of this server's host. Its file lies in the home of the app, and "
            "`autoencoder-explorer --new-host-link` makes another one.",
            status_code=404,
        )
    answer = RedirectResponse(
        "/room", status_code=303, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )
    answer.set_cookie(
        cookie_name(), Signer(secret(), salt=COOKIE).sign(_print_of(known)).decode(), max_age=SECONDS, path="/",
        httponly=True, samesite="lax", secure=is_secure(request.scope),
    )  # fmt: skip
    return answer


def _print_of(key: str) -> str:
    return fingerprint(key.encode(), digits=16)
