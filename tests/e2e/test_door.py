"""The door of the real server: foreign names, closed addresses, a visitor who would empty the caches."""

from __future__ import annotations

import http.client
import socket

import pytest
from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.e2e.screen import go
from tests.e2e.server import Server
from tests.waiting import until


def status(server: Server, path: str, host: str, method: str = "GET", **headers: str) -> int:
    """The status of an answer to a request under this name."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request(method, path, headers={"Host": host, **headers})
    try:
        return line.getresponse().status
    finally:
        line.close()


def test_only_names_of_its_own_are_answered_and_the_metrics_are_closed(server: Server) -> None:
    for host in (f"127.0.0.1:{server.port}", f"localhost:{server.port}", "teacher-pc"):
        assert status(server, "/_stcore/health", host) == 200
    assert status(server, "/_stcore/health", "rebound.example") == 421
    assert status(server, "/", "rebound.example") == 421
    assert status(server, "/_stcore/metrics", "localhost") == 404
    assert status(server, "/_stcore/upload_file/me/file", "localhost", "PUT", **{"Content-Length": "9" * 12}) == 413


def test_the_websocket_is_closed_to_foreign_names_too(server: Server) -> None:
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"]):  # type: ignore[list-item]
        pass
    to_us = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    with to_us, pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://rebound.example:{server.port}/_stcore/stream", sock=to_us)


@pytest.mark.long
def test_a_visitor_who_would_empty_the_caches_is_not_heard(server: Server, page: Page) -> None:
    go(page, f"{server.url}/glossary", "Glossary")
    with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"]) as line:  # type: ignore[list-item]
        line.send(BackMsg(clear_cache=True).SerializeToString())
        line.send(BackMsg(app_heartbeat=True).SerializeToString())
        line.recv(timeout=20)
    until(lambda: "asked to empty the caches" in server.log_text(), "the log has noted it")
    page.reload()
    go(page, f"{server.url}/glossary", "Glossary")
