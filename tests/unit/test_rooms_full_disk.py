"""A disk that refuses while a room is open: each action says so, reading goes on, and then all is as before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aecore.predictions.schema import Truth
from aecore.rooms import file
from aecore.rooms.floor import Floor
from aecore.rooms.state import Goal
from aecore.rooms.store import RoomError, Rooms

HOST, ANN, BOB = "host", "ann", "bob"

CHANGES: dict[str, Callable[[Rooms, str], object]] = {
    "open": lambda rooms, code: rooms.open(BOB),
    "join": lambda rooms, code: rooms.join(code, BOB, "Bob"),
    "leave": lambda rooms, code: rooms.leave(code, ANN),
    "lead": lambda rooms, code: rooms.lead(code, HOST, "tab"),
    "move": lambda rooms, code: rooms.move(code, HOST, "/noise", "data=digits"),
    "lock": lambda rooms, code: rooms.lock(code, HOST, True),
    "set_goal": lambda rooms, code: rooms.set_goal(code, HOST, Goal(data="digits")),
    "end": lambda rooms, code: rooms.end(code, HOST),
    "rename": lambda rooms, code: rooms.rename(code, HOST, ANN, "Anna"),
    "mute": lambda rooms, code: rooms.mute(code, HOST, ANN, True),
    "remove": lambda rooms, code: rooms.remove(code, HOST, ANN),
    "add_run": lambda rooms, code: rooms.add_run(code, ANN, "0123456789ab"),
    "ask_poll": lambda rooms, code: rooms.floor.ask_poll(code, HOST, "Which?", ["A", "B"]),
    "close_poll": lambda rooms, code: rooms.floor.close_poll(code, HOST, 1),
    "uncover": lambda rooms, code: rooms.floor.uncover(code, HOST, 1, Truth(0, "So it is.")),
    "vote": lambda rooms, code: rooms.floor.vote(code, ANN, 1, 1),
    "ask": lambda rooms, code: rooms.floor.ask(code, ANN, "Is it full?"),
    "upvote": lambda rooms, code: rooms.floor.upvote(code, HOST, 1),
    "answer": lambda rooms, code: rooms.floor.answer(code, HOST, 1),
    "hide": lambda rooms, code: rooms.floor.hide(code, HOST, 1),
    "show_again": lambda rooms, code: rooms.floor.show_again(code, HOST, 2),
}
READS = {
    "get",
    "of_person",
    "is_inside",
    "members",
    "runs",
    "versions",
    "views",
    "ended",
    "polls",
    "questions",
    "hidden",
}
OTHERS = {"close", "notice", "forget_old", "ask_prediction"}
"""What asks the disk for nothing of one's own, or does as one of the others."""


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """Rooms in a file of the test's own."""
    made = Rooms(tmp_path)
    yield made
    made.close()


@pytest.fixture
def code(rooms: Rooms) -> str:
    """A room with a member, a question, a hidden one, and an open poll in which she has voted."""
    code = rooms.open(HOST).code
    rooms.join(code, ANN, "Ann")
    assert rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"]) == 1
    rooms.floor.vote(code, ANN, 1, 0)
    assert rooms.floor.ask(code, ANN, "Why?") == 1
    rooms.floor.hide(code, HOST, rooms.floor.ask(code, ANN, "Who?"))
    return code


@contextmanager
def read_only() -> Iterator[None]:
    """SQLite itself refuses whatever would change a file."""

    def connect(path: Path, synchronous: str) -> sqlite3.Connection:
        connection = opened(path, synchronous)  # type: ignore[arg-type]
        connection.execute("pragma query_only = on")
        return connection

    opened = file.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "connect", connect)
        yield


@contextmanager
def full(rooms: Rooms) -> Iterator[None]:
    """SQLite itself finds no room for another page."""

    def connect(path: Path, synchronous: str) -> sqlite3.Connection:
        connection = opened(path, synchronous)  # type: ignore[arg-type]
        connection.execute(f"pragma max_page_count = {pages}")
        return connection

    opened = file.connect
    with rooms._file.reading() as db:
        pages = db.execute("pragma page_count").fetchone()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "connect", connect)
        yield


def snapshot(rooms: Rooms, code: str) -> object:
    """All that is known of the room."""
    return (
        rooms.get(code), rooms.members(code), rooms.runs(code), rooms.floor.polls(code), rooms.floor.questions(code),
        rooms.views(code, [HOST, ANN]), rooms.of_person(ANN), rooms.is_inside(code, ANN), rooms.versions(),
    )  # fmt: skip


def test_every_change_is_tried_here() -> None:
    public = {name for kind in (Rooms, Floor) for name in vars(kind) if not name.startswith("_")}
    assert public == set(CHANGES) | READS | OTHERS


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_the_disk_refuses_is_refused_in_a_sentence_and_can_be_made_later(
    rooms: Rooms, code: str, change: str
) -> None:
    before = snapshot(rooms, code)
    with read_only():
        with pytest.raises(RoomError, match=r"^rooms.sqlite cannot be used \(.*\). Check that the home folder can be "):
            CHANGES[change](rooms, code)
        assert snapshot(rooms, code) == before, "everybody sees what was there"
    assert snapshot(rooms, code) == before
    CHANGES[change](rooms, code)
    if change != "end":
        assert snapshot(rooms, code) != before


def join_until_refused(rooms: Rooms, code: str) -> None:
    """A class joins, until the pages that are there are full."""
    for number in range(400):
        rooms.join(code, f"p{number}", f"Somebody with a long name {number}")


def test_on_a_full_disk_nothing_is_lost_and_nothing_is_half_done(rooms: Rooms, code: str) -> None:
    with full(rooms), pytest.raises(RoomError, match="full"):
        join_until_refused(rooms, code)
    there = rooms.members(code)
    assert len(there) > 1
    rooms.join(code, "late", "Late")
    assert [each.name for each in rooms.members(code)] == [*(each.name for each in there), "Late"]


def test_a_room_that_cannot_be_opened_on_a_disk_that_refuses_can_be_opened_later(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path / "new")
    with read_only(), pytest.raises(RoomError, match="Check that the home folder can be written."):
        rooms.open(HOST)
    assert rooms.open(HOST).code
    rooms.close()
