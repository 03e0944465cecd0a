"""What the bar's buttons may do, for whom, and from where; and who hears of a room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from aecore.rooms.store import Rooms
from tests.room_posts import BODIES
from ui.app import posted, room_routes
from ui.app.attempts import Attempts
from ui.app.identity import SHARED, Person, cookie_name, signed
from ui.app.posted import LONGEST_BODY, MOST_ACTS
from ui.app.room_hub import MOST_LINES, Hub
from ui.app.room_routes import NOT_INSIDE, ROOM_ROUTES
from ui.app.services import services

HERE = "http://class.test"
LECTURER, ANN, EVE = (Person(name) for name in ("lecturer", "ann", "eve"))


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("AECORE_HOME", str(tmp_path))
    monkeypatch.setenv(SHARED, "1")
    monkeypatch.setattr(services, "parts", None)
    monkeypatch.setattr(posted, "HASTE", Attempts(most=MOST_ACTS, most_of_all=1000, seconds=10))
    monkeypatch.setattr(room_routes, "HUB", Hub(lambda: services.rooms, 0.02))  # its task lives in one event loop
    yield services.rooms
    services.parts = None


@pytest.fixture
def code(rooms: Rooms) -> str:
    code = rooms.open(LECTURER.tag).code
    rooms.join(code, ANN.tag, "Ann")
    return code


def client(person: Person, **headers: str) -> TestClient:
    cookies = {cookie_name(): signed(person.id)}
    return TestClient(Starlette(routes=ROOM_ROUTES), base_url=HERE, cookies=cookies, headers=headers)


def test_the_host_leads_and_a_member_votes_asks_and_upvotes(rooms: Rooms, code: str) -> None:
    host, ann = client(LECTURER), client(ANN)
    assert host.post(f"/rooms/{code}/take-lead", json={"tab": "t"}).status_code == 204
    assert host.post(f"/rooms/{code}/lead", json={"path": "/noise", "query": "a=1", "tab": "t"}).status_code == 204
    assert rooms.get(code).place.path == "/noise"
    poll = rooms.floor.ask_poll(code, LECTURER.tag, "Copy?", ["Yes", "No"])
    assert ann.post(f"/rooms/{code.lower()}/vote", json={"poll": poll, "guess": 1}).status_code == 204
    assert ann.post(f"/rooms/{code}/ask", json={"text": "Why?"}).status_code == 204
    (question,) = rooms.floor.questions(code)
    assert host.post(f"/rooms/{code}/upvote", json={"question": question.id, "isFor": True}).status_code == 204
    assert host.post(f"/rooms/{code}/answer", json={"question": question.id}).status_code == 204
    assert rooms.floor.polls(code)[0].counts == (0, 1)
    assert rooms.floor.questions(code)[0].is_answered
    assert host.post(f"/rooms/{code}/hide", json={"question": question.id}).status_code == 204
    assert rooms.floor.questions(code) == []


def test_every_button_is_tried_here() -> None:
    assert set(BODIES) == set(room_routes.ACTIONS)


@pytest.mark.parametrize("action", BODIES)
def test_a_stranger_changes_nothing_and_learns_nothing(rooms: Rooms, code: str, action: str) -> None:
    rooms.floor.ask_poll(code, LECTURER.tag, "Copy?", ["Yes", "No"])
    rooms.floor.ask(code, ANN.tag, "Why?")
    before = rooms.get(code)
    said = {client(EVE).post(f"/rooms/{each}/{action}", json=BODIES[action]).text for each in (code, "ABC234")}
    assert said == {NOT_INSIDE}, "not even whether there is such a room"
    assert rooms.get(code) == before


@pytest.mark.parametrize("action", ["take-lead", "lead", "answer", "hide"])
def test_a_member_does_not_do_what_is_the_hosts(rooms: Rooms, code: str, action: str) -> None:
    answer = client(ANN).post(f"/rooms/{code}/{action}", json=BODIES[action])
    assert (answer.status_code, answer.text) == (409, "Only the host of this room can do this.")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""}, {"origin": "http://class.test:8600"},
     {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"content-type": "text/plain"}],
    ids=str,
)  # fmt: skip
def test_no_other_site_presses_a_button(rooms: Rooms, code: str, headers: dict[str, str]) -> None:
    host = client(LECTURER, **headers)
    json_too = {"content-type": "application/json"} | headers
    answer = host.post(f"/rooms/{code}/ask", content=b'{"text": "Why?"}', headers=json_too)
    assert answer.status_code == 403
    assert rooms.floor.questions(code) == []
    if "content-type" not in headers:
        with pytest.raises(WebSocketDisconnect), host.websocket_connect(f"/rooms/{code}/live"):
            pass


def test_a_page_of_this_server_may(rooms: Rooms, code: str) -> None:
    ann = client(ANN, origin=HERE, host="class.test", **{"sec-fetch-site": "same-origin"})
    assert ann.post(f"/rooms/{code}/ask", json={"text": "Why?"}).status_code == 204
    with ann.websocket_connect(f"/rooms/{code}/live") as line:
        assert line.receive_json()["count"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[1]", 400), (b"{", 400), (b"[" * 5000, 400), (b"{}", 400), (b'{"text": 7}', 400), (b'{"text": null}', 400),
     (b'{"text": "' + b"x" * LONGEST_BODY + b'"}', 413), (b'{"text": " "}', 409)],
    ids=["list", "broken", "deep", "empty", "number", "null", "long", "blank"],
)  # fmt: skip
def test_bad_messages_are_refused(rooms: Rooms, code: str, body: bytes, status: int) -> None:
    answer = client(ANN).post(f"/rooms/{code}/ask", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert rooms.floor.questions(code) == []


def test_there_are_no_other_buttons(rooms: Rooms, code: str) -> None:
    assert client(LECTURER).post(f"/rooms/{code}/end", json={}).status_code == 404


def test_who_presses_too_quickly_waits(rooms: Rooms, code: str) -> None:
    ann = client(ANN)
    said = [
        ann.post(f"/rooms/{code}/upvote", json={"question": 1, "isFor": True}).status_code for _ in range(MOST_ACTS + 1)
    ]
    assert set(said[:-1]) == {409}
    assert said[-1] == 429
    assert client(LECTURER).post(f"/rooms/{code}/take-lead", json={"tab": "t"}).status_code == 204


def test_a_line_tells_what_changes_until_one_is_sent_out(rooms: Rooms, code: str) -> None:
    with client(ANN).websocket_connect(f"/rooms/{code}/live") as line:
        assert not line.receive_json()["isHost"]
        rooms.move(code, LECTURER.tag, "/noise", "")
        assert line.receive_json()["place"]["path"] == "/noise"
        line.send_bytes(b"\x00\xff")
        rooms.remove(code, LECTURER.tag, ANN.tag)
        assert line.receive_json() == {"ended": "The host has sent you out."}
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()


SPOT = {"at": ".st-key-noise-rows", "x": 0.25, "y": 1, "ring": ""}


def test_where_the_host_points_everybody_sees_and_nobody_else_points(rooms: Rooms, code: str) -> None:
    with (
        TestClient(Starlette(routes=ROOM_ROUTES), base_url=HERE) as one,
        one.websocket_connect(f"/rooms/{code}/live", headers=cookie(LECTURER)) as host,
        one.websocket_connect(f"/rooms/{code}/live", headers=cookie(ANN)) as ann,
    ):
        assert host.receive_json()["isHost"]
        assert not ann.receive_json()["isHost"]
        ann.send_json({"spot": SPOT | {"x": 0.5}})
        for wrong in ("{", "[]", "{}", '{"spot": 3}', '{"spot": {"at": 1}}', "[" * 5000, '{"spot": {"at": NaN}}'):
            host.send_text(wrong)
        for wrong in ({"x": 2}, {"y": "0"}, {"x": None}, {"at": "x" * 301}, {"ring": 5}):
            host.send_json({"spot": SPOT | wrong})
        host.send_json({"spot": SPOT | {"more": "x"}})
        assert ann.receive_json() == {"spot": SPOT}
        host.send_json({"spot": None})
        assert ann.receive_json() == {"spot": None}
        host.send_json({"spot": SPOT})
        assert ann.receive_json() == {"spot": SPOT}
        host.close()
        assert ann.receive_json() == {"spot": None}, "a host who has gone points no longer"


def cookie(person: Person) -> dict[str, str]:
    return {"cookie": f"{cookie_name()}={signed(person.id)}"}


@pytest.mark.parametrize("wrong", ["", "ABC234"])
def test_a_stranger_hears_nothing_of_a_room_not_even_whether_it_is_there(rooms: Rooms, code: str, wrong: str) -> None:
    with client(EVE).websocket_connect(f"/rooms/{wrong or code}/live") as line:
        assert line.receive_json() == {"ended": NOT_INSIDE}


def test_one_person_has_a_limited_number_of_lines(rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.app.room_hub.MOST_LINES", 1)
    assert MOST_LINES > 5
    with client(ANN) as ann, ann.websocket_connect(f"/rooms/{code}/live") as line:
        line.receive_json()
        with pytest.raises(WebSocketDisconnect), ann.websocket_connect(f"/rooms/{code}/live"):
            pass
