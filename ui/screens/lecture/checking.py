"""The check list: its questions, answered one after another in a thread, so that no page waits for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from aecore.rooms.store import Rooms
from aecore.tours.schema import Tour
from ui.screens.lecture.facts import Facts
from ui.screens.lecture.findings import ATTENTION, Finding
from ui.screens.lecture.machine_checks import data, memory_and_disk, people, trainings
from ui.screens.lecture.network_checks import cameras, password, reach
from ui.screens.lecture.room_check import own_room

log = logging.getLogger("autoencoder-explorer")

REACH, PHONE = "Can others reach me?", "Does a phone reach me?"
NETWORK = (REACH, PHONE, "Who can come in?", "Do cameras work on phones?")
MACHINE = (
    "Is a room open?", "Are MNIST and the others here?", "Is there a GPU?", "Is there enough memory and disk?",
    "How many people will this machine hold?",
)  # fmt: skip
QUESTIONS = (*NETWORK, *MACHINE)
"""In the order in which they are answered; a phone answers its own."""

Answer = Callable[[], Finding]


class Check:
    """One time through the list. answers: a function for each question that this computer answers itself.

    token: of the address that a phone opens; own: addresses that are no phone's.
    """

    def __init__(self, answers: Mapping[str, Answer], token: str, own: Sequence[str], stop: threading.Event) -> None:
        self.token, self.own = token, frozenset(own)
        self._answers, self._stop = dict(answers), stop
        self._found: dict[str, Finding] = {}
        self._thread = threading.Thread(target=self._run, name="lecture-check", daemon=True)

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Leaves the rest unanswered."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Waits until all is answered, but no longer."""
        self._thread.join(seconds)

    @property
    def is_running(self) -> bool:
        """Whether answers are still to come."""
        return self._thread.is_alive()

    @property
    def found(self) -> dict[str, Finding]:
        """The answers so far, by their questions."""
        return dict(self._found)

    @property
    def asking(self) -> str:
        """The question that is being answered; "" if none is."""
        return next((each for each in self._answers if each not in self._found), "") if self.is_running else ""

    def _run(self) -> None:
        for question, answer in self._answers.items():
            if self._stop.is_set():
                return
            try:
                self._found[question] = answer()
            except Exception:
                log.exception("the check list could not answer: %s", question)
                self._found[question] = Finding(ATTENTION, "This could not be found out; the server's log says why.")


def check_of(facts: Facts, rooms: Rooms, tours: Sequence[Tour], token: str, own: Sequence[str]) -> Check:
    """The check list of a server."""
    stop = threading.Event()
    answers: tuple[Answer | None, ...] = (
        partial(reach, facts), None, partial(password, facts), partial(cameras, facts),
        partial(own_room, rooms, facts.person), partial(data, tours), trainings, partial(memory_and_disk, facts),
        partial(people, facts, stop),
    )  # fmt: skip
    wanted = {question: answer for question, answer in zip(QUESTIONS, answers, strict=True) if answer}
    return Check(wanted, token, [facts.where, *own], stop)
