"""What every operation on rooms begins with: the room, its members, and who may do it."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from aecore.rooms.file import NoRoomError, RoomError, RoomFile
from aecore.rooms.state import Goal, Member, Place, Room
from aecore.rooms.words import name_among, room_word

LETTERS, SIZE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 6
"""Of a code: no letters that are easily confused; 31^6 codes, 887 million."""

HOST_NAME = "Host"
"""What a host is called who has not joined under a name."""

Clock = Callable[[], float]
"""Seconds since 1970."""


def as_code(text: str) -> str:
    """What was typed as a code, as codes are stored: capitals, without blanks and dashes."""
    return "".join(each for each in text.upper() if each.isalnum())[:20]


def is_code(text: str) -> bool:
    """Whether this could be a code."""
    return len(text) == SIZE and all(each in LETTERS for each in text)


def new_code(db: sqlite3.Connection) -> str:
    """A code that no room ever had."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(SIZE))
        if not db.execute("select 1 from rooms where code = ?", (code,)).fetchone():
            return code


def new_room(
    db: sqlite3.Connection, host: str, title: str, opened: float, ends: float, *, is_locked: bool = False
) -> Room:
    """Opens a room; within a write transaction."""
    code = new_code(db)
    db.execute(
        "insert into rooms (code, title, host, opened, ends, is_locked) values (?, ?, ?, ?, ?, ?)",
        (code, title, host, opened, ends, is_locked),
    )
    return room_of(db, code, opened)


def room_of(db: sqlite3.Connection, code: str, now: float, *, is_ended_too: bool = False) -> Room:
    """An open room, or also an ended one. NoRoomError if there is none of this code, RoomError if it has ended."""
    row = db.execute("select * from rooms where code = ?", (as_code(code),)).fetchone()
    if row is None:
        raise NoRoomError(
            f"There is no {room_word()} {as_code(code) or 'without a code'}. Look at the six characters again."
        )
    if not is_ended_too and (row["ended"] is not None or row["ends"] <= now):
        raise RoomError(f"The {room_word()} {row['code']} has ended.")
    ends = min(row["ended"] or row["ends"], row["ends"])
    return Room(
        row["code"], row["title"], row["host"], row["opened"], ends, bool(row["is_locked"]),
        Place(row["path"], row["query"], row["moves"], row["leader"]), Goal(**json.loads(row["goal"])), row["version"],
    )  # fmt: skip


def members_of(db: sqlite3.Connection, code: str) -> list[Member]:
    """Everybody who ever joined, in the order in which they first did."""
    return [_member(row) for row in db.execute("select * from members where code = ? order by rowid", (code,))]


def member_of(db: sqlite3.Connection, code: str, person: str) -> Member | None:
    """Somebody who once joined; None if they never did."""
    row = db.execute("select * from members where code = ? and person = ?", (code, person)).fetchone()
    return _member(row) if row else None


def taken_names(room: Room, members: Sequence[Member], person: str) -> list[str]:
    """The names that somebody cannot have; what a host without a name is called is among them."""
    names = [each.name for each in members if each.person != person]
    return names if person == room.host else [*names, HOST_NAME]


def let_in(db: sqlite3.Connection, code: str, person: str, name: str, now: float, most: int) -> Member:
    """Lets somebody in, or back in, as `Rooms.join` says; within a write transaction. most: members of a room."""
    room = room_of(db, code, now)
    members = members_of(db, room.code)
    old = next((each for each in members if each.person == person), None)
    if old and old.is_removed:
        raise RoomError(f"The host of this {room_word()} has sent you out.")
    if old is None and room.host != person:
        if room.is_locked:
            raise RoomError(f"The host has locked this {room_word()}: nobody else can join now.")
        if sum(not (each.is_removed or each.is_away) for each in members) >= most:
            raise RoomError(f"This {room_word()} is full: it holds {most}.")
    chosen = name_among(name, taken_names(room, members, person)) if name.strip() or old is None else old.name
    db.execute(
        "insert into members (code, person, name, joined) values (?, ?, ?, ?) "
        "on conflict (code, person) do update set name = excluded.name, joined = excluded.joined, is_away = 0",
        (room.code, person, chosen, now),
    )
    changed(db, room.code)
    return next(each for each in members_of(db, room.code) if each.person == person)


def _member(row: sqlite3.Row) -> Member:
    return Member(
        row["person"],
        row["name"],
        row["joined"],
        is_muted=bool(row["is_muted"]),
        is_removed=row["removed"] is not None,
        is_away=bool(row["is_away"]),
    )


def changed(db: sqlite3.Connection, code: str) -> None:
    """Notes that everybody should look at the room again."""
    db.execute("update rooms set version = version + 1 where code = ?", (code,))


@contextmanager
def hosting(file: RoomFile, code: str, host: str, clock: Clock) -> Iterator[tuple[sqlite3.Connection, Room]]:
    """A change by the host of the room. RoomError if somebody else tries."""
    with file.writing() as db:
        room = room_of(db, code, clock())
        if room.host != host:
            raise RoomError(f"Only the host of this {room_word()} can do this.")
        before = db.total_changes
        yield db, room
        if db.total_changes > before:
            changed(db, room.code)


@contextmanager
def taking_part(
    file: RoomFile, code: str, person: str, clock: Clock
) -> Iterator[tuple[sqlite3.Connection, Room, Member]]:
    """A change by somebody in the room, its host included. RoomError if they have not joined, or were sent out."""
    with file.writing() as db:
        room = room_of(db, code, clock())
        member = member_of(db, room.code, person)
        if room.host == person:
            member = Member(person, member.name if member else HOST_NAME, room.opened)
        if member is None or member.is_away:
            raise RoomError(f"You have not joined this {room_word()}.")
        if member.is_removed:
            raise RoomError(f"The host of this {room_word()} has sent you out.")
        before = db.total_changes
        yield db, room, member
        if db.total_changes > before:
            changed(db, room.code)
