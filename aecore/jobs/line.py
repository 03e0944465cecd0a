"""The one line in which the jobs of all servers of a cluster wait: people take turns, at whichever server they are.

Each server says again and again what of its own waits and runs there, and hears whose turn it is. So the line can be
lost with its node and begun anew: it then knows everything again after one round. It is an actor with a name, of the
server that came first; where no cluster holds one, a server has a line of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from aecore.jobs.kinds import ANALYSIS, MAP, TRAINING
from aecore.jobs.queue import Job, JobQueue, Policy

THERE = (TRAINING, ANALYSIS, MAP)
"""What runs on a cluster."""

SHARE = 4
"""One of so many slots, and one at least, is for analyses and maps while trainings wait: somebody watches them."""

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
    of its sort start before it. servers: how many share the line. seats: how many this server may hold, with those
    that have no work now; None for any number.
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
        self._given: list[tuple[str, bool]] = []
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
        running = [job for job in self._jobs.values() if job.state == "running"]
        while len(running) < slots and (sort := self._next_sort(slots, running)):
            noun, is_short = sort
            policy = replace(self.policies[noun], for_short=slots if is_short else 0)  # which of the two comes first
            job = self._queue.take(policy, slots)
            assert job is not None
            running.append(job)
            self._given = [*(each for each in self._given if each != sort), sort]

    def _next_sort(self, slots: int, running: Sequence[Job]) -> tuple[str, bool] | None:
        """Of which policy, and whether short, the job is that begins now; None if nothing waits.

        Analyses and maps first, up to their share, so that they wait for the end of one training at most; where a
        single slot is for all, they and trainings take turns. Among analyses and maps, short ones and long ones, it
        is a job of the sort of which the fewest run, or whose turn was longest ago.
        """
        waiting = [
            (noun, is_short)
            for noun, policy in self.policies.items()
            for is_short in (True, False)
            if self._queue.running_and_waiting(policy, is_short=is_short)[1]
        ]
        trainings = [each for each in waiting if each[0] == TRAINING.noun]
        others = [each for each in waiting if each[0] != TRAINING.noun]
        if trainings and others:
            of_others = [job for job in running if job.policy.noun != TRAINING.noun]
            if slots > 1:
                is_theirs = len(of_others) < max(1, slots // SHARE)
            else:
                is_theirs = not self._given or self._given[-1][0] == TRAINING.noun
            waiting = others if is_theirs else trainings

        def busy_and_served(sort: tuple[str, bool]) -> tuple[int, int]:
            count = sum((job.policy.noun, job.is_short) == sort for job in running)
            return count, self._given.index(sort) if sort in self._given else -1

        return min(waiting, key=busy_and_served, default=None)

    def _drop(self, key: tuple[str, int]) -> None:
        job = self._jobs.pop(key)
        if job.state == "running":
            self._queue.end(job)
        else:
            self._queue.cancel(job)
        self._names = {name: holder for name, holder in self._names.items() if holder != key}
