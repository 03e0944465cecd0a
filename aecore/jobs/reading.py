"""Reading of uploads, in a process with limits of time and memory.

Nothing is read in the server itself, however small: a warm process answers about as fast as a thread of the server,
and no look at a file tells how much comes out of it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from aecore.jobs.inbox import KEEP_SECONDS, Inbox
from aecore.jobs.kinds import KINDS, READING, JobProgress, function_of
from aecore.jobs.memory import too_much_memory
from aecore.jobs.queue import Job, Request
from aecore.jobs.service import Jobs
from aecore.readers.parsers import Answer, Parser, Question

T = TypeVar("T")

REMEMBERED = 256 * 2**20
"""Bytes of answers in the server's memory, which all visitors share; others are read from the disk again."""

PATIENCE = 0.25
"""Seconds in which a small file is read: who waits longer sees progress."""


class ReadingError(ValueError):
    """Files that could not be read within the limits; the message says which limit and what to do."""


class Reader(Protocol):
    """Answers questions about files. QueueFull if a visitor, or everybody together, asks too much at once, QuotaError
    if the home has no room for the files on their way, OSError if its disk refuses them.
    """

    def ask(self, question: Question[T], visitor: str, patience: float = PATIENCE) -> Answer[T] | Job:
        """The answer, or a job that has not found it after `patience` seconds: it works, has failed or was stopped."""

    def again(self, question: Question[Any], visitor: str) -> None:
        """Reads once more what failed or was stopped."""

    def stop(self, request: Request, visitor: str) -> None:
        """Withdraws a visitor's question."""


def request_of(question: Question[Any]) -> Request:
    """The request of its job: kind, key, and bytes."""
    return (question.parser.kind, question.key, question.size)


class WorkerReader:
    """Reads in the processes of a scheduler, each question once for all visitors.

    check_disk: raises a QuotaError unless so many bytes may be added to the home, by who asks.
    """

    def __init__(
        self,
        jobs: Jobs,
        home: Path,
        remembered: int = REMEMBERED,
        check_disk: Callable[[int], object] = lambda new_bytes: None,
    ) -> None:
        self.jobs, self.inbox, self._check_disk = jobs, Inbox(home), check_disk
        self._answers: OrderedDict[str, tuple[Answer[Any], int, float]] = OrderedDict()
        self._remembered = remembered
        self._lock, self._handing_over = threading.Lock(), threading.Lock()
        jobs.tidying.append(self.tidy)

    def ask(self, question: Question[T], visitor: str, patience: float = PATIENCE) -> Answer[T] | Job:
        """See `Reader`."""
        if answer := self._known(question):
            return answer
        request = request_of(question)
        job = self.jobs.join(request, visitor) or self.jobs.find(request)
        if job is None or job.state == "done" or (job.state == "cancelled" and visitor not in job.visitors):
            job = self._submit(question, visitor)
        self.jobs.wait(job, patience)
        answer = self._known(question)
        if answer is None and not job.is_active:
            self._drop(request)  # its process may have died before it took them
        return answer or job

    def again(self, question: Question[Any], visitor: str) -> None:
        """See `Reader`."""
        self._submit(question, visitor)

    def stop(self, request: Request, visitor: str) -> None:
        """See `Reader`."""
        self.jobs.release(request, visitor)
        self._drop(request)

    def _submit(self, question: Question[Any], visitor: str) -> Job:
        self.jobs.check_room(visitor, READING)
        self._check_disk(question.size)
        with self._handing_over:
            self.inbox.put(question)
            return self.jobs.submit(request_of(question), visitor)

    def _drop(self, request: Request) -> None:
        """Forgets the files of a question that nobody waits for."""
        with self._handing_over:
            if not self.jobs.is_active(request):
                self.inbox.drop(str(request[1]))

    def _known(self, question: Question[T]) -> Answer[T] | None:
        """The answer from memory or from the disk."""
        with self._lock:
            if kept := self._answers.get(question.key):
                self._answers.move_to_end(question.key)
                return kept[0]
        slot, parser = self.inbox.slot(question.parser.kind, question.key), question.parser
        answer = slot.read_as(parser.unpack)
        if answer is not None:
            self._remember(question.key, answer, slot.path.stat().st_size if slot.path.exists() else 0)
        return answer

    def _remember(self, key: str, answer: Answer[Any], size: int) -> None:
        with self._lock:
            self._answers[key] = answer, size, time.monotonic()
            while len(self._answers) > 1 and sum(size for _, size, _ in self._answers.values()) > self._remembered:
                self._answers.popitem(last=False)

    def tidy(self) -> None:
        """Forgets old answers, in memory and on the disk."""
        with self._lock:
            self._forget_old()
        self.inbox.clean()

    def _forget_old(self) -> None:
        oldest = time.monotonic() - KEEP_SECONDS
        for key in [key for key, (_, _, since) in self._answers.items() if since < oldest]:
            del self._answers[key]


def parse(home: Path, kind: str, key: str) -> Iterator[JobProgress]:
    """Answers one question in this process, which is a worker's.

    ReadingError, with the limit, if there is too little memory, or the question is gone.
    """
    inbox, parser = Inbox(home), function_of(kind)
    assert isinstance(parser, Parser)
    try:
        files, options = inbox.take(key)
    except (OSError, ValueError):
        raise ReadingError("The files are no longer here. Choose them again.") from None
    yield JobProgress(0.0, "Reading")
    try:
        answer = parser.answer(files, options)
        files.clear()
        values = parser.pack(answer)
    except MemoryError:
        raise ReadingError(too_much_memory()) from None
    inbox.slot(kind, key).write(values.values, **values.arrays)


def load_parsers() -> None:
    """Imports everything that reads, before the first question."""
    for name, kind in KINDS.items():
        if kind.policy is READING:
            function_of(name)
