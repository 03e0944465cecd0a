"""Scheduler: connects the queue with an executor. Equal requests share a job."""

from __future__ import annotations

import threading
from itertools import product

from aecore.jobs.executor import Ending, Executor
from aecore.jobs.expectation import starts
from aecore.jobs.kinds import POLICIES, kind_of
from aecore.jobs.queue import Job, JobQueue, Policy, Request, person_of
from aecore.jobs.turns import late


class Scheduler:
    """Queues jobs and starts them. Methods may be called from any thread."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.queue = JobQueue()
        self._lock = threading.RLock()
        self._some_ended = threading.Condition(self._lock)
        self._is_open = False

    def open(self) -> None:
        """Starts the warm processes, and then the waiting jobs."""
        with self._lock:
            if not self._is_open:
                self._is_open = True
                self.executor.open(self)
        self.freed()

    @property
    def is_open(self) -> bool:
        """Whether jobs are started."""
        return self._is_open

    def close(self) -> None:
        """At the server's end: trainings write their checkpoints."""
        with self._lock:
            self._is_open = False
        self.executor.close()

    def submit(self, request: Request, visitor: str) -> Job:
        """Queues a job, or joins an active one of the same request. QueueFull if too many wait."""
        kind = kind_of(request)
        with self._lock:
            is_short = kind.is_short(request[1:])
            job = self.queue.submit(request, visitor, kind.policy, is_short=is_short, seconds=kind.seconds)
        self.freed()
        self.end_late()
        return job

    def end_late(self) -> None:
        """Ends jobs that have had their time, so that analyses take turns."""
        with self._lock:
            for policy, is_short in product(POLICIES, (False, True)):
                running, waiting = self.queue.running_and_waiting(policy, is_short=is_short)
                for job, error in late(running, waiting, self.queue.now()).items():
                    self.queue.end(job, error)
                    self.executor.stop(job)
                    self._some_ended.notify_all()

    def check_room(self, visitor: str, policy: Policy, count: int = 1) -> None:
        """QueueFull unless `count` more jobs may wait."""
        with self._lock:
            self.queue.check_room(visitor, policy, count)

    def find(self, request: Request) -> Job | None:
        """The newest job of that request; None if there is none, or it was finished long ago."""
        with self._lock:
            return self.queue.find(request)

    def is_active(self, request: Request) -> bool:
        """Whether a job of that request waits or runs."""
        job = self.find(request)
        return job is not None and job.is_active

    def join(self, request: Request, visitor: str) -> Job | None:
        """The active job of that request, which this visitor shares from now on; None if there is none."""
        with self._lock:
            job = self.queue.find(request)
            return self.submit(request, visitor) if job and job.is_active else None

    def wait(self, job: Job, seconds: float) -> bool:
        """Waits until the job has ended, at most so long; returns whether it has."""
        with self._lock:
            return self._some_ended.wait_for(lambda: not job.is_active, seconds)

    def place(self, job: Job) -> int:
        """How many jobs start before this one; 0 for the next, -1 if it does not wait."""
        with self._lock:
            place = self.queue.place(job)
            shared = self.executor.place(job) if place >= 0 else None
            return place if shared is None else shared

    def ahead(self, job: Job) -> int:
        """How many jobs come first: those that start before this one, and one that has to end."""
        with self._lock:
            place = self.place(job)
            is_running = self._shares_slots(job) or any(
                each.state == "running" and each.policy is job.policy for each in self.queue.active()
            )
            return max(0, place) + (place >= 0 and is_running)

    def expected_wait(self, job: Job) -> float | None:
        """About how many seconds until this job starts, by the progress of those that run; None if unknown."""
        with self._lock:
            if self.executor.servers > 1 or self._shares_slots(job):
                return None  # how long the jobs of others take, or which of them ends first, is not known here
            running, waiting = self.queue.running_and_waiting(job.policy, is_short=job.is_short)
            slots = job.policy.for_short if job.is_short else self.executor.slots(job.policy)
            found = starts([each.seconds_left for each in running], [None] * len(waiting), slots)
            return found[waiting.index(job)] if job in waiting else None

    def _shares_slots(self, job: Job) -> bool:
        """Whether it waits for the end of a job of any policy, in a line that all share."""
        return self.executor.place(job) is not None

    def cancel(self, request: Request, visitor: str = "") -> None:
        """Cancels a job for all its visitors, in the name of one; its results so far are kept."""
        with self._lock:
            job = self.queue.find(request)
            if job and self.queue.cancel(job, frozenset(map(person_of, [*job.visitors, visitor]))):
                self.executor.stop(job)
        self.freed()

    def release(self, request: Request, visitor: str, *, is_stop: bool = False) -> None:
        """Withdraws one visitor's request; the job is cancelled if it has no other visitor. is_stop: see the queue."""
        with self._lock:
            job = self.queue.find(request)
            if job and self.queue.release(job, visitor, is_stop=is_stop):
                self.executor.stop(job)
        self.freed()

    def begins(self, request: Request, visitor: str) -> bool:
        """Whether a page that shows the result asks for it by itself: no job is known, or only others ended it."""
        job = self.find(request)
        return job is None or (job.state == "cancelled" and person_of(visitor) not in job.stopped_by)

    def progressed(self, job: Job, share: float, doing: str) -> None:
        """Records progress from the executor."""
        with self._lock:
            job.share, job.doing = share, doing

    def ended(self, job: Job, ending: Ending) -> None:
        """Ends a job on the executor's word and starts the next."""
        died = (
            ""
            if ending.exit_status is None or ending.error
            else f"The process that ran it ended unexpectedly ({how(ending.exit_status)}). "
        )
        with self._lock:
            self.queue.end(job, died + "Try again, or ask for less." if died else ending.error)
            self._some_ended.notify_all()
        self.freed()

    def freed(self) -> None:
        """Starts whatever may start now."""
        with self._lock:
            for policy in POLICIES if self._is_open else ():
                while job := self.executor.next(self.queue, policy):
                    self.executor.start(job)


def how(exit_status: int) -> str:
    """Describes how a process ended."""
    if exit_status == -9:
        return "it was killed, perhaps because memory ran out"
    return f"signal {-exit_status}" if exit_status < 0 else f"exit status {exit_status}"
