"""Changes of a room reach those who listen, each as they may see them, and nothing is sent while nothing changes."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from aecore.rooms.store import Rooms
from ui.app.room_hub import Hub, Listener, message_of
from ui.app.room_spots import SpotBoard

HOST, ANN = "host", "ann"
SOON = 5.0


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path)


@pytest.fixture
def code(rooms: Rooms) -> str:
    code = rooms.open(HOST).code
    rooms.join(code, ANN, "Ann")
    return code


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 30))


async def soon(listener: Any) -> dict[str, Any]:
    return await asyncio.wait_for(listener.next(), SOON)


def test_everybody_hears_of_a_change_and_sees_their_own_vote(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.02)
        async with hub.listening(code, HOST) as host, hub.listening(code, ANN) as ann:
            assert (await soon(host))["isHost"]
            assert not (await soon(ann))["isHost"]
            poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
            assert (await soon(host))["poll"]["isOpen"]
            assert (await soon(ann))["poll"]["own"] is None
            rooms.floor.vote(code, ANN, poll, 1)
            assert (await soon(host))["poll"] | {"own": 1} == (await soon(ann))["poll"]

    run(play)


def test_who_has_not_voted_is_not_sent_what_others_think(rooms: Rooms, code: str) -> None:
    rooms.join(code, "bob", "Bob")
    poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
    rooms.floor.vote(code, "bob", poll, 0)
    views = rooms.views(code, [HOST, ANN, "bob"])
    shown = {who: message_of(view, who)["poll"] for who, view in views.items()}
    assert (shown[ANN]["result"], shown[ANN]["votes"]) == (None, 1)
    assert shown[HOST]["result"] == shown["bob"]["result"] == {"counts": [1, 0]}
    rooms.floor.close_poll(code, HOST, poll)
    assert message_of(rooms.views(code, [ANN])[ANN], ANN)["poll"]["result"] == {"counts": [1, 0]}


def test_nothing_is_sent_while_nothing_changes(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.01)
        async with hub.listening(code, ANN) as ann:
            await soon(ann)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ann.next(), 0.3)
            rooms.move(code, HOST, "/noise", "")
            assert (await soon(ann))["place"] == {"path": "/noise", "query": "", "moves": 1}

    run(play)


def test_what_another_server_changes_is_heard_too(rooms: Rooms, code: str, tmp_path: Path) -> None:
    async def play() -> None:
        hub, other = Hub(lambda: rooms, 0.02), Rooms(tmp_path)
        async with hub.listening(code, ANN) as ann:
            await soon(ann)
            other.move(code, HOST, "/steps", "")
            assert (await soon(ann))["place"]["path"] == "/steps"

    run(play)


def test_the_newest_replaces_what_a_slow_browser_has_not_taken(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.01)
        async with hub.listening(code, ANN) as ann:
            await soon(ann)
            for number in range(5):
                rooms.move(code, HOST, "/noise", f"n={number}")
                await asyncio.sleep(0.05)
            assert (await soon(ann))["place"]["query"] == "n=4"

    run(play)


def test_who_is_sent_out_and_a_stranger_hear_no_more_than_that(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.02)
        async with hub.listening(code, ANN) as ann, hub.listening(code, "stranger") as stranger:
            await soon(ann)
            assert await soon(stranger) == {"ended": "You have left this room."}
            rooms.remove(code, HOST, ANN)
            assert await soon(ann) == {"ended": "The host has sent you out."}

    run(play)


def test_an_ended_room_is_told_once(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.01)
        async with hub.listening(code, ANN) as ann:
            await soon(ann)
            rooms.end(code, HOST)
            assert await soon(ann) == {"ended": "This room has ended."}
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ann.next(), 0.2)

    run(play)


def test_the_most_wanted_the_newest_and_ones_own_questions_are_sent(rooms: Rooms, code: str) -> None:
    for number in range(40):
        rooms.join(code, f"p{number}")
        rooms.floor.ask(code, f"p{number}", f"Question {number}")
    rooms.join(code, ANN)
    own = rooms.floor.ask(code, "p25", "My own")
    sent = [each["text"] for each in message_of(rooms.views(code, ["p25"])["p25"], "p25")["questions"]]
    assert sent[:2] == ["Question 0", "Question 1"]
    assert {"Question 39", "Question 25", "My own"} <= set(sent)
    assert len(sent) < 41
    assert message_of(rooms.views(code, [ANN])[ANN], ANN)["open"] == 41
    assert own


def test_somebody_who_comes_while_others_are_told_is_told_too(rooms: Rooms, code: str) -> None:
    class Slow:
        """Rooms whose views take long, during which somebody comes."""

        def __init__(self) -> None:
            self.versions, self.get, self.late = rooms.versions, rooms.get, threading.Event()

        def views(self, code: str, people: Sequence[str]) -> Any:
            self.late.wait(0.3)
            return rooms.views(code, people)

    async def play() -> None:
        slow = Slow()
        hub = Hub(lambda: slow, 5.0)  # type: ignore[arg-type, return-value]
        async with hub.listening(code, HOST) as host:
            await asyncio.sleep(0.1)
            async with hub.listening(code, ANN) as ann:
                assert (await soon(host))["isHost"]
                assert not (await soon(ann))["isHost"]

    run(play)


def test_a_room_opened_between_two_looks_has_not_ended(rooms: Rooms, code: str) -> None:
    class Behind:
        versions, get, views = dict, rooms.get, rooms.views

    async def play() -> None:
        hub = Hub(lambda: Behind, 0.02)  # type: ignore[arg-type, return-value]
        async with hub.listening(code, ANN) as ann:
            assert "ended" not in await soon(ann)

    run(play)


def test_what_was_changed_and_changed_back_is_not_shown_changed() -> None:
    async def play() -> None:
        listener = Listener(ANN)
        listener.tell({"a": 1})
        await soon(listener)
        listener.tell({"a": 2})
        listener.tell({"a": 1})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(listener.next(), 0.1)

    run(play)


def test_a_fault_is_survived(rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.app.room_hub.TROUBLE_SECONDS", 0.01)
    faults = [ZeroDivisionError("once")]

    def shaky() -> Rooms:
        if faults:
            raise faults.pop()
        return rooms

    async def play() -> None:
        hub = Hub(shaky, 0.02)
        async with hub.listening(code, ANN) as ann:
            assert (await soon(ann))["count"] == 1

    run(play)


def test_a_room_that_nobody_listens_to_is_not_looked_at(rooms: Rooms, code: str) -> None:
    looks = []

    def counted() -> Rooms:
        looks.append(1)
        return rooms

    async def play() -> None:
        hub = Hub(counted, 0.01)
        async with hub.listening(code, ANN) as ann:
            await soon(ann)
        await asyncio.sleep(0.1)
        before = len(looks)
        await asyncio.sleep(0.2)
        assert len(looks) == before

    run(play)


def test_a_pointer_that_moves_on_is_told_where_it_is_now_and_to_who_comes_later(rooms: Rooms, code: str) -> None:
    async def play() -> None:
        hub = Hub(lambda: rooms, 0.02)
        async with hub.listening(code, HOST) as host, hub.listening(code, ANN) as ann:
            await soon(host)
            await soon(ann)
            for x in (0.1, 0.2, 0.3):
                hub.point(code, HOST, {"at": "", "x": x, "y": 0, "ring": ""})
            assert (await soon(ann))["spot"]["x"] == 0.3
            rooms.move(code, HOST, "/noise", "")
            hub.hurry()
            assert (await soon(ann))["place"]["path"] == "/noise"
            assert (await soon(host))["place"]["path"] == "/noise", "the host is not told where the host points"
            async with hub.listening(code, "bob") as bob:
                assert (await soon(bob))["spot"]["x"] == 0.3

    run(play)


def test_those_on_another_server_of_the_home_see_where_the_host_points(rooms: Rooms, code: str, tmp_path: Path) -> None:
    boards = [SpotBoard(tmp_path), SpotBoard(tmp_path)]

    async def play() -> None:
        one, other = Hub(lambda: rooms, 0.02, lambda: boards[0]), Hub(lambda: rooms, 0.02, lambda: boards[1])
        async with (
            one.listening(code, HOST) as host, one.listening(code, "bob") as bob, other.listening(code, ANN) as ann,
            other.listening(code, HOST) as hosts_phone,
        ):  # fmt: skip
            for each in (host, bob, ann, hosts_phone):
                await soon(each)
            for x in (0.1, 0.2, 0.3):
                one.point(code, HOST, {"at": "", "x": x, "y": 0, "ring": ""})
            assert (await soon(bob))["spot"]["x"] == 0.3
            while (await soon(ann))["spot"]["x"] != 0.3:
                pass
            one.point(code, HOST, None)
            assert (await soon(ann))["spot"] is None
            assert (await soon(bob))["spot"] is None
            await asyncio.sleep(0.2)
            assert hosts_phone._spot is None, "the host is not told where the host points"
            assert bob._spot is None, "nobody hears of it twice"

    run(play)


def test_nobody_points_where_a_host_pointed_long_ago(tmp_path: Path) -> None:
    mine, others = SpotBoard(tmp_path), SpotBoard(tmp_path)
    others.show("ABCD", HOST, {"x": 0.5})
    assert mine.news(["ABCD", "EFGH"]) == [("ABCD", HOST, {"x": 0.5})]
    assert mine.news(["ABCD"]) == []
    others.show("ABCD", HOST, {"x": 0.6})
    path = next(tmp_path.glob("*/ABCD.json"))
    os.utime(path, (time.time() - 600, time.time() - 600))
    assert mine.news(["ABCD"]) == []
    path.write_text("{")
    assert mine.news(["ABCD"]) == []
