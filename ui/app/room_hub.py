"""Tells every browser in a room of each change: one look at the file for all of them, some times a second."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from aecore.predictions.schema import Guess, as_json, described, verdict
from aecore.predictions.summary import summary
from aecore.rooms.state import Poll, Question, View
from aecore.rooms.store import RoomError, Rooms
from ui.app.room_spots import SpotBoard

LOOK_SECONDS = 0.25
"""Between two looks: another server of this home may have changed something. What this one changes is seen at once."""

TROUBLE_SECONDS = 2.0
"""Between two looks while the file cannot be read."""

TOP_QUESTIONS, NEW_QUESTIONS = 20, 10
"""Questions in a message: those most asked for, the newest, and all of one's own."""

MOST_LINES = 12
"""Tabs of one person that hear of rooms at the same time."""

ENDED = "This room has ended."
log = logging.getLogger("autoencoder-explorer")


Spot = dict[str, Any]
"""Where a host points. `at`: the selector of a part of the page; `x`, `y`: how far across and down it, 0 to 1; `ring`:
the selector of what is ringed, "" for nothing.
"""

LONGEST_SELECTOR = 300


def spot_in(text: str) -> Spot | None:
    """The spot in a message of a host's browser. ValueError if it is none."""
    message = json.loads(text)
    if not isinstance(message, dict) or "spot" not in message:
        raise ValueError("no spot")
    spot = message["spot"]
    if spot is None:
        return None
    if not isinstance(spot, dict):
        raise ValueError("no spot")
    at, ring, x, y = (spot.get(name) for name in ("at", "ring", "x", "y"))
    is_place = all(isinstance(each, int | float) and 0 <= each <= 1 for each in (x, y))
    if not is_place or not all(isinstance(each, str) and len(each) <= LONGEST_SELECTOR for each in (at, ring)):
        raise ValueError("no spot")
    return {"at": at, "x": x, "y": y, "ring": ring}


class Listener:
    """One browser. person: their tag; version: of the room as it was last told."""

    def __init__(self, person: str) -> None:
        self.person, self.version = person, 0
        self._message: dict[str, Any] | None = None
        self._sent: dict[str, Any] | None = None
        self._spot: dict[str, Any] | None = None
        self._news = asyncio.Event()

    def tell(self, message: dict[str, Any]) -> None:
        """The newest counts; what was not sent yet is replaced, and what was sent last is not repeated."""
        self._message = None if message == self._sent else message
        self._settle()

    def point(self, spot: Spot | None) -> None:
        """Where the host points now; None: nowhere. The newest counts."""
        self._spot = {"spot": spot}
        self._settle()

    async def next(self) -> dict[str, Any]:
        """Waits for the next message."""
        await self._news.wait()
        if self._message is not None:
            told = self._sent = self._message
            self._message = None
        else:
            assert self._spot is not None
            told, self._spot = self._spot, None
        self._settle()
        return told

    def _settle(self) -> None:
        if self._message is None and self._spot is None:
            self._news.clear()
        else:
            self._news.set()


class Hub:
    """Listeners by room. rooms, board: give the rooms of this server's home, and where other servers hear of spots."""

    def __init__(
        self,
        rooms: Callable[[], Rooms],
        look_seconds: float = LOOK_SECONDS,
        board: Callable[[], SpotBoard] | None = None,
    ) -> None:
        self._rooms, self._look_seconds, self._board = rooms, look_seconds, board
        self._to_show: dict[str, tuple[str, Spot | None]] = {}
        self._showing: asyncio.Task[None] | None = None
        self._listeners: dict[str, set[Listener]] = {}
        self._lines: Counter[str] = Counter()
        self._spots: dict[str, Spot] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hurry = asyncio.Event()

    def is_full(self, person: str) -> bool:
        """Whether this person has as many lines as one may have."""
        return self._lines[person] >= MOST_LINES

    @asynccontextmanager
    async def listening(self, code: str, person: str) -> AsyncIterator[Listener]:
        """A listener of this room, until the block ends."""
        listener = Listener(person)
        if code in self._spots:
            listener.point(self._spots[code])
        self._listeners.setdefault(code, set()).add(listener)
        self._lines[person] += 1
        self._loop = asyncio.get_running_loop()
        self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on())
        try:
            yield listener
        finally:
            self._lines -= Counter({person: 1})
            here = self._listeners.get(code, set())
            here.discard(listener)
            if not here:
                self._listeners.pop(code, None)
                self._spots.pop(code, None)

    def point(self, code: str, host: str, spot: Spot | None) -> None:
        """The host points there: everybody in the room on this server hears of it at once, the others soon."""
        self._tell(code, host, spot)
        if self._board:
            self._to_show[code] = (host, spot)
            if self._showing is None or self._showing.done():
                self._showing = asyncio.create_task(self._show(self._board()))

    async def _show(self, board: SpotBoard) -> None:
        """Shows other servers the newest spots, a few times a second."""
        while self._to_show:
            code, (host, spot) = self._to_show.popitem()
            await run_in_threadpool(board.show, code, host, spot)
            await asyncio.sleep(self._look_seconds / 3)

    def _tell(self, code: str, host: str, spot: Spot | None) -> None:
        if spot is None:
            self._spots.pop(code, None)
        else:
            self._spots[code] = spot
        for each in self._listeners.get(code, ()):
            if each.person != host:
                each.point(spot)

    def hurry(self) -> None:
        """Something has changed: looks now. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hurry.set)

    async def _look_on(self) -> None:
        is_well = True
        while self._listeners:
            self._hurry.clear()
            try:
                await self._look()
                is_well = True
            except Exception as error:  # whatever it is, the next look may go well
                if is_well:
                    log.warning("rooms cannot be read: %s", error, exc_info=not isinstance(error, RoomError))
                is_well = False
                await asyncio.sleep(TROUBLE_SECONDS)
            try:
                await asyncio.wait_for(self._hurry.wait(), self._look_seconds)
            except TimeoutError:
                continue
            await asyncio.sleep(self._look_seconds / 5)  # a class that votes at once is told once

    async def _look(self) -> None:
        versions = await run_in_threadpool(self._rooms().versions)
        for code, listeners in list(self._listeners.items()):
            if code not in versions and not await run_in_threadpool(self._is_open, code):
                for each in listeners:
                    each.tell({"ended": ENDED})
                continue
            late = [each for each in listeners if each.version != versions.get(code)]
            if late:
                people = sorted({each.person for each in late})
                views = await run_in_threadpool(self._rooms().views, code, people)
                for each in late:
                    each.version = views[each.person].room.version
                    each.tell(message_of(views[each.person], each.person))

        if self._board:
            for code, host, spot in await run_in_threadpool(self._board().news, tuple(self._listeners)):
                self._tell(code, host, spot)

    def _is_open(self, code: str) -> bool:
        try:
            self._rooms().get(code)
        except RoomError:
            return False
        return True


def message_of(view: View, person: str) -> dict[str, Any]:
    """What one browser is told of a room; {"ended": why} to somebody who is not in it.

    The counts of an open poll are for those who have voted, and for the host.
    """
    room, me = view.room, view.me
    is_host = view.is_host(person)
    if not is_host and (me is None or me.is_away or me.is_removed):
        return {"ended": "The host has sent you out." if me and me.is_removed else "You have left this room."}
    poll, place = view.poll, room.place
    shows = poll and (is_host or not poll.is_open or view.own_vote is not None)
    return {
        "isHost": is_host,
        "count": view.count,
        "isMuted": bool(me and me.is_muted),
        "place": {"path": place.path, "query": place.query, "moves": place.moves},
        "leader": place.leader if is_host else "",
        "poll": poll
        and {
            "id": poll.id, "question": poll.question, "form": described(poll.form), "votes": poll.votes,
            "result": summary(poll.form, poll.guesses) if shows else None, "isOpen": poll.is_open, "own": view.own_vote,
            "prediction": poll.prediction, "truth": poll.truth and _told(poll, view.own_vote),
        },
        "open": sum(not each.is_answered for each in view.questions),
        "questions": [
            {
                "id": each.id, "text": each.text, "name": each.name, "up": each.upvotes, "own": each.id in view.upvoted,
                "mine": each.person == person, "isAnswered": each.is_answered,
            }
            for each in questions_for(view.questions, person)
        ],
    }  # fmt: skip


def _told(poll: Poll, own: Guess | None) -> dict[str, Any]:
    assert poll.truth is not None
    return as_json(poll.truth, poll.belief, None if own is None else verdict(poll.form, own, poll.truth.value))


def questions_for(questions: tuple[Question, ...], person: str) -> list[Question]:
    """Those most asked for, the newest and all of one's own, in their order."""
    newest = set(sorted((each.id for each in questions), reverse=True)[:NEW_QUESTIONS])
    return [
        each
        for place, each in enumerate(questions)
        if place < TOP_QUESTIONS or each.id in newest or each.person == person
    ]
