"""What the server lets in, before Streamlit sees it: names that it answers to, closed addresses, a limit on uploads.

Streamlit checks hosts for its WebSocket only, shows its metrics to everybody, lets every visitor empty the caches of
all, and keeps every uploaded file until its visitor has gone. What depends on its inside is in this file.
"""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from aecore.machine import memory_bytes
from ui.app.attempts import where_from

HOSTS = "AECORE_HOSTS"
"""The variable of the environment that names further hosts: "app.example.org, *.example.org", or "*" for any."""

AT_HOME = (".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain", ".intranet", ".corp")
"""Ends of names that nobody can register for the whole internet."""

CLOSED = ("/_stcore/metrics",)
UPLOADS = "/_stcore/upload_file/"
MOST_FILES = 5_000
MOST_BYTES = 400 * 2**20
MOST_BYTES_OF_ALL = 4 * 2**30
"""Files and bytes that one visitor in all their tabs, and all together, may leave in the server's memory."""

MOST_REMEMBERED = 1_000
"""Visitors with unread uploads that are remembered before those are looked for who have none left."""

LONGEST_NUMBER = 15

log = logging.getLogger("autoencoder-explorer")


def named_hosts() -> tuple[str, ...]:
    """The hosts that the server's host has named, and the names of this machine."""
    from streamlit import config

    settings = [config.get_option("browser.serverAddress"), *config.get_option("server.allowedHosts")]
    known = (*os.environ.get(HOSTS, "").split(","), socket.gethostname(), *map(str, settings))
    return tuple(each.strip().lower() for each in known if each.strip())


def is_own_name(host: str, named: Iterable[str] = ()) -> bool:
    """Whether a Host header is one of ours: an address, a name without a dot, one of a local network, or named.

    A page of a stranger can point its own name at this machine (DNS rebinding), but no address and no local name.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if not name or parts.path or parts.query or parts.fragment or "@" in host:
        return False
    if "." not in name or _is_address(name) or name.endswith(AT_HOME):
        return True
    return any(each in ("*", name) or (each.startswith("*.") and name.endswith(each[1:])) for each in named)


class Door:
    """ASGI middleware: refuses, with a sentence, what this file's first lines name.

    uploads: session -> (files, bytes) in memory now, and the bytes of all; asked only when somebody uploads.
    who: the mark of who uploads, the same for all their tabs.
    """

    def __init__(
        self,
        app: ASGIApp,
        uploads: Callable[[str], tuple[int, int, int]] | None = None,
        who: Callable[[Scope], str] | None = None,
    ) -> None:
        self._app, self._uploads, self._named = app, uploads or in_memory, named_hosts()
        self._who = who or address_of
        self._arriving: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._sessions: dict[str, set[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on what may come in."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await (WebSocketClose(1008) if scope["type"] == "websocket" else refusal)(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]:
            with self._counted(self._marks(scope), _session(scope), int(headers["content-length"])):
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        host = headers.get("host", "")
        if not is_own_name(host, self._named):
            return PlainTextResponse(
                f"This server does not answer to the name {host[:100]!r}. Its host can name it in {HOSTS}.",
                status_code=421,
            )
        if scope["path"].rstrip("/").endswith(CLOSED):
            return PlainTextResponse("There is nothing here.", status_code=404)
        if scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]:
            return self._upload_refusal(self._marks(scope), _session(scope), headers.get("content-length", ""))
        return None

    def _marks(self, scope: Scope) -> tuple[str, str]:
        """Who uploads, and the address from which: a cookie is to be had with every page, an address is not."""
        return self._who(scope), f"address {address_of(scope)}"

    def _upload_refusal(self, marks: tuple[str, str], session: str, length: str) -> Response | None:
        if not length.isdecimal() or len(length) > LONGEST_NUMBER:
            return PlainTextResponse("An upload says how long it is.", status_code=411)
        coming, in_all = int(length), most_of_all()
        most = min(MOST_BYTES, in_all // 2)
        (files, mine), (_, from_there) = (self._held(mark, session) for mark in marks)
        if files >= MOST_FILES or mine + coming > most:
            return PlainTextResponse(
                f"You have left {files:,} files of {mine / 2**20:,.0f} MB with the server, which keeps at most "
                f"{MOST_FILES:,} of {most >> 20} MB for each visitor, in all their tabs together. Close other tabs, "
                "reload the page and upload fewer at once.",
                status_code=413,
            )
        everybodys = self._uploads(session)[2] + self._arriving.total() // len(marks)
        if everybodys + coming > in_all or from_there + coming > in_all // 2:
            return PlainTextResponse("The server holds as many uploads as it can; try again later.", status_code=503)
        return None

    def _held(self, mark: str, session: str) -> tuple[int, int]:
        """Files and bytes that somebody has in memory, or is sending, in this session and all others of theirs."""
        found = {each: self._uploads(each) for each in {session, *self._sessions.get(mark, ())}}
        files, held = (sum(each[part] for each in found.values()) for part in (0, 1))
        if mark in self._sessions and not self._files[mark]:
            self._sessions[mark] = {each for each, (count, _, _) in found.items() if count}
        return files + self._files[mark], held + self._arriving[mark]

    @contextmanager
    def _counted(self, marks: tuple[str, str], session: str, length: int) -> Iterator[None]:
        if len(self._sessions) > MOST_REMEMBERED:
            self._forget()
        for mark in marks:
            self._sessions.setdefault(mark, set()).add(session)
            self._arriving[mark] += length
            self._files[mark] += 1
        try:
            yield
        finally:
            for mark in marks:
                self._arriving[mark] -= length
                self._files[mark] -= 1
                if not self._files[mark]:
                    del self._files[mark], self._arriving[mark]

    def _forget(self) -> None:
        """Forgets who has nothing in memory any more."""
        has_files = {each: self._uploads(each)[0] > 0 for each in set().union(*self._sessions.values())}
        kept = {mark: {each for each in of if has_files[each]} for mark, of in self._sessions.items()}
        self._sessions = {mark: of or self._sessions[mark] for mark, of in kept.items() if of or self._files[mark]}


def most_of_all() -> int:
    """Bytes of uploads that all together may leave in memory: less on a small machine."""
    return int(min(MOST_BYTES_OF_ALL, memory_bytes() / 4))


def address_of(scope: Scope) -> str:
    """The address from which a request comes, as far as the proxy of this machine tells."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return where_from((scope.get("client") or ("", 0))[0], headers)


def in_memory(session: str) -> tuple[int, int, int]:
    """(files, bytes) that Streamlit keeps of one session, and the bytes of all; a test watches what this reads."""
    from streamlit.runtime import get_instance

    manager: Any = get_instance().uploaded_file_mgr
    mine = list(manager.file_storage.get(session, {}).values())
    return len(mine), sum(len(each.data) for each in mine), manager._total_bytes


def keep_caches() -> None:
    """Lets no visitor empty the caches of all, as the message "clear cache" of a browser would.

    It replaces `AppSession._handle_clear_cache_request`, which is no public part of Streamlit; a test says whether it
    is still there. Where a later Streamlit has no such place, the log says so.
    """
    from streamlit.runtime.app_session import AppSession

    if not hasattr(AppSession, "_handle_clear_cache_request"):
        log.warning("this version of Streamlit empties its caches in another way: any visitor can do it")
        return

    def refuse(session: Any) -> None:
        log.warning("a visitor asked to empty the caches, which are everybody's")

    AppSession._handle_clear_cache_request = refuse  # type: ignore[method-assign, assignment]


def _is_address(name: str) -> bool:
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _session(scope: Scope) -> str:
    return str(scope["path"].partition(UPLOADS)[2].partition("/")[0])
