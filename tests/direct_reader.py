"""A reader for tests: in this process, at once."""

from __future__ import annotations

from typing import Any, TypeVar

from aecore.jobs.queue import Job, Request
from aecore.jobs.reading import PATIENCE
from aecore.readers.parsers import Answer, Question

T = TypeVar("T")


class DirectReader:
    """Reads in this process, at once, and remembers the answers.

    parsed: how many questions were answered by reading.
    """

    def __init__(self) -> None:
        self.parsed = 0
        self._answers: dict[str, Answer[Any]] = {}

    def ask(self, question: Question[T], visitor: str, patience: float = PATIENCE) -> Answer[T] | Job:
        """See `Reader`."""
        if question.key not in self._answers:
            self.parsed += 1
            self._answers[question.key] = question.answer()
        return self._answers[question.key]

    def again(self, question: Question[Any], visitor: str) -> None:
        """See `Reader`."""

    def stop(self, request: Request, visitor: str) -> None:
        """See `Reader`."""
