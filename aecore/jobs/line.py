"""The one line in which the jobs of all servers of a cluster wait: people take turns, at whichever server they are.

Each server says again and again what of its own waits and runs there, and hears whose turn it is. So the line can be
lost with its node and begun anew: it then knows everything again after one round. It is an actor with a name, of the
server that came first; where no cluster holds one, a server has a line of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aecore.jobs.kinds import ANALYSIS, MAP, TRAINING
from aecore.jobs.queue import Job, JobQueue, Policy

THERE = (TRAINING, ANALYSIS, MAP)
"""What runs on a cluster."""

SILENT_SECONDS = 75.0
"""A server that says nothing for so long is gone. Longer than a seat works for nobody: no run is trained twice."""

QUIET_SECONDS = 15.0
"""What waits at a server that says nothing for so long loses its place: nobody would take its turn."""

GATHER_SECONDS = 1.0
"""A line that takes the place of a lost one hears so long what runs before it gives turns."""


@dataclass(frozen=True)
class Wanted:
    """A job of a server. noun: of its policy. name: of what only one may do at a time, a run's id; "" for nothing."""

    number: int
    noun: str
    is_short: bool
    persons: tuple[str, ...]
    name: str = ""
    is_running: bool = False


@dataclass(frozen=True)
class Turns:
    """What a server hears. granted: numbers of its jobs that may run. places: number of each other one -> how many jobs
    start before it. servers: how many share the line. seats: how many this server may hold, with those that have no
    work now; None for any number.
    """

    granted: tuple[int, ...] = ()
    places: dict[int, int] = field(default_factory=dict)
    servers: int = 1
    seats: int | None = None


class Line:
    """A fair queue over servers, which are told apart by any texts of their own."""

    def __init__(
        self, policies: Sequence[Policy], *, is_new: bool = True, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.policies, self.now = {each.noun: each for each in policies}, now
        self._queue = JobQueue(now)
        self._jobs: dict[tuple[str, int], Job] = {}
        self._names: dict[str, tuple[str, int]] = {}
        self._heard: dict[str, float] = {}
        self._opens = now() + (0.0 if is_new else GATHER_SECONDS)

    def report(self, server: str, wanted: Sequence[Wanted], slots: int) -> Turns:
        """Takes in what a server wants, all of it each time, and says whose turn it is.

        slots: how many jobs of all servers may run at a time.
        """
        self._heard[server] = self.now()
        self._forget_the_silent()
        numbers = {each.number for each in wanted}
        for key in [key for key in self._jobs if key[0] == server and key[1] not in numbers]:
            self._drop(key)
        for each in wanted:
            self._take_in(server, each)
        if self.now() >= self._opens:
            self._give_turns(slots)
        own = {number: job for (name, number), job in self._jobs.items() if name == server}
        return Turns(
            tuple(number for number, job in own.items() if job.state == "running"),
            {number: self._queue.place(job) for number, job in own.items() if job.state == "waiting"},
            len(self._heard),
            max(0, slots - sum(job.state == "running" for (name, _), job in self._jobs.items() if name != server)),
        )

    def leave(self, server: str) -> None:
        """Forgets a server and its jobs."""
        self._heard.pop(server, None)
        for key in [key for key in self._jobs if key[0] == server]:
            self._drop(key)

    def _forget_the_silent(self) -> None:
        silent = {name: self.now() - heard for name, heard in self._heard.items()}
        for server, seconds in silent.items():
            if seconds > SILENT_SECONDS:
                self.leave(server)
            elif seconds > QUIET_SECONDS:
                for key in [key for key, job in self._jobs.items() if key[0] == server and job.state == "waiting"]:
                    self._drop(key)

    def _take_in(self, server: str, wanted: Wanted) -> None:
        key, policy = (server, wanted.number), self.policies[wanted.noun]
        holder = self._names.get(wanted.name, key)
        if holder != key and not wanted.is_running:
            return  # another server does it; a place comes when that one has ended
        request = ("job", server, wanted.number)
        for person in wanted.persons:
            self._jobs[key] = self._queue.submit(request, person, policy, is_short=wanted.is_short, is_bounded=False)
        job = self._jobs[key]
        for person in set(job.visitors) - set(wanted.persons):
            self._queue.release(job, person)
        if wanted.name:
            self._names[wanted.name] = key
        if wanted.is_running and job.state == "waiting":
            self._queue.begin(job)

    def _give_turns(self, slots: int) -> None:
        running = sum(job.state == "running" for job in self._jobs.values())
        for policy in self.policies.values():
            while running < slots and self._queue.take(policy, slots):
                running += 1

    def _drop(self, key: tuple[str, int]) -> None:
        job = self._jobs.pop(key)
        if job.state == "running":
            self._queue.end(job)
        else:
            self._queue.cancel(job)
        self._names = {name: holder for name, holder in self._names.items() if holder != key}
