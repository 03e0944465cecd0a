"""A host's copy of a room as a ZIP of tables, and of the settings and records of its runs."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aecore.foreign import csv_text
from aecore.predictions.schema import Guess
from aecore.rooms.state import Poll
from aecore.rooms.store import RoomError, Rooms
from aecore.runs.store import RunError, RunStore

README = """A copy of room {code}, taken by its host.

people.csv     who has joined{anonymous}
polls.csv      each choice of each poll, or each guess, with its votes
questions.csv  questions from the floor, with the votes of others; the last are those that you have hidden
runs.csv       the runs that were begun in the room; the host's have no name beside them
tours.csv      how far those in the room came with the tours while it was open
runs/          settings.json and progress.jsonl of each run
"""


TOURS = ("name", "tour", "step", "steps", "questions answered", "right at the first try", "questions", "finished")
"""The columns of tours.csv."""

TourRow = tuple[str, ...]
"""The tag of a person, and what stands in the columns of tours.csv after their name."""


def archive(
    rooms: Rooms, store: RunStore, code: str, host: str, *, is_anonymous: bool, tours: Iterable[TourRow] = ()
) -> bytes:
    """The ZIP. is_anonymous: people have numbers in a random order instead of names, and runs their ids. tours: how far
    people came with them; rows of others than members are left out.

    RoomError if somebody else than the host asks. An ended room can be copied for some time, see `Rooms.ended`.
    """
    if code not in {each.code for each in rooms.ended(host)} and rooms.get(code).host != host:
        raise RoomError("Only the host of this room can do this.")
    members = rooms.members(code)
    if is_anonymous:
        order = random.SystemRandom().sample(members, len(members))
        names = {each.person: f"Person {number}" for number, each in enumerate(order, 1)}
        members = sorted(members, key=lambda each: int(names[each.person].split()[1]))
    else:
        names = {each.person: each.name for each in members}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        anonymous = ", numbered in a random order" if is_anonymous else ""
        file.writestr("README.txt", README.format(code=code, anonymous=anonymous))
        file.writestr("people.csv", csv_text([("name",), *((names[each.person],) for each in members)]))
        file.writestr(
            "polls.csv",
            csv_text([
                ("question", "choice", "votes", "prediction", "right answer"), *(
                (poll.question, choice, count, poll.prediction, _written(poll, poll.truth.value) if poll.truth else "")
                for poll in reversed(rooms.floor.polls(code))
                for choice, count in _votes(poll)
            )]),
        )  # fmt: skip
        file.writestr(
            "questions.csv",
            csv_text([
                ("name", "question", "votes of others", "answered", "hidden"), *(
                (names.get(each.person, ""), each.text, each.upvotes, "yes" if each.is_answered else "no", is_hidden)
                for is_hidden, questions in (("no", rooms.floor.questions(code)), ("yes", rooms.floor.hidden(code)))
                for each in questions
            )]),
        )  # fmt: skip
        places = {person: at for at, person in enumerate(names)}
        known = sorted((row for row in tours if row[0] in names), key=lambda row: places[row[0]])
        file.writestr("tours.csv", csv_text([TOURS, *((names[person], *cells) for person, *cells in known)]))
        _add_runs(file, store, rooms.runs(code), names, is_anonymous)
    return buffer.getvalue()


def _votes(poll: Poll) -> list[tuple[str, int]]:
    """Each choice with its votes, or each number or curve that somebody has guessed."""
    if poll.choices:
        return list(zip(poll.choices, poll.counts, strict=True))
    return list(Counter(_written(poll, guess) for guess in poll.guesses).items())


def _written(poll: Poll, guess: Guess) -> str:
    if isinstance(guess, tuple):
        return " ".join(f"{each:g}" for each in guess)
    return poll.choices[int(guess)] if poll.choices else f"{guess:g}"


def _add_runs(
    file: zipfile.ZipFile, store: RunStore, runs: Mapping[str, str], names: Mapping[str, str], is_anonymous: bool
) -> None:
    rows: list[Sequence[Any]] = []
    for run_id, person in runs.items():
        with suppress(RunError):  # deleted since
            run = store.get(run_id)
            error = (run.status.test or {}).get("mse", "")
            title = run_id if is_anonymous else run.name
            rows.append((names.get(person, ""), run_id, title, run.status.state, error))
            file.writestr(f"runs/{run_id}/settings.json", json.dumps(run.settings, indent=1))
            with suppress(OSError):
                file.writestr(f"runs/{run_id}/progress.jsonl", (run.folder / "progress.jsonl").read_bytes())
    file.writestr("runs.csv", csv_text([("name", "run", "title", "state", "test error per pixel"), *rows]))
