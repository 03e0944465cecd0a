"""Film nights that guests join by code from their own phones: what the host has chosen, who is there, and the vetoes.

A film night is a room, in a file of its own: codes, names, who may come in and the end after a day are those of rooms.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from aecore.recommender.serving.night_state import MOST_GUESTS, Attendee, Evening, Night, Veto, evening_of
from aecore.rooms.file import RoomError
from aecore.rooms.queries import (
    Clock,
    changed,
    hosting,
    let_in,
    member_of,
    members_of,
    new_room,
    room_of,
    taking_part,
)  # fmt: skip
from aecore.rooms.state import Room
from aecore.rooms.store import DAY, MOST_MEMBERS, Rooms
from aecore.rooms.words import LONGEST_NAME, called, one_line

FOLDER = "film-nights"
MOST_VETOES, LONGEST_TITLE = 100, 200
"""Vetoes of one person, and letters of a film's title."""

_WORD = "film night"
_HOSTED = "select code from rooms where host = ? and ended is null and ends > ?"

TABLES = """
create table if not exists evenings (
    code text primary key references rooms (code) on delete cascade, chosen text not null
);
create table if not exists guests (
    code text not null references rooms (code) on delete cascade, person text not null, profile text not null,
    rated text not null, primary key (code, person)
);
create table if not exists vetoes (
    code text not null references rooms (code) on delete cascade, film integer not null, who text not null,
    title text not null, primary key (code, film, who)
);
"""


class FilmNights(Rooms):
    """The film nights under a home folder. People are given by their tags."""

    def __init__(self, home: Path, clock: Clock = time.time) -> None:
        super().__init__(home / FOLDER, clock, TABLES)

    def hosted_by(self, person: str) -> str:
        """The code of the night that somebody has begun; "" if none is going on."""
        return self._found(_HOSTED, person)

    def visited_by(self, person: str) -> str:
        """The code of the night to which somebody has come last as a guest and where they still are; "" for none."""
        return self._found(
            "select r.code from rooms r join members m on m.code = r.code where m.person = ? and m.removed is null "
            "and not m.is_away and r.host <> m.person and r.ended is null and r.ends > ? order by m.joined desc",
            person,
        )  # fmt: skip

    def begin(self, host: str) -> str:
        """The code of the host's night, begun if there is none; nobody can join it before `invite`."""
        if code := self.hosted_by(host):
            return code
        with called(_WORD), self._file.writing() as db:
            return _begun(db, host, self._clock())

    def invite(self, host: str, name: str, profile: str = "", *, is_open: bool = True) -> str:
        """Opens the host's night for guests, or closes it for new ones; its code.

        name: what guests are told that the host is called, profile: the host's own, which has this name for them;
        "" for what they were told before.
        """
        with called(_WORD), self._file.writing() as db:
            code = _begun(db, host, self._clock())
            db.execute("update rooms set is_locked = ? where code = ?", (not is_open, code))
            if told := one_line(name, LONGEST_NAME):
                db.execute("update rooms set title = ? where code = ?", (told, code))
            if profile:
                _note_guest(db, code, host, profile, "")
            changed(db, code)
        return code

    def choose(self, host: str, evening: Evening) -> None:
        """What the host has chosen, for everybody in their night; nothing where no night is going on."""
        code, chosen = self.hosted_by(host), evening.packed()
        if not code:
            return
        with called(_WORD), hosting(self._file, code, host, self._clock) as (db, _):
            db.execute(
                "insert into evenings values (?, ?) on conflict (code) do update set chosen = excluded.chosen "
                "where chosen <> excluded.chosen", (code, chosen),
            )  # fmt: skip

    def come(self, code: str, person: str, name: str, profile: str, rated: str = "") -> str:
        """Lets a guest in with a profile of theirs; the name they get. RoomError if that cannot be."""
        now = self._clock()
        with called(_WORD), self._file.writing() as db:  # both or neither: a guest without a profile cannot be shown
            room = room_of(db, code, now)
            _check_seats(db, room.code, person)
            name = let_in(db, room.code, person, name, now, MOST_MEMBERS).name
            _note_guest(db, room.code, person, profile, rated)
        return name

    def note_guest(self, code: str, person: str, profile: str, rated: str) -> None:
        """The profile with which a guest is there, and the fingerprint of its ratings."""
        with called(_WORD), taking_part(self._file, code, person, self._clock) as (db, room, _):
            _note_guest(db, room.code, person, profile, rated)

    def veto(self, code: str, person: str, who: str, film: int, title: str, *, is_against: bool = True) -> None:
        """Takes a film off tonight's list, or puts it back, in the name of `who`.

        RoomError for somebody who is not there, and in the name of anybody else.
        """
        if who not in self.night(code, person).may_veto_as(person):
            raise RoomError("Everybody vetoes for themselves.")
        with called(_WORD), taking_part(self._file, code, person, self._clock) as (db, room, _):
            if not is_against:
                db.execute("delete from vetoes where code = ? and film = ? and who = ?", (room.code, film, who))
                return
            own = db.execute("select count(*) from vetoes where code = ? and who = ?", (room.code, who)).fetchone()[0]
            if own >= MOST_VETOES:
                raise RoomError(f"One person can veto {MOST_VETOES} films. Take another veto back first.")
            db.execute(
                "insert or ignore into vetoes values (?, ?, ?, ?)",
                (room.code, film, who, one_line(title, LONGEST_TITLE)),
            )

    def night(self, code: str, person: str) -> Night:
        """The night. RoomError if it has ended, and for everybody who is not there."""
        with called(_WORD), self._file.reading() as db:
            room = room_of(db, code, self._clock())
            me = member_of(db, room.code, person)
            if room.host != person and (me is None or me.is_away or me.is_removed):
                raise RoomError("You are not in this film night.")
            return _night(db, room)

    def version(self, code: str, person: str) -> int:
        """What grows with every change; 0 once the night has ended, and for somebody who is not there.

        It is asked every second by each page that shows a night: one query.
        """
        with called(_WORD), self._file.reading() as db:
            row = db.execute(
                "select r.version from rooms r left join members m on m.code = r.code and m.person = ? "
                "where r.code = ? and r.ended is null and r.ends > ? "
                "and (r.host = ? or (m.person is not null and m.removed is null and not m.is_away))",
                (person, code, self._clock(), person),
            ).fetchone()
        return int(row["version"]) if row else 0

    def touch(self, person: str) -> None:
        """Somebody has rated: everybody in the nights where they are host or guest looks at the list again."""
        if codes := {self.hosted_by(person), self.visited_by(person)} - {""}:
            with called(_WORD), self._file.writing() as db:
                for code in codes:
                    changed(db, code)

    def leave(self, code: str, person: str) -> None:
        """Takes a guest out at their own wish; their vetoes count again when they come back."""
        with called(_WORD):
            super().leave(code, person)

    def remove(self, code: str, host: str, person: str, *, is_removed: bool = True) -> None:
        """Sends a guest out, or lets them come back."""
        with called(_WORD):
            super().remove(code, host, person, is_removed=is_removed)

    def end(self, code: str, host: str) -> None:
        """Ends the night for everybody, and forgets it."""
        with called(_WORD):
            super().end(code, host)
        self.forget_old()

    def forget_old(self, days: float = 0.0) -> int:
        """Nothing of a night is kept once it has ended."""
        return super().forget_old(days) if self._file.is_there else 0

    def _found(self, query: str, person: str) -> str:
        """The code that a query finds; nights that have ended meanwhile are forgotten."""
        if not self._file.is_there:
            return ""
        now = self._clock()
        with called(_WORD), self._file.reading() as db:
            row = db.execute(query, (person, now)).fetchone()
            is_over = db.execute("select 1 from rooms where min(coalesce(ended, ends), ends) < ?", (now,)).fetchone()
        if is_over:
            with suppress(RoomError):  # the file is busy: the next look may go well
                self.forget_old()
        return str(row["code"]) if row else ""


def _begun(db: sqlite3.Connection, host: str, now: float) -> str:
    """The code of the host's night, begun closed if there is none."""
    row = db.execute(_HOSTED, (host, now)).fetchone()
    return str(row["code"]) if row else new_room(db, host, "", now, now + DAY, is_locked=True).code


def _check_seats(db: sqlite3.Connection, code: str, person: str) -> None:
    there = {each.person for each in members_of(db, code) if not (each.is_away or each.is_removed)}
    if len(there | {person}) > MOST_GUESTS:
        raise RoomError(f"This film night is full: it holds {MOST_GUESTS} guests.")


def _note_guest(db: sqlite3.Connection, code: str, person: str, profile: str, rated: str) -> None:
    db.execute(
        "insert into guests values (?, ?, ?, ?) on conflict (code, person) do update set "
        "profile = excluded.profile, rated = excluded.rated "
        "where profile <> excluded.profile or rated <> excluded.rated", (code, person, profile, rated),
    )  # fmt: skip


def _night(db: sqlite3.Connection, room: Room) -> Night:
    chosen = db.execute("select chosen from evenings where code = ?", (room.code,)).fetchone()
    evening = evening_of(chosen["chosen"]) if chosen else Evening()
    rows = {row["person"]: row for row in db.execute("select * from guests where code = ?", (room.code,))}
    members = [each for each in members_of(db, room.code) if each.person != room.host]
    guests = tuple(
        Attendee(each.person, each.name, rows[each.person]["profile"], rated=rows[each.person]["rated"], is_guest=True)
        for each in members
        if each.person in rows and not (each.is_away or each.is_removed)
    )
    names = {each.key: each.name for each in (*evening.people, *guests)}
    against: dict[int, tuple[str, list[str]]] = {}
    for row in db.execute("select film, who, title from vetoes where code = ? order by rowid", (room.code,)):
        if row["who"] in names:  # those who have gone have no say
            against.setdefault(row["film"], (row["title"], []))[1].append(row["who"])
    vetoes = tuple(
        Veto(film, title, tuple(who), tuple(names[each] for each in who)) for film, (title, who) in against.items()
    )
    removed = {each.person: each.name for each in members if each.is_removed}
    own = rows[room.host]["profile"] if room.host in rows else ""
    return Night(
        room.code, room.host, room.title, not room.is_locked, room.ends, evening, guests, vetoes, removed, room.version,
        own,
    )  # fmt: skip
