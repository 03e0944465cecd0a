"""JobQueue: waiting and running jobs. No processes, no threads, no files; its owner must hold a lock."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LONGEST_QUEUE = 60
"""Waiting jobs of one policy with which the queue is full: each person may then have one waiting, and no more."""

MOST_WAITING = 10 * LONGEST_QUEUE
"""Jobs of one policy that may wait, however many people ask: cookies are free, and somebody could have very many."""

KEEP_SECONDS = 3600.0
"""How long a finished job is remembered; its result is on disk, and its error has been read by then."""
MOST_FINISHED = 500

Request = tuple[Any, ...]
"""A request: a kind of `aecore.jobs.kinds.KINDS` and its arguments (texts, numbers and tuples of them)."""


def person_of(visitor: str) -> str:
    """Whose mark it is: what follows a slash says in which of their tabs they asked."""
    return visitor.partition("/")[0]


class QueueFull(RuntimeError):
    """No more jobs can wait; the message says whose limit it is."""


@dataclass(frozen=True)
class Policy:
    """How jobs of some kinds are run.

    noun: what several of them are called. at_once: how many run side by side. for_short: extra slots for short jobs
    only, so that these never wait for a long one. nice: niceness of their process. idle_seconds: when a process
    without work ends, 0 for never. is_warm: processes are started before there is work, and load torch. seconds,
    memory_bytes: what a job may take before it is ended, 0 for no limit.
    """

    noun: str
    at_once: int
    for_short: int = 0
    per_visitor: int = 6
    nice: int = 5
    idle_seconds: float = 120.0
    is_warm: bool = False
    seconds: float = 0.0
    memory_bytes: int = 0


def share(policy: Policy, others: int) -> int:
    """How many jobs one person may have waiting where others have so many: fewer as the queue fills, at least one."""
    left = max(0, LONGEST_QUEUE - others)
    return max(1, -(-policy.per_visitor * left // LONGEST_QUEUE))


@dataclass(eq=False)
class Job:
    """One job and how far it is. state: waiting, running, done, failed or cancelled. visitors: marks of who asked.

    seconds: after which it gives way to others; 0 for never. stopped_by: those who cancelled it; none if the last who
    waited for it has left.
    """

    request: Request
    policy: Policy
    is_short: bool
    visitors: list[str]
    number: int
    seconds: float = 0.0
    state: str = "waiting"
    share: float = 0.0
    doing: str = ""
    error: str = ""
    started: float = 0.0
    ended: float = 0.0
    stopped_by: frozenset[str] = frozenset()

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the share that is done; None while that is too small."""
        seconds = time.monotonic() - self.started
        is_known = self.state == "running" and self.share > 0.15 and seconds > 2
        return seconds * (1 - self.share) / self.share if is_known else None


@dataclass
class JobQueue:
    """A fair queue: people take turns, however many tabs they have (`person_of`), equal requests share a job,
    and short jobs have slots of their own.
    """

    now: Callable[[], float] = time.monotonic
    _jobs: dict[Request, Job] = field(default_factory=dict)
    _busy: list[Job] = field(default_factory=list)
    _waiting: dict[tuple[str, bool], dict[str, deque[Job]]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def submit(
        self,
        request: Request,
        visitor: str,
        policy: Policy,
        *,
        is_short: bool = False,
        is_bounded: bool = True,
        seconds: float = 0.0,
    ) -> Job:
        """Queues a job, or joins an active one of the same request.

        QueueFull as `check_room` says; nothing is changed then. is_bounded: False for jobs from an earlier server's
        queue. seconds: as in `Job`.
        """
        self.forget()
        known = self._jobs.get(request)
        if known and known.is_active:
            self._join(known, visitor)
            return known
        if is_bounded:
            self.check_room(visitor, policy)
        job = self._jobs[request] = Job(request, policy, is_short, [], next(self._numbers), seconds)
        self._join(job, visitor)
        return job

    def check_room(self, visitor: str, policy: Policy, count: int = 1) -> None:
        """QueueFull if this visitor has too many jobs waiting for `count` others to be taken, or all together have.

        Somebody with nothing waiting may always add one, up to `MOST_WAITING`.
        """
        noun = policy.noun
        waiting = [job for job in self._jobs.values() if job.state == "waiting" and job.policy.noun == noun]
        mine = sum(person_of(visitor) in map(person_of, job.visitors) for job in waiting)
        others = len(waiting) - mine
        most = share(policy, others)
        crowd = f" With {others} of others waiting, each person may have {most}." if most < policy.per_visitor else ""
        if mine >= most:
            said = f"You already have {mine} {noun} waiting" if mine > 1 else f"One of your {noun} is waiting already"
            which = "one" if mine > 1 else "it"
            raise QueueFull(f"{said}.{crowd} Let {which} finish, or cancel {which}, then try again.")
        if mine + count > most:
            said = f"You have {mine} {noun} waiting, and {count} more" if mine else f"{count} {noun} at once"
            may = "" if crowd else f": {most} may wait"
            raise QueueFull(f"{said} would be too many{may}.{crowd} Try again when some have begun.")
        if len(waiting) + count > MOST_WAITING:
            raise QueueFull(f"{len(waiting)} {noun} are waiting on this machine. Try again in a few minutes.")

    def find(self, request: Request) -> Job | None:
        """The newest job of that request."""
        self.forget()
        return self._jobs.get(request)

    def place(self, job: Job) -> int:
        """How many jobs of its queue start before this one; 0 for the next, -1 if it does not wait."""
        order = self._order(job.policy, job.is_short)
        return order.index(job) if job in order else -1

    def running_and_waiting(self, policy: Policy, *, is_short: bool = False) -> tuple[list[Job], list[Job]]:
        """The running jobs of a policy that are short, or those that are long, and the waiting ones in their order."""
        running = [job for job in self._busy if job.policy.noun == policy.noun and job.is_short == is_short]
        return running, self._order(policy, is_short)

    def take(self, policy: Policy, slots: int) -> Job | None:
        """The job that starts now, of those with this policy; None if none may.

        slots: how many long ones run side by side.
        """
        busy = [job for job in self._busy if job.policy.noun == policy.noun]
        short, long = self._order(policy, True), self._order(policy, False)
        short_busy = sum(job.is_short for job in busy)
        if not slots or len(busy) >= slots + policy.for_short:
            return None
        if short and (short_busy < policy.for_short or not long):
            return self._start(short[0])
        if long and len(busy) - short_busy < slots:
            return self._start(long[0])
        return None

    def begin(self, job: Job) -> None:
        """Starts a waiting job, even out of its turn: another queue has said so."""
        self._leave(job)
        self._busy.append(job)
        job.state, job.doing, job.started = "running", "Starting", self.now()

    def end(self, job: Job, error: str = "") -> None:
        """Ends a job: done, or failed with a sentence; a cancelled job stays cancelled."""
        if job in self._busy:
            self._busy.remove(job)
        if job.state == "running":
            job.state, job.error, job.ended = ("failed" if error else "done"), error, self.now()

    def cancel(self, job: Job, stopped_by: frozenset[str] = frozenset()) -> bool:
        """Removes a waiting job from the queue, or marks a running one; True if its process must be told."""
        was_running = job.state == "running"
        if job.is_active:
            job.stopped_by = stopped_by
            self._leave(job)
            job.state, job.ended = "cancelled", self.now()
        return was_running

    def release(self, job: Job, visitor: str, *, is_stop: bool = False) -> bool:
        """Withdraws one visitor's request; without other visitors the job is cancelled. Returns as `cancel`.

        is_stop: whether they want it to end, and have not only gone to another page.
        """
        if not job.is_active or visitor not in job.visitors:
            return False
        if job.visitors == [visitor]:
            return self.cancel(job, frozenset({person_of(visitor)} if is_stop else ()))
        job.visitors.remove(visitor)
        if person_of(visitor) not in map(person_of, job.visitors):
            self._leave(job, person_of(visitor))
        return False

    def active(self) -> list[Job]:
        """Every job that waits or runs."""
        return [job for job in self._jobs.values() if job.is_active]

    def forget(self) -> None:
        """Drops finished jobs that are old or too many."""
        finished = sorted((job for job in self._jobs.values() if not job.is_active), key=lambda job: job.ended)
        oldest = self.now() - KEEP_SECONDS
        for index, job in enumerate(finished):
            if job.ended < oldest or len(finished) - index > MOST_FINISHED:
                del self._jobs[job.request]

    def _join(self, job: Job, visitor: str) -> None:
        """Appends a job to this person's queue; a shared job starts at the
        earliest of their turns.
        """
        if visitor in job.visitors:
            return
        is_their_first = person_of(visitor) not in map(person_of, job.visitors)
        job.visitors.append(visitor)
        if job.state == "waiting" and is_their_first:
            turns = self._waiting.setdefault((job.policy.noun, job.is_short), {})
            turns.setdefault(person_of(visitor), deque()).append(job)

    def _order(self, policy: Policy, is_short: bool) -> list[Job]:
        """All that wait in the order in which they start: one of each visitor, then the next of each."""
        queues = [list(queue) for queue in self._waiting.get((policy.noun, is_short), {}).values()]
        rounds = itertools.zip_longest(*queues)
        return list(dict.fromkeys(job for each in rounds for job in each if job is not None))

    def _start(self, job: Job) -> Job:
        turns = self._waiting[job.policy.noun, job.is_short]
        visitor = next(name for name, queue in turns.items() if job in queue and queue[0] is job)
        self.begin(job)
        if visitor in turns:
            turns[visitor] = turns.pop(visitor)  # to the end of the round
        return job

    def _leave(self, job: Job, person: str = "") -> None:
        """Removes a job from one person's queue, or from all."""
        turns = self._waiting.get((job.policy.noun, job.is_short), {})
        for name in [person] if person else list(turns):
            if name in turns and job in turns[name]:
                turns[name].remove(job)
                if not turns[name]:
                    del turns[name]
