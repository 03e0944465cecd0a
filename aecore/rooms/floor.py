"""Polls of the host and questions from the floor."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from aecore.predictions.schema import (
    Choice,
    Form,
    Guess,
    GuessError,
    Prediction,
    Truth,
    as_guess,
    checked,
    described,
    form_of,
)
from aecore.rooms.file import RoomError, RoomFile
from aecore.rooms.queries import Clock, hosting, taking_part
from aecore.rooms.state import Poll, Question
from aecore.rooms.words import LONGEST_CHOICE, LONGEST_TEXT, one_line

MOST_POLLS, MOST_QUESTIONS = 100, 300
MOST_ASKED = 20
"""Questions of one person in a room."""

CHOICES = (2, 6)
"""Fewest and most choices of a poll."""


class Floor:
    """Polls and questions of the rooms in a file. People are given by their tags."""

    def __init__(self, file: RoomFile, clock: Clock) -> None:
        self._file, self._clock = file, clock

    def ask_poll(self, code: str, host: str, question: str, choices: Sequence[str]) -> int:
        """Opens a poll, in place of an open one; its id. RoomError without a question or without enough choices."""
        asked = one_line(question, LONGEST_TEXT)
        offered = list(dict.fromkeys(filter(None, (one_line(each, LONGEST_CHOICE) for each in choices))))
        if not asked or not CHOICES[0] <= len(offered) <= CHOICES[1]:
            raise RoomError(f"A poll has a question and {CHOICES[0]} to {CHOICES[1]} different choices.")
        return self._open(code, host, asked, Choice(tuple(offered)))

    def ask_prediction(self, code: str, host: str, prediction: Prediction) -> int:
        """Opens a poll about a prediction, in place of an open one; its id."""
        return self._open(code, host, prediction.ask, prediction.form, prediction.id)

    def _open(self, code: str, host: str, question: str, form: Form, prediction: str = "") -> int:
        with hosting(self._file, code, host, self._clock) as (db, room):
            if db.execute("select count(*) from polls where code = ?", (room.code,)).fetchone()[0] >= MOST_POLLS:
                raise RoomError(f"A room has at most {MOST_POLLS} polls.")
            db.execute("update polls set is_open = 0 where code = ?", (room.code,))
            choices = list(form.answers) if isinstance(form, Choice) else []
            made = db.execute(
                "insert into polls (code, question, choices, asked, form, prediction) values (?, ?, ?, ?, ?, ?)",
                (
                    room.code, question, json.dumps(choices, ensure_ascii=False), self._clock(),
                    json.dumps(described(form), ensure_ascii=False), prediction,
                ),
            )  # fmt: skip
            return int(made.lastrowid or 0)

    def uncover(self, code: str, host: str, poll: int, truth: Truth, belief: str = "") -> None:
        """Tells everybody what is the case, and what many believe, and takes no more votes."""
        text = json.dumps({"value": truth.value, "text": truth.text, "belief": belief}, ensure_ascii=False)
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute("update polls set is_open = 0, truth = ? where code = ? and id = ?", (text, room.code, poll))

    def close_poll(self, code: str, host: str, poll: int) -> None:
        """Takes no more votes; the result stays in view until the next poll."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute("update polls set is_open = 0 where code = ? and id = ?", (room.code, poll))

    def vote(self, code: str, person: str, poll: int, guess: Any) -> Poll:
        """Votes, or changes one's vote; what the poll is. guess: as a browser sent it.

        RoomError if the poll is closed, or it is no guess.
        """
        with taking_part(self._file, code, person, self._clock) as (db, room, _):
            found = db.execute("select * from polls where code = ? and id = ?", (room.code, poll)).fetchone()
            if not found or not found["is_open"]:
                raise RoomError("This poll is closed.")
            form = _form_in(found)
            asked = Poll(found["id"], found["question"], form, (), True, found["prediction"])
            try:
                taken = checked(form, guess)
            except GuessError as error:
                raise RoomError(str(error)) from None
            choice, text = (taken, "") if isinstance(form, Choice) else (0, json.dumps(taken))
            db.execute(
                "insert into votes values (?, ?, ?, ?) on conflict (poll, person) do update set "
                "choice = excluded.choice, guess = excluded.guess "
                "where choice <> excluded.choice or guess <> excluded.guess", (poll, person, choice, text),
            )  # fmt: skip
        return asked

    def polls(self, code: str) -> list[Poll]:
        """All polls of the room, the last first."""
        with self._file.reading() as db:
            return polls_of(db, code)

    def ask(self, code: str, person: str, text: str) -> int:
        """A question from the floor; its id. RoomError if it is empty, or they are muted, or there are too many."""
        asked = one_line(text, LONGEST_TEXT)
        if not asked:
            raise RoomError("Write your question first.")
        with taking_part(self._file, code, person, self._clock) as (db, room, member):
            if member.is_muted:
                raise RoomError("The host of this room takes no more questions from you.")
            own = db.execute(
                "select count(*) from questions where code = ? and person = ? and hidden is null", (room.code, person)
            )
            if own.fetchone()[0] >= MOST_ASKED:
                raise RoomError(f"You have asked {MOST_ASKED} questions in this room, which is the most.")
            if _shown(db, room.code) >= MOST_QUESTIONS:
                raise RoomError(f"A room takes {MOST_QUESTIONS} questions, and it has them all.")
            made = db.execute(
                "insert into questions (code, person, text, asked) values (?, ?, ?, ?)",
                (room.code, person, asked, self._clock()),
            )
            return int(made.lastrowid or 0)

    def upvote(self, code: str, person: str, question: int, *, is_for: bool = True) -> None:
        """Says that one would like to know this too, or no longer. One's own question counts once as it is."""
        with taking_part(self._file, code, person, self._clock) as (db, room, _):
            found = db.execute(
                "select person from questions where code = ? and id = ? and hidden is null", (room.code, question)
            ).fetchone()
            if not found:
                raise RoomError("This question is gone.")
            if is_for and found["person"] != person:
                db.execute("insert or ignore into upvotes values (?, ?)", (question, person))
            else:
                db.execute("delete from upvotes where question = ? and person = ?", (question, person))

    def answer(self, code: str, host: str, question: int) -> None:
        """Marks a question as answered: it moves below the open ones."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute(
                "update questions set answered = ? where code = ? and id = ?", (self._clock(), room.code, question)
            )

    def hide(self, code: str, host: str, question: int) -> None:
        """Hides a question from everybody; it stays in the host's copy, and they can show it again."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            db.execute(
                "update questions set hidden = ? where code = ? and id = ?", (self._clock(), room.code, question)
            )

    def show_again(self, code: str, host: str, question: int) -> None:
        """Shows a hidden question to everybody again, with its votes. RoomError if others have taken its place."""
        with hosting(self._file, code, host, self._clock) as (db, room):
            if _shown(db, room.code) >= MOST_QUESTIONS:
                raise RoomError(
                    f"A room takes {MOST_QUESTIONS} questions, and it has them all. Hide another one first."
                )
            db.execute("update questions set hidden = null where code = ? and id = ?", (room.code, question))

    def questions(self, code: str) -> list[Question]:
        """All that are not hidden: open ones first, those with most votes first."""
        with self._file.reading() as db:
            return questions_of(db, code)

    def hidden(self, code: str) -> list[Question]:
        """The hidden ones, which are for the host alone, in the same order."""
        with self._file.reading() as db:
            return questions_of(db, code, are_hidden=True)


def polls_of(db: sqlite3.Connection, code: str, newest: int = MOST_POLLS) -> list[Poll]:
    """The newest polls of a room, the last first."""
    polls = []
    for row in db.execute("select * from polls where code = ? order by id desc limit ?", (code, newest)).fetchall():
        guesses = tuple(votes_of(db, row["id"]).values())
        truth = json.loads(row["truth"]) if row["truth"] else None
        polls.append(
            Poll(
                row["id"], row["question"], _form_in(row), guesses, bool(row["is_open"]), row["prediction"],
                Truth(as_guess(truth["value"]), truth["text"]) if truth else None, truth["belief"] if truth else "",
            )
        )  # fmt: skip
    return polls


def votes_of(db: sqlite3.Connection, poll: int) -> dict[str, Guess]:
    """The guess of everybody who has voted."""
    rows = db.execute("select person, choice, guess from votes where poll = ? order by rowid", (poll,)).fetchall()
    return {row["person"]: as_guess(json.loads(row["guess"])) if row["guess"] else row["choice"] for row in rows}


def _form_in(row: sqlite3.Row) -> Form:
    return form_of(json.loads(row["form"])) if row["form"] else Choice(tuple(json.loads(row["choices"])))


def questions_of(db: sqlite3.Connection, code: str, *, are_hidden: bool = False) -> list[Question]:
    """The questions of a room that are not hidden, or those that are: open ones first, those with most votes first."""
    rows = db.execute(
        "select q.*, m.name, (select count(*) from upvotes u where u.question = q.id) as count from questions q "
        "join members m on m.code = q.code and m.person = q.person where q.code = ? and (q.hidden is not null) = ? "
        "and m.removed is null order by q.answered is not null, count desc, q.id", (code, are_hidden),
    )  # fmt: skip
    return [
        Question(row["id"], row["person"], row["name"], row["text"], row["count"], row["answered"] is not None)
        for row in rows
    ]


def _shown(db: sqlite3.Connection, code: str) -> int:
    found = db.execute("select count(*) from questions where code = ? and hidden is null", (code,))
    return int(found.fetchone()[0])
