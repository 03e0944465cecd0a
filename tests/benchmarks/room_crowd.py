"""A room of a hundred without browsers: how soon those who follow hear of a move, and what an idle room sends."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from websockets.asyncio.client import ClientConnection, connect

from aecore.rooms.store import Rooms
from ui.app.identity import Person, cookie_name, signed

MOVES, MOVE_SECONDS = 20, 1.0
"""The host's moves, and the least time between two: a lecturer who goes on quickly."""

PATIENCE_SECONDS = 60.0
"""After which what a member has not heard is an error."""

IDLE_SECONDS = 10.0
TAB = "benchmark"
"""Of the host: the one that leads."""


@dataclass
class RoomRow:
    """heard, polled: seconds from the host's request until each member had the news, and from a vote of everybody at
    once until each had the last count. idle_bytes: a second and member, while nothing happened. errors: in words, and
    what somebody has never heard is one.
    """

    heard: list[float] = field(default_factory=list)
    polled: list[float] = field(default_factory=list)
    idle_bytes: float = 0.0
    errors: list[str] = field(default_factory=list)


class _Member:
    """One browser in the room, which notes when it first heard of each move and each count of votes."""

    def __init__(self, address: str, code: str, id: str) -> None:
        self.address, self.code, self.id = address, code, id
        self.moves: dict[int, float] = {}
        self.votes: dict[int, float] = {}
        self.bytes = 0

    async def listen(self) -> None:
        """Hears until it is cancelled."""
        cookies = {"Cookie": f"{cookie_name()}={signed(self.id)}"}
        url = f"{self.address.replace('http', 'ws')}/rooms/{self.code}/live"
        async with connect(url, additional_headers=cookies, compression=None) as line:
            await self._hear(line)

    async def _hear(self, line: ClientConnection) -> None:
        async for text in line:
            self.bytes += len(text)
            message: dict[str, Any] = json.loads(text)
            now = time.perf_counter()
            if "place" in message:
                self.moves.setdefault(message["place"]["moves"], now)
                self.votes.setdefault(message["poll"]["votes"] if message["poll"] else 0, now)


async def follow(address: str, home: Path, count: int, moves: int = MOVES, idle: float = IDLE_SECONDS) -> RoomRow:
    """`count` members follow a host through some moves, rest for `idle` seconds, and then vote at once."""
    row, rooms = RoomRow(), Rooms(home)
    host = Person("benchmark-host")
    code = rooms.open(host.tag).code
    members = [_Member(address, code, f"member-{number}") for number in range(count)]
    for each in members:
        rooms.join(code, Person(each.id).tag)
    listening = [asyncio.create_task(each.listen()) for each in members]
    name = urlsplit(address).netloc
    async with httpx.AsyncClient(base_url=address, headers={"Host": name}, timeout=30) as client:

        async def act(who: str, action: str, body: dict[str, Any]) -> None:
            answer = await client.post(
                f"/rooms/{code}/{action}", json=body, headers={"Cookie": f"{cookie_name()}={signed(who)}"}
            )
            if answer.status_code != 204:
                row.errors.append(f"{action}: {answer.status_code} {answer.text}")

        await act(host.id, "take-lead", {"tab": TAB})
        await asyncio.sleep(3)
        for move in range(1, moves + 1):
            begin = time.perf_counter()
            await act(host.id, "lead", {"path": "/noise", "query": f"move={move}", "tab": TAB})
            await asyncio.sleep(MOVE_SECONDS)
            row.heard += await _since(begin, [each.moves for each in members], move, f"move {move}", row)
        before = sum(each.bytes for each in members)
        await asyncio.sleep(idle)
        row.idle_bytes = (sum(each.bytes for each in members) - before) / idle / count
        poll = rooms.floor.ask_poll(code, host.tag, "Copy?", ["Yes", "No"])
        await asyncio.sleep(2)
        begin = time.perf_counter()
        await asyncio.gather(*(act(each.id, "vote", {"poll": poll, "guess": 0}) for each in members))
        row.polled = await _since(begin, [each.votes for each in members], count, "the last count", row)
    row.errors += [repr(task.exception()) for task in listening if task.done() and task.exception()]
    for task in listening:
        task.cancel()
    rooms.close()
    return row


async def _since(
    begin: float, heard: Sequence[Mapping[int, float]], what: int, words: str, row: RoomRow
) -> list[float]:
    """Seconds until each had heard of it; an error in the row for those who have not after a while."""
    while any(what not in each for each in heard) and time.perf_counter() - begin < PATIENCE_SECONDS:
        await asyncio.sleep(0.05)
    times = [each[what] - begin for each in heard if what in each]
    if missing := len(heard) - len(times):
        row.errors.append(f"{missing} of {len(heard)} have not heard of {words}")
    return times


def sentence(row: RoomRow, count: int) -> str:
    """What was measured, in words."""
    heard, polled = (_median_and_p95(times) for times in (row.heard, row.polled))
    return (
        f"A room of {count}: from a move of the host until a follower's browser knows, {heard} ms (median / 95th "
        f"percentile of {len(row.heard):,}); from {count} votes at once until each has the last count, {polled} ms; "
        f"while nothing happens a browser gets {row.idle_bytes:.0f} bytes a second. Errors: {len(row.errors)}."
    )


def _median_and_p95(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f} / {1000 * statistics.quantiles(seconds, n=20)[-1]:.0f}"
