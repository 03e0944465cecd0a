"""Executor: the interface of what runs jobs, for instance processes of this machine or a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aecore.jobs.queue import Job, JobQueue, Policy


@dataclass(frozen=True)
class Ending:
    """How a job ended. error: "" or a sentence; exit_status: of the process, if it died, or 1 where what ran it was
    lost with it, which `error` then says.
    """

    error: str = ""
    exit_status: int | None = None


class Listener(Protocol):
    """Receives events of jobs; called from any thread, never while the executor holds a lock of its own."""

    def progressed(self, job: Job, share: float, doing: str) -> None:
        """The job has come this far: share from 0 to 1."""

    def ended(self, job: Job, ending: Ending) -> None:
        """The job is over, and its slot is free."""

    def freed(self) -> None:
        """A slot may have become free."""


class Executor(Protocol):
    """Runs jobs and tells a listener. Methods may be called from any thread."""

    @property
    def where(self) -> str:
        """Where trainings run, as a sentence; "" for this machine."""

    def open(self, listener: Listener) -> None:
        """Prepares to run jobs."""

    def slots(self, policy: Policy) -> int:
        """How many long jobs of this policy run side by side; 0 if none ever starts."""

    def next(self, queue: JobQueue, policy: Policy) -> Job | None:
        """Takes the job of this policy from the queue that starts now; None if none may."""

    def place(self, job: Job) -> int | None:
        """How many jobs start before a waiting one, where more than this queue counts; None where it says so itself."""

    @property
    def servers(self) -> int:
        """How many servers share what runs jobs."""

    def prepare(self, policy: Policy) -> None:
        """Keeps processes ready for jobs of this policy, so that these need not wait for one to start."""

    def start(self, job: Job) -> None:
        """Runs what `next` has taken."""

    def stop(self, job: Job) -> None:
        """Ends it soon; its results so far are kept."""

    def is_warm(self) -> bool:
        """Whether a process that loads torch beforehand has done so."""

    def pids(self) -> dict[int, Job | None]:
        """Process id of each worker -> the job that it runs."""

    def close(self) -> None:
        """Lets trainings write their checkpoints, and ends everything."""
