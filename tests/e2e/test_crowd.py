"""The visitors of `make load`: what they press is still on the pages, and the pages answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.crowd import FAILED, MIX, Guest, crowd
from tests.e2e.server import Server

T = TypeVar("T")


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
