"""A server for a lecture: its addresses, what it says at its start, the host's key and the password."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from aecore.limits import LECTURE, limits_for
from ui.app import lecture
from ui.app.attempts import Attempts, where_from
from ui.app.host_key import cookie_name, host_key, key_file, new_key, take_key
from ui.app.identity import HOST, person_from
from ui.app.network import ADDRESS, for_others, in_order, is_only_here
from ui.app.password import MOST_WRONG, PASSWORD, Password


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "home"))
    for name in (ADDRESS, PASSWORD, LECTURE):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def test_addresses_that_others_can_reach_come_first_and_the_rest_is_left_out() -> None:
    found = [
        "127.0.0.1",
        "169.254.3.4",
        "8.8.4.4",
        "10.0.0.5",
        "192.168.1.7",
        "10.0.0.5",
        "224.0.0.1",
        "0.0.0.0",
        "x",
    ]
    assert in_order(found) == ["10.0.0.5", "192.168.1.7", "8.8.4.4"]
    assert in_order(found, "192.168.1.7")[0] == "192.168.1.7"


@pytest.mark.parametrize(
    ("url", "environment", "addresses", "expected"),
    [
        ("http://127.0.0.1:8501/noise?a=1", {}, ["10.0.0.5"], "http://127.0.0.1:8501/noise?a=1"),
        ("http://127.0.0.1:8501/noise?a=1", {LECTURE: "1"}, ["10.0.0.5"], "http://10.0.0.5:8501/noise?a=1"),
        ("http://localhost:8501/", {LECTURE: "1"}, [], "http://localhost:8501/"),
        ("http://192.168.1.4:8501/", {LECTURE: "1"}, ["10.0.0.5"], "http://192.168.1.4:8501/"),
        ("http://127.0.0.1:8501/steps", {ADDRESS: "https://class.example.org"}, [], "https://class.example.org/steps"),
        ("http://10.0.0.5/steps", {ADDRESS: " https://example.org/ae/ "}, [], "https://example.org/steps"),
        ("http://127.0.0.1:8501/", {ADDRESS: "class.example.org"}, [], "http://127.0.0.1:8501/"),
    ],
)  # fmt: skip
def test_a_page_has_the_address_that_others_must_write(
    url: str, environment: dict[str, str], addresses: list[str], expected: str
) -> None:
    assert for_others(url, environment, addresses) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://127.0.0.1:8501", True), ("http://localhost/x", True), ("http://[::1]:8501/", True),
     ("http://a.localhost", True), ("http://10.0.0.5:8501", False), ("https://class.example.org", False)],
)  # fmt: skip
def test_it_is_known_which_addresses_only_this_machine_can_open(url: str, expected: bool) -> None:
    assert is_only_here(url) == expected


def test_a_lecture_begins_with_the_address_a_code_and_the_hosts_link_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lecture, "own_addresses", lambda: ["10.0.0.5", "192.168.1.7"])
    monkeypatch.setenv(LECTURE, "")
    assert lecture.begin(8600) == ["--server.address", "0.0.0.0", "--browser.serverAddress", "10.0.0.5"]
    said = capsys.readouterr().out
    key = key_file().read_text()
    assert "For students:    http://10.0.0.5:8600\n" in said
    assert "Other addresses: http://192.168.1.7:8600" in said
    assert f"http://10.0.0.5:8600/host/{key}" in said
    assert f"http://127.0.0.1:8600/host/{key}" in said
    assert "nobody is the host without it, on this machine either" in said
    assert "let port 8600 in" in said
    assert "Cameras work only" in said
    assert PASSWORD in said
    assert "▄" in said or "█" in said, "a QR code"
    lecture.begin(8600)
    again = capsys.readouterr().out
    assert key not in again
    assert "--new-host-link" in again
    lecture.begin(8600, wants_new_key=True)
    assert key_file().read_text() != key
    assert key_file().read_text() in capsys.readouterr().out


def test_a_machine_without_a_network_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lecture, "own_addresses", list)
    monkeypatch.setenv(LECTURE, "")
    assert lecture.begin(8501) == ["--server.address", "0.0.0.0"]
    assert "WARNING: this machine has no address" in capsys.readouterr().out


def test_a_lectures_visitors_get_less_and_its_host_does_not(tmp_path: Path) -> None:
    usual, then = (limits_for(tmp_path, is_host=False, environment=each) for each in ({}, {LECTURE: "1"}))
    assert then.weights < usual.weights
    assert then.training_bytes < usual.training_bytes
    assert then.runs < usual.runs
    assert then.person_bytes < usual.person_bytes
    assert limits_for(tmp_path, is_host=True, environment={LECTURE: "1"}) == limits_for(
        tmp_path, is_host=True, environment={}
    )


def test_the_key_is_kept_for_the_host_alone(home: Path) -> None:
    key, is_new = host_key()
    assert is_new
    assert host_key() == (key, False)
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert [each.name for each in home.iterdir()] == [".host.key"]


def app(**environment: str) -> TestClient:
    async def page(request: Request) -> Response:
        return PlainTextResponse("the page")

    async def line(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    routes = [
        Route("/host/{key}", take_key),
        Route("/_stcore/health", page),
        Route("/{rest:path}", page),
        WebSocketRoute("/line", line),
    ]
    gate = Middleware(Password, environment=environment)
    return TestClient(Starlette(routes=routes, middleware=[gate]), follow_redirects=False)


PLACES: dict[str, Any] = {"peer": "10.0.0.9", "headers": {"host": "10.0.0.5:8501"}}


def test_the_link_with_the_key_makes_a_browser_the_hosts() -> None:
    key, _ = host_key()
    client = app()
    answer = client.get(f"/host/{key}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/room")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert key not in cookie
    assert person_from(**PLACES, cookies=dict(client.cookies), environment={}) == HOST
    assert person_from(**PLACES, cookies=dict(client.cookies), environment={"AECORE_SHARED": "1"}) == HOST


@pytest.mark.parametrize("wrong", ["x", "", "é" * 40])
def test_a_wrong_key_makes_nobody_the_host(wrong: str) -> None:
    host_key()
    client = app()
    answer = client.get(f"/host/{wrong or ' '}")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert not person_from(**PLACES, cookies={cookie_name(): wrong}, environment={}).is_host


def test_without_a_key_no_link_is_the_hosts(home: Path) -> None:
    assert app().get("/host/anything").status_code == 404
    assert not key_file().exists(), "asking makes no key"


def test_a_new_key_ends_what_the_old_one_gave() -> None:
    client = app()
    client.get(f"/host/{host_key()[0]}")
    new_key()
    assert not person_from(**PLACES, cookies=dict(client.cookies), environment={}).is_host


HTML = {"accept": "text/html"}


def test_another_link_is_printed_alone_and_ends_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    key, _ = host_key()
    lecture.renew_link(8600)
    said = capsys.readouterr().out
    assert f"/host/{key_file().read_text()}" in said
    assert "For students" not in said
    assert key_file().read_text() != key


@pytest.mark.parametrize("path", ["/noise-rows/_stcore/health", "/host/a/b", "/host/", "/_stcore/healthy"])
def test_only_what_is_meant_to_be_open_is_open(path: str) -> None:
    assert app(**{PASSWORD: "bottleneck"}).get(path).status_code == 401


def test_blanks_are_no_password() -> None:
    assert app(**{PASSWORD: "   "}).get("/noise").text == "the page"


def test_without_a_password_everybody_comes_in() -> None:
    assert app().get("/noise").text == "the page"


def test_who_has_not_typed_the_password_sees_a_form_and_nothing_else() -> None:
    client = app(**{PASSWORD: "bottleneck"})
    form = client.get("/noise?data=mnist&x=<b>", headers=HTML)
    assert form.status_code == 401
    assert 'name="next" value="/noise?data=mnist' in form.text
    assert "<b>" not in form.text
    assert client.get("/plotly.js").text == "This server asks for a password."
    assert client.get("/_stcore/health").status_code == 200
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/line"):
        pass


def test_the_password_opens_every_page_and_the_line() -> None:
    client = app(**{PASSWORD: "bottleneck"})
    wrong = client.post("/enter", data={"password": "Bottleneck", "next": "/noise"})
    assert wrong.status_code == 401
    assert "This is not the password" in wrong.text
    right = client.post("/enter", data={"password": " bottleneck ", "next": "/noise?data=mnist"})
    assert (right.status_code, right.headers["location"]) == (303, "/noise?data=mnist")
    assert "HttpOnly" in right.headers["set-cookie"]
    assert "bottleneck" not in right.headers["set-cookie"]
    assert client.get("/noise").text == "the page"
    with client.websocket_connect("/line") as line:
        assert line.receive_text() == "hello"


def test_another_password_asks_everybody_again() -> None:
    client = app(**{PASSWORD: "bottleneck"})
    client.post("/enter", data={"password": "bottleneck"})
    other = app(**{PASSWORD: "encoder"})
    other.cookies = client.cookies
    assert other.get("/noise").status_code == 401


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nX: y"])
def test_a_form_leads_to_no_other_server(onward: str) -> None:
    client = app(**{PASSWORD: "bottleneck"})
    assert client.post("/enter", data={"password": "bottleneck", "next": onward}).headers["location"] == "/"


def test_the_host_needs_no_password() -> None:
    client = app(**{PASSWORD: "bottleneck"})
    client.get(f"/host/{host_key()[0]}")
    assert client.get("/noise").text == "the page"


def test_many_wrong_passwords_from_one_place_are_looked_at_later() -> None:
    client = app(**{PASSWORD: "bottleneck"})
    said = [client.post("/enter", data={"password": "x"}).status_code for _ in range(MOST_WRONG + 1)]
    assert said == [401] * MOST_WRONG + [429]
    last = client.post("/enter", data={"password": "bottleneck"}, headers={"x-forwarded-for": "203.0.113.9"})
    assert last.status_code == 429, "who is no proxy of this machine cannot pass for somebody else"
    assert "Try again in 5 min." in last.text


def test_attempts_are_counted_for_each_and_for_all_and_forgotten() -> None:
    now = [0.0]
    attempts = Attempts(most=3, most_of_all=5, seconds=300, clock=lambda: now[0])
    for _ in range(3):
        assert attempts.wait("ann") == 0
        attempts.note("ann")
    assert attempts.wait("ann") == 300
    assert attempts.wait("bob") == 0
    attempts.note("bob")
    attempts.note("carl")
    assert attempts.wait("dora") > 0, "many try together"
    now[0] = 301
    assert attempts.wait("ann") == attempts.wait("dora") == 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [("10.0.0.9", "", "10.0.0.9"), ("10.0.0.9", "203.0.113.9", "10.0.0.9"), ("127.0.0.1", "", "127.0.0.1"),
     ("127.0.0.1", "203.0.113.9", "203.0.113.9"), ("::1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
     ("", "203.0.113.9", "203.0.113.9")],
)  # fmt: skip
def test_only_a_proxy_of_this_machine_says_where_somebody_asks_from(peer: str, forwarded: str, expected: str) -> None:
    assert where_from(peer, {"x-forwarded-for": forwarded} if forwarded else {}) == expected
