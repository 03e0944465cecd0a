"""Rooms: opened by a host, joined by code, followed, and ended; every change is on disk when the call returns."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from aecore.rooms.file import NoRoomError, RoomError, RoomFile
from aecore.rooms.floor import Floor, polls_of, questions_of, votes_of
from aecore.rooms.queries import (
    Clock,
    as_code,
    hosting,
    let_in,
    member_of,
    members_of,
    new_room,
    room_of,
    taken_names,
    taking_part,
)  # fmt: skip
from aecore.rooms.state import Goal, Member, Place, Room, View
from aecore.rooms.words import LONGEST_CHOICE, name_among, one_line

DAY = 86_400.0
MOST_MEMBERS, MOST_OPEN = 500, 20
LONGEST_PLACE, LONGEST_TAB = 8_000, 40
PATH = re.compile(r"/[\w-]{0,40}", re.ASCII)
KEPT_DAYS = 30
"""Days after its end for which the host can still take a copy of a room; then all that was said in it is removed."""


class Rooms:
    """The rooms under a home folder. clock: seconds since 1970. People are given by their tags.

    floor: polls and questions. tables: see `RoomFile`.
    """

    def __init__(self, home: Path, clock: Clock = time.time, tables: str = "") -> None:
        self._file, self._clock = RoomFile(home, tables), clock
        self.floor = Floor(self._file, clock)

    @property
    def notice(self) -> str:
        """What was done about a damaged file; "" if none was."""
        return self._file.notice

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._file.close()

    def open(self, host: str, title: str = "") -> Room:
        """Opens a room, which ends by itself after a day. RoomError if this host has too many open ones."""
        now = self._clock()
        self.forget_old()
        with self._file.writing() as db:
            mine = db.execute("select count(*) from rooms where host = ? and ended is null and ends > ?", (host, now))
            if mine.fetchone()[0] >= MOST_OPEN:
                raise RoomError(f"You have {MOST_OPEN} open rooms. End one of them first.")
            return new_room(db, host, one_line(title, LONGEST_CHOICE), now, now + DAY)

    def get(self, code: str) -> Room:
        """An open room. RoomError if there is none of this code, or it has ended."""
        with self._file.reading() as db:
            return room_of(db, code, self._clock())

    def of_person(self, person: str) -> str:
        """The code of the open room in which somebody is: the last that they joined, else the last that they opened;
        "" if in none.
        """
        if not self._file.is_there:
            return ""
        now = self._clock()
        with self._file.reading() as db:
            found = db.execute(
                "select r.code from rooms r left join members m on m.code = r.code and m.person = ? "
                "where r.ended is null and r.ends > ? and "
                "((m.person is not null and m.removed is null and not m.is_away) or r.host = ?) "
                "order by coalesce(m.joined, r.opened) desc limit 1", (person, now, person),
            ).fetchone()  # fmt: skip
        return found["code"] if found else ""

    def is_inside(self, code: str, person: str) -> bool:
        """Whether the room is open and they are its host, or have joined and are still there."""
        with self._file.reading() as db:
            try:
                room = room_of(db, code, self._clock())
            except RoomError:
                return False
            member = member_of(db, room.code, person)
        return room.host == person or (member is not None and not (member.is_away or member.is_removed))

    def join(self, code: str, person: str, name: str = "") -> Member:
        """Lets somebody in, or back in; without a name, under the one they had.

        RoomError if there is no such room, or it is locked or full, or they were sent out.
        """
        with self._file.writing() as db:
            return let_in(db, code, person, name, self._clock(), MOST_MEMBERS)

    def leave(self, code: str, person: str) -> None:
        """Takes somebody out at their own wish. They may come back; their runs, votes and questions stay."""
        with taking_part(self._file, code, person, self._clock) as (db, room, _):
            db.execute("update members set is_away = 1 where code = ? and person = ?", (room.code, person))

    def ended(self, host: str) -> list[Room]:
        """The rooms of a host that have ended and of which they can still take a copy, the last first."""
        now = self._clock()
        if not self._file.is_there:
            return []
        with self._file.reading() as db:
            codes = db.execute(
                "select code from rooms where host = ? and (ended is not null or ends <= ?) order by opened desc",
                (host, now),
            ).fetchall()
            return [room_of(db, row["code"], now, is_ended_too=True) for row in codes]

    def forget_old(self, days: float = KEPT_DAYS) -> int:
        """Removes what was said in rooms that ended more than so many days ago; their number."""
        before = self._clock() - days * DAY
        with self._file.writing() as db:
            old = [
                row["code"]
                for row in db.execute("select code from rooms where min(coalesce(ended, ends), ends) < ?", (before,))
            ]
            for code in old:
                db.execute("delete from votes where poll in (select id from polls where code = ?)", (code,))
                db.execute("delete from upvotes where question in (select id from questions where code = ?)", (code,))
                for table in ("polls", "questions", "runs", "members", "rooms"):
                    db.execute(f"delete from {table} where code = ?", (code,))
        return len(old)

    def members(self, code: str) -> list[Member]:
        """Everybody who ever joined, in that order, also those who have left or were sent out."""
        with self._file.reading() as db:
            return members_of(db, as_code(code))

    def lead(self, code: str, host: str, tab: str) -> None:
        """Makes this tab of the host the one that leads; "" if none is to."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute(
                "update rooms set leader = ? where code = ? and leader <> ?", (tab[:LONGEST_TAB], room.code, tab)
            )

    def move(self, code: str, host: str, path: str, query: str, tab: str = "") -> Place:
        """The host has gone there, in the tab that leads.

        RoomError if somebody else says so, or another tab, or if it is no address of a page.
        """
        if len(query) > LONGEST_PLACE or not PATH.fullmatch(path):
            raise RoomError("Nobody can be led to this address.")
        with hosting(self._file, code, host, self._clock) as (db, room):
            if room.place.leader != tab:
                raise RoomError("Another tab of yours leads.")
            db.execute(
                "update rooms set path = ?, query = ?, moves = moves + 1 where code = ? and (path <> ? or query <> ?)",
                (path, query, room.code, path, query),
            )
            return room_of(db, room.code, self._clock()).place

    def lock(self, code: str, host: str, is_locked: bool) -> None:
        """Locks or unlocks the room: nobody new can join a locked one."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute(
                "update rooms set is_locked = ? where code = ? and is_locked <> ?", (is_locked, room.code, is_locked)
            )

    def set_goal(self, code: str, host: str, goal: Goal) -> None:
        """Says what the runs of the room compete for."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute("update rooms set goal = ? where code = ?", (json.dumps(asdict(goal)), room.code))

    def end(self, code: str, host: str) -> None:
        """Ends the room for everybody; what was said in it stays in the file for its host's copy."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute("update rooms set ended = ? where code = ?", (self._clock(), room.code))

    def rename(self, code: str, host: str, person: str, name: str) -> str:
        """Gives a member another name, and returns it."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            chosen = name_among(name, taken_names(room, members_of(db, room.code), person))
            db.execute("update members set name = ? where code = ? and person = ?", (chosen, room.code, person))
        return chosen

    def mute(self, code: str, host: str, person: str, is_muted: bool) -> None:
        """Takes no more questions from a member, or does so again."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute(
                "update members set is_muted = ? where code = ? and person = ?", (int(is_muted), room.code, person)
            )

    def remove(self, code: str, host: str, person: str, *, is_removed: bool = True) -> None:
        """Sends a member out, or lets them come back."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            moment = self._clock() if is_removed else None
            db.execute("update members set removed = ? where code = ? and person = ?", (moment, room.code, person))

    def add_run(self, code: str, person: str, run: str) -> None:
        """A run of somebody in the room, for the wall."""
        with taking_part(self._file, code, person, self._clock) as (db, room, _):
            db.execute("insert or ignore into runs values (?, ?, ?)", (room.code, run, person))

    def runs(self, code: str) -> dict[str, str]:
        """Id of each run of the room -> tag of who began it, without those who were sent out, oldest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "select r.run, r.person from runs r left join members m on m.code = r.code and m.person = r.person "
                "where r.code = ? and m.removed is null order by r.rowid", (as_code(code),),
            )  # fmt: skip
            return {row["run"]: row["person"] for row in rows}

    def versions(self) -> dict[str, int]:
        """Code -> version of every open room: it grows with every change."""
        with self._file.reading() as db:
            rows = db.execute("select code, version from rooms where ended is null and ends > ?", (self._clock(),))
            return {row["code"]: row["version"] for row in rows}

    def views(self, code: str, people: Sequence[str]) -> dict[str, View]:
        """The room as each of these people sees it. RoomError if it has ended."""
        with self._file.reading() as db:
            room = room_of(db, code, self._clock())
            members = {each.person: each for each in members_of(db, room.code)}
            poll = next(iter(polls_of(db, room.code, newest=1)), None)
            votes = votes_of(db, poll.id) if poll else {}
            questions = tuple(questions_of(db, room.code))
            upvoted: dict[str, set[int]] = {}
            for person, question in db.execute(
                "select u.person, u.question from upvotes u join questions q on q.id = u.question where q.code = ?",
                (room.code,),
            ):
                upvoted.setdefault(person, set()).add(question)
        count = sum(not (each.is_away or each.is_removed or each.person == room.host) for each in members.values())
        return {
            person: View(
                room, members.get(person), count, poll, votes.get(person), questions,
                frozenset(upvoted.get(person, ())),
            )
            for person in people
        }  # fmt: skip


__all__ = ["NoRoomError", "RoomError", "Rooms"]
