"""The address that a phone opens to show that it reaches this server: a small page, and a note of who has opened it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aecore.paths import home_folder
from aecore.stores.personal import PersonalError, PersonalNotes
from ui.app.attempts import where_from

FOLDER = "hello"
SECONDS = 3600.0
"""For which an address works."""

MOST = 50
"""Openings of one address that are noted."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Opening:
    """Somebody has opened the address. at: seconds since 1970; where: the address from which they asked."""

    at: float
    where: str


class Hellos:
    """The addresses of a home that phones open, for all its servers. clock: seconds since 1970."""

    def __init__(self, home: Path, clock: Clock = time.time) -> None:
        self._folder, self._clock = home / FOLDER, clock
        self._notes = PersonalNotes(self._folder, "the list of those who have opened this address")

    def new(self) -> str:
        """The token of a new address, which nobody can guess; those that no longer work are removed."""
        self._forget_old()
        token = secrets.token_urlsafe(12)
        with self._notes.changing(token):
            self._notes.write(token, {"made": self._clock(), "openings": []})
        return token

    def note(self, token: str, where: str) -> bool:
        """Notes that the address was opened; False if there is none of this token, or it is too old."""
        if self._read(token) is None:
            return False
        with self._notes.changing(token):
            values = self._read(token)
            if values is None:
                return False
            known = values["openings"]
            if len(known) < MOST and where not in [each for _, each in known]:
                self._notes.write(token, {**values, "openings": [*known, (self._clock(), where)]})
        return True

    def openings(self, token: str) -> list[Opening] | None:
        """Who has opened the address, each once, the first first; None if it no longer works."""
        values = self._read(token)
        return None if values is None else [Opening(at, where) for at, where in values["openings"]]

    def _read(self, token: str) -> dict[str, Any] | None:
        values = self._notes.read(token, _parsed, None)
        return values if values is not None and self._clock() - values["made"] < SECONDS else None

    def _forget_old(self) -> None:
        for token in self._notes.people():
            if self._read(token) is None:
                for ending in ("json", "lock"):
                    (self._folder / f"{token}.{ending}").unlink(missing_ok=True)


def _parsed(values: dict[str, Any]) -> dict[str, Any]:
    openings = [(float(at), str(where)) for at, where in values["openings"]]
    return {"made": float(values["made"]), "openings": openings}


def hello_path(token: str) -> str:
    """The path of the address."""
    return f"/lecture/hello/{token}"


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.25rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 18vh auto 0; padding: 0 1.5rem; }}
h1 {{ font-size: 2.2rem; margin: 0 0 .5rem; }}
</style></head>
<body><h1>{title}</h1><p>{text}</p><p><a href="{base}/">Open the app</a></p></body></html>
"""


async def hello(request: Request) -> Response:
    """`/lecture/hello/TOKEN`: notes where this was opened, and says that it works; 404 for another token."""
    where = where_from(request.client.host if request.client else "", request.headers)
    base = request.scope.get("root_path", "").rstrip("/")
    try:
        is_known = await run_in_threadpool(Hellos(home_folder()).note, request.path_params["token"], where)
    except PersonalError:
        is_known = False
    if is_known:
        title, text = "It works", "This device reaches the lecturer’s computer. You can close this page."
    else:
        title, text = "This code is too old", "The lecturer can make another one on the page Lecture."
    page = PAGE.format(title=title, text=text, base=base)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(page, status_code=200 if is_known else 404, headers=headers)
