"""The visitors of `make load`: what they press is still on the pages, and the pages answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks import room_crowd
from tests.benchmarks.crowd import FAILED, MIX, Guest, crowd, start_training
from tests.benchmarks.room_crowd import RoomRow, follow, sentence
from tests.e2e.server import Server
from tests.waiting import PATIENCE
from ui.app.identity import SHARED

T = TypeVar("T")
MEMBERS, MOVES = 6, 3
"""Of a room that is small enough for a test."""


def play(visit: Coroutine[None, None, T]) -> T:
    """Runs it in a thread of its own: the browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


@pytest.mark.parametrize("page", MIX)
def test_a_visitor_uses_the_control_of_a_page_and_its_address_or_answer_follows(server: Server, page: str) -> None:
    async def visit() -> None:
        guest, chance = Guest(server.url, page), random.Random(3)
        assert await guest.join() > 0
        before = guest.query
        for _ in range(2):
            assert await guest.use(*MIX[page](chance)) > 0
        assert guest.query != before or page in {"steps", "train", "movies"}, "these leave the address to the browser"
        await guest.leave()

    play(visit())


def test_a_page_that_fails_is_an_error_and_not_an_answer() -> None:
    message = ForwardMsg()
    message.delta.new_element.alert.body = f"{FAILED}, and it is not your fault."
    with pytest.raises(RuntimeError, match=FAILED):
        Guest("", "train").is_open_after(message)


def test_a_small_crowd_joins_answers_and_leaves_without_an_error(server: Server) -> None:
    row = play(crowd([server.url], 6, seconds=2.0, think=0.3, spread=0.5))
    assert row.errors == []
    assert len(row.joins) == 6
    assert row.answers, "nobody used a control"


def test_who_watch_the_same_run_are_answered_by_what_one_of_them_is_shown(own_class: Server) -> None:
    async def watch() -> None:
        run = await start_training(own_class.url, "digits", 2000)
        guests = [Guest(own_class.url, "train", query=f"run={run}") for _ in range(4)]
        for guest in guests:
            await guest.join()
        end = time.monotonic() + PATIENCE
        while sum(guest.spared for guest in guests) < 4:
            assert time.monotonic() < end, "nobody was spared a run"
            for guest in guests:
                await guest.tick()
            await asyncio.sleep(0.1)
        for guest in guests:
            await guest.leave()

    play(watch())


@pytest.mark.long
def test_a_small_room_hears_every_move_and_the_last_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `make load` measures with a hundred is still how rooms work."""
    monkeypatch.setenv(SHARED, "1")
    server = Server(tmp_path / "home")
    monkeypatch.setenv("AECORE_HOME", str(server.home))  # where the secret lies that signs who the members are
    server.start()
    try:
        row = play(follow(server.url, server.home, MEMBERS, moves=MOVES, idle=1.0))
    finally:
        server.stop()
    assert row.errors == []
    assert len(row.heard) == MEMBERS * MOVES
    assert len(row.polled) == MEMBERS
    assert row.idle_bytes < 10, "nothing but signs of life is sent while nothing changes"
    assert "Errors: 0." in sentence(row, MEMBERS)


def test_a_member_who_hears_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_crowd, "PATIENCE_SECONDS", 0.0)
    row = RoomRow()
    assert play(room_crowd._since(0.0, [{1: 0.5}, {}], 1, "move 1", row)) == [0.5]
    assert row.errors == ["1 of 2 have not heard of move 1"]
