"""Tells every browser in a room of each change: one look at the file for all of them, some times a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from aecore.rooms.state import View
from aecore.rooms.store import RoomError, Rooms

LOOK_SECONDS = 0.25
"""Between two looks: another server of this home may have changed something. What this one changes is told at once."""

MOST_QUESTIONS = 20
"""Questions in a message."""

log = logging.getLogger("autoencoder-explorer")


class Listener:
    """One browser. person: their tag."""

    def __init__(self, person: str) -> None:
        self.person = person
        self._message: dict[str, Any] | None = None
        self._sent: dict[str, Any] | None = None
        self._news = asyncio.Event()

    def tell(self, message: dict[str, Any]) -> None:
        """The newest counts; what was not sent yet is replaced."""
        if message != self._sent:
            self._message = message
            self._news.set()

    async def next(self) -> dict[str, Any]:
        """Waits for the next message."""
        await self._news.wait()
        self._news.clear()
        assert self._message is not None
        self._sent = self._message
        return self._message


class Hub:
    """Listeners by room. rooms: gives the rooms of this server's home."""

    def __init__(self, rooms: Callable[[], Rooms], look_seconds: float = LOOK_SECONDS) -> None:
        self._rooms, self._look_seconds = rooms, look_seconds
        self._listeners: dict[str, set[Listener]] = {}
        self._told: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @asynccontextmanager
    async def listening(self, code: str, person: str) -> AsyncIterator[Listener]:
        """A listener of this room, until the block ends."""
        listener = Listener(person)
        self._listeners.setdefault(code, set()).add(listener)
        self._told.pop(code, None)
        self.hurry()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on())
        try:
            yield listener
        finally:
            here = self._listeners.get(code, set())
            here.discard(listener)
            if not here:
                self._listeners.pop(code, None)
                self._told.pop(code, None)

    def hurry(self) -> None:
        """Something has changed: looks now."""
        self._hurry.set()

    async def _look_on(self) -> None:
        while self._listeners:
            self._hurry.clear()
            try:
                await self._look()
            except RoomError as error:
                log.warning("rooms cannot be read: %s", error)
            try:
                await asyncio.wait_for(self._hurry.wait(), self._look_seconds)
            except TimeoutError:
                continue
            await asyncio.sleep(self._look_seconds / 5)  # a class that votes at once is told once

    async def _look(self) -> None:
        versions = await run_in_threadpool(self._rooms().versions)
        for code, listeners in list(self._listeners.items()):
            if code not in versions:
                for each in listeners:
                    each.tell({"ended": "This room has ended."})
            elif self._told.get(code) != versions[code]:
                people = sorted({each.person for each in listeners})
                views = await run_in_threadpool(self._rooms().views, code, people)
                self._told[code] = versions[code]
                for each in list(listeners):
                    if each.person in views:
                        each.tell(message_of(views[each.person], each.person))


def message_of(view: View, person: str) -> dict[str, Any]:
    """What one browser is told of a room; {"ended": why} to somebody who is not in it."""
    room, me = view.room, view.me
    is_host = view.is_host(person)
    if not is_host and (me is None or me.is_away or me.is_removed):
        return {
            "ended": "You have left this room." if me is None or not me.is_removed else "The host has sent you out."
        }
    poll = view.poll
    return {
        "isHost": is_host,
        "count": view.count,
        "name": me.name if me else "",
        "isMuted": bool(me and me.is_muted),
        "place": {"path": room.place.path, "query": room.place.query, "moves": room.place.moves},
        "poll": poll
        and {
            "id": poll.id, "question": poll.question, "choices": list(poll.choices), "counts": list(poll.counts),
            "isOpen": poll.is_open, "own": view.own_vote,
        },
        "questions": [
            {
                "id": each.id, "text": each.text, "name": each.name, "up": each.upvotes, "own": each.id in view.upvoted,
                "mine": each.person == person, "isAnswered": each.is_answered,
            }
            for each in view.questions[:MOST_QUESTIONS]
        ],
    }  # fmt: skip
