"""What each person has guessed, and whether they want to be asked. One JSON file a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aecore.predictions.schema import Guess, as_guess
from aecore.stores.personal import PersonalError, PersonalNotes

FOLDER = "guesses"
MOST_GUESSES = 1000

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True)
class Guessed:
    """The last guess of one person at one prediction, and when it was made."""

    guess: Guess
    made: float


@dataclass(frozen=True)
class Book:
    """What is known of one person. guesses: by the id of the prediction; is_asked: pages ask before they show."""

    guesses: dict[str, Guessed]
    is_asked: bool = False


class Guesses:
    """The guesses of a home. People are given by their tags. PersonalError where something cannot be read or kept."""

    def __init__(self, home: Path, clock: Clock = time.time) -> None:
        self._notes, self._clock = PersonalNotes(home / FOLDER, "your guesses"), clock

    def of(self, person: str) -> Book:
        """All that this person has guessed; unreadable notes are set aside and count as none."""
        return self._notes.read(person, _book, Book({}))

    def note(self, person: str, id: str, guess: Guess) -> None:
        """They have guessed this."""
        with self._notes.changing(person):
            book = self.of(person)
            if id not in book.guesses and len(book.guesses) >= MOST_GUESSES:
                raise PersonalError(f"{MOST_GUESSES} of your guesses are kept, which is the most.")
            self._write(person, replace(book, guesses={**book.guesses, id: Guessed(guess, self._clock())}))

    def ask(self, person: str, *, is_asked: bool) -> None:
        """Whether pages are to ask this person before they show their results."""
        with self._notes.changing(person):
            self._write(person, replace(self.of(person), is_asked=is_asked))

    def _write(self, person: str, book: Book) -> None:
        guesses = {id: {"guess": each.guess, "made": each.made} for id, each in book.guesses.items()}
        self._notes.write(person, {"asked": book.is_asked, "guesses": guesses})


def _book(values: dict[str, Any]) -> Book:
    return Book(
        {str(id): Guessed(as_guess(each["guess"]), float(each["made"])) for id, each in values["guesses"].items()},
        is_asked=values["asked"] is True,
    )
