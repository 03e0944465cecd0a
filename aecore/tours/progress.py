"""What each person has done of the tours: where they stand, what they have answered. One JSON file a person."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from aecore.stores.personal import PersonalError, PersonalNotes
from aecore.tours.schema import Tour

FOLDER = "tour-progress"
CHECKS = "check-answers"
"""Folder of the answers to the questions at the end of pages; there a page is what a tour is here."""

MOST_ATTEMPTS = 100
"""Of one person at one tour; then the oldest are forgotten."""

MOST_TOURS = 500
LONGEST_QUERY = 8_000

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True)
class Attempt:
    """One time through a tour, or part of it.

    step: id of the step where they stand. query: the address there, without the page, as they had set it. answers: id
    of the step with the question -> their choices, counted from 0, the first and the last. begun, seen, done: seconds
    since 1970; done is None until they have finished.
    """

    begun: float
    step: str = ""
    query: str = ""
    answers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    seen: float = 0.0
    done: float | None = None

    def right(self, tour: Tour) -> int:
        """How many questions they answered rightly at once."""
        return sum(
            step.question is not None and self.answers.get(step.id, (-1, -1))[0] == step.question.right
            for step in tour.questions
        )


class Progress:
    """What people have done of the tours of a home. People are given by their tags.

    clock: seconds since 1970. folder: of the home.
    """

    def __init__(self, home: Path, clock: Clock = time.time, folder: str = FOLDER) -> None:
        self._notes, self._clock = PersonalNotes(home / folder, "your progress"), clock

    def of(self, person: str) -> dict[str, tuple[Attempt, ...]]:
        """Id of each tour that they have begun -> their attempts, the latest last. PersonalError if unreadable."""
        return self._notes.read(person, _tours, {})

    def of_all(self, people: Iterable[str]) -> dict[str, dict[str, tuple[Attempt, ...]]]:
        """The same of several people, by their tags; who has begun none, or whose file is unreadable, is left out."""
        found = {}
        for person in people:
            with suppress(PersonalError):
                if theirs := self.of(person):
                    found[person] = theirs
        return found

    def last(self, person: str, tour: str) -> Attempt | None:
        """Their latest attempt at a tour; None if they have never begun it."""
        attempts = self.of(person).get(tour, ())
        return attempts[-1] if attempts else None

    def arrive(self, person: str, tour: str, step: str, query: str = "") -> None:
        """They stand at this step now."""
        kept = query if len(query) <= LONGEST_QUERY else ""
        self._change(person, tour, lambda now, attempt: replace(attempt, step=step, query=kept, seen=now))

    def answer(self, person: str, tour: str, step: str, choice: int) -> None:
        """They have chosen an answer, counted from 0. The first choice counts; the last is kept as well."""

        def answered(now: float, attempt: Attempt) -> Attempt:
            first = attempt.answers.get(step, (choice, choice))[0]
            return replace(attempt, answers={**attempt.answers, step: (first, choice)}, seen=now)

        self._change(person, tour, answered)

    def finish(self, person: str, tour: str) -> None:
        """They have come to the end."""
        self._change(person, tour, lambda now, attempt: replace(attempt, done=attempt.done or now, seen=now))

    def begin_again(self, person: str, tour: str) -> None:
        """Begins another attempt; earlier ones stay."""
        self._change(person, tour, lambda now, attempt: replace(attempt, seen=now), is_new=True)

    def _change(
        self, person: str, tour: str, made: Callable[[float, Attempt], Attempt], *, is_new: bool = False
    ) -> None:
        with self._notes.changing(person):
            now, known = self._clock(), self.of(person)
            attempts = known.get(tour, ())
            if not attempts and len(known) >= MOST_TOURS:
                raise PersonalError(f"Progress of {MOST_TOURS} tours is kept, and yours is full.")
            if is_new or not attempts:
                attempts = (*attempts, Attempt(begun=now))
            known[tour] = (*attempts[:-1], made(now, attempts[-1]))[-MOST_ATTEMPTS:]
            tours = {id: [asdict(each) for each in all_of_it] for id, all_of_it in known.items()}
            self._notes.write(person, {"tours": tours})


def _tours(values: dict[str, Any]) -> dict[str, tuple[Attempt, ...]]:
    return {str(id): tuple(map(_attempt, each)) for id, each in values["tours"].items()}


def _attempt(values: dict[str, Any]) -> Attempt:
    answers = {str(step): (int(first), int(last)) for step, (first, last) in values["answers"].items()}
    done = values["done"]
    return Attempt(
        float(values["begun"]), str(values["step"]), str(values["query"]), answers, float(values["seen"]),
        None if done is None else float(done),
    )  # fmt: skip
