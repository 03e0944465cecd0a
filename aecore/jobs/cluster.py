"""ClusterExecutor: trainings and analyses on the nodes of a Ray cluster, everything else on this machine.

Where there is no cluster, or no longer, all of it runs on this machine, and the pages say so. Ray is imported by the
bridge alone, a process of its own (`aecore.jobs.bridge`).
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aecore.jobs.executor import Ending, Executor, Listener
from aecore.jobs.kinds import TRAINING
from aecore.jobs.line import THERE
from aecore.jobs.local import LocalExecutor
from aecore.jobs.queue import Job, JobQueue, Policy, person_of

BRIDGE = "aecore.jobs.bridge"
"""The module that speaks with the cluster, run as a process."""

ADDRESS = "AECORE_CLUSTER"
"""The environment variable with the address of the cluster: auto, local, ray://host:port or host:port."""

CLOSE_SECONDS = 10.0
REJOIN_SECONDS = (10.0, 60.0)
"""After which a lost cluster is looked for again, at first and from the sixth time on."""

LOST = "The cluster was lost. Continue from the last checkpoint: it then trains on this machine."

log = logging.getLogger(__name__)


def executor_for(home: Path, slots: Mapping[str, int] | None = None) -> Executor:
    """The executor of this server: a cluster's where `AECORE_CLUSTER` names one, else processes of this machine.

    slots: noun of a policy -> how many side by side on this machine, if not the policy's own.
    """
    address = os.environ.get(ADDRESS, "").strip()
    return ClusterExecutor(home, address, slots) if address else LocalExecutor(home, slots)


class ClusterExecutor:
    """The server's end of the bridge.

    slots: noun of a policy -> how many side by side on this machine, if not the policy's own.
    """

    def __init__(self, home: Path, address: str, slots: Mapping[str, int] | None = None) -> None:
        self.home, self.address = home, address
        self._usual = dict(slots or {})
        self.local = LocalExecutor(home, self._usual | {TRAINING.noun: 0})
        self._lock = threading.RLock()
        self._bridge: subprocess.Popen[str] | None = None
        self._listener: Listener | None = None
        self._jobs: dict[int, Job] = {}
        self._slots, self._nodes, self._lost = 0, 0, ""
        self._turns: frozenset[int] = frozenset()
        self._places: dict[int, int] = {}
        self._waiting: list[list[object]] = []
        self._servers, self._tries, self._is_final = 1, 0, False
        atexit.register(self.close)

    def open(self, listener: Listener) -> None:
        """Joins the cluster, in a process of its own, and prepares this machine for the rest."""
        self.local.open(listener)
        with self._lock:
            self._listener = listener
        self._join()

    def _join(self) -> None:
        with self._lock:
            if self._listener is None:
                return
            self._bridge = subprocess.Popen(
                [sys.executable, "-m", BRIDGE, str(self.home), self.address],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, process_group=0,
            )  # fmt: skip
        threading.Thread(target=self._listen, args=(self._bridge,), name="bridge", daemon=True).start()

    @property
    def where(self) -> str:
        """Where trainings run, as a sentence: "" while that is not known yet."""
        with self._lock:
            if self._lost:
                return f"{self._lost} Trainings run on this machine{'' if self._is_final else ' until it is there'}."
            if not self._slots:
                return ""
            nodes = f"{self._nodes} node{'s' * (self._nodes != 1)}"
            shared = f", shared by {self._servers} servers" if self._servers > 1 else ""
            return f"Trainings run on a cluster: {nodes}, {self._slots} at a time{shared}."

    def slots(self, policy: Policy) -> int:
        """How many long jobs of this policy run side by side."""
        with self._lock:
            return self._slots if self._goes_there(policy) else self.local.slots(policy)

    def next(self, queue: JobQueue, policy: Policy) -> Job | None:
        """Takes a job from the queue whose turn it is in the line of all servers, which hears what waits here."""
        with self._lock:
            if not self._goes_there(policy):
                return self.local.next(queue, policy)
            kinds = ((each, is_short) for each in THERE for is_short in (True, False))
            waiting = [job for each, short in kinds for job in queue.running_and_waiting(each, is_short=short)[1]]
            for job in waiting if self._listener else ():
                if job.policy is policy and job.number in self._turns:
                    queue.begin(job)
                    return job
            wanted = [_wanted(job) for job in waiting]
            if wanted != self._waiting and self._slots:
                self._waiting = wanted
                self._send(waiting=wanted)
            return None

    def place(self, job: Job) -> int | None:
        """How many jobs of all servers start before a waiting one; None where that is not known, or the queue knows."""
        with self._lock:
            return self._places.get(job.number) if self._goes_there(job.policy) else None

    @property
    def servers(self) -> int:
        """How many servers share the cluster."""
        return self._servers

    def prepare(self, policy: Policy) -> None:
        """Keeps processes ready on this machine; those of the cluster come when there is work."""
        with self._lock:
            if not self._goes_there(policy):
                self.local.prepare(policy)

    def start(self, job: Job) -> None:
        """Has the cluster, or this machine, run it."""
        with self._lock:
            if not self._goes_there(job.policy):
                self.local.start(job)
                return
            self._jobs[job.number] = job
            self._send(job=job.number, kind=job.request[0], arguments=job.request[1:], wanted=_wanted(job))

    def stop(self, job: Job) -> None:
        """Ends it soon; what it has done is brought home."""
        with self._lock:
            if job.number in self._jobs:
                self._send(cancel=job.number)
                return
        self.local.stop(job)

    def is_warm(self) -> bool:
        """Whether a training could begin without loading torch first."""
        with self._lock:
            return self.local.is_warm() if self._lost else self._slots > 0

    def pids(self) -> dict[int, Job | None]:
        """Process id of each worker of this machine -> the job that it runs."""
        return self.local.pids()

    def close(self) -> None:
        """Lets trainings write their checkpoints, and brings these home."""
        with self._lock:
            self._listener, bridge, self._bridge = None, self._bridge, None
        if bridge and bridge.stdin:
            with suppress(OSError):
                bridge.stdin.close()
        self.local.close()
        if bridge:
            try:
                bridge.wait(timeout=CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                bridge.kill()

    def _goes_there(self, policy: Policy) -> bool:
        return not self._lost and policy in THERE

    def _send(self, **message: object) -> None:
        """Sends one command; a bridge that has just died is noticed by the thread that listens to it."""
        assert self._bridge is not None
        assert self._bridge.stdin is not None
        with suppress(OSError, ValueError):
            self._bridge.stdin.write(json.dumps(message) + "\n")
            self._bridge.stdin.flush()

    def _listen(self, bridge: subprocess.Popen[str]) -> None:
        """Handles what the bridge says until it ends; then the cluster is lost."""
        assert bridge.stdout is not None
        why, is_final = "The cluster was lost.", False
        for line in bridge.stdout:
            event, listener = json.loads(line), self._listener
            if "lost" in event:
                why, is_final = event["lost"], event["is_final"]
            elif "ready" in event or "turns" in event:
                self._note(event)
                if listener:
                    listener.freed()
            else:
                self._pass_on(event, listener)
        bridge.wait()
        self._fall_back(why, is_final)

    def _note(self, event: dict[str, Any]) -> None:
        """How large the cluster is, or whose turn it is there."""
        with self._lock:
            if "ready" in event:
                self._slots, self._nodes, self._tries = event["slots"], event["nodes"], 0
                if self._lost:
                    log.warning("the cluster at %s is back", self.address)
                    self._lost = ""
                    self.local.allow(TRAINING, 0)
            else:
                self._turns, self._servers = frozenset(event["turns"]), event["servers"]
                self._places = dict(event["places"])

    def _pass_on(self, event: dict[str, object], listener: Listener | None) -> None:
        with self._lock:
            number = int(str(event["job"]))
            job = self._jobs.pop(number, None) if "error" in event else self._jobs.get(number)
        if job is None or listener is None:
            return
        if "error" in event:
            listener.ended(job, Ending(str(event["error"])))
        else:
            listener.progressed(job, float(str(event["share"])), str(event["doing"]))

    def _fall_back(self, why: str, is_final: bool) -> None:
        """Goes on with this machine alone until the cluster is back; what ran there has ended."""
        with self._lock:
            listener, jobs, self._jobs = self._listener, list(self._jobs.values()), {}
            if listener is None:
                return
            is_news = not self._lost
            self._lost, self._bridge, self._slots, self._servers = why, None, 0, 1
            self._turns, self._places, self._waiting = frozenset(), {}, []
            self._tries, self._is_final = self._tries + 1, is_final
        if is_news:
            log.error("%s Trainings run on this machine.", why)
            self.local.allow(TRAINING, self._usual.get(TRAINING.noun, TRAINING.at_once))
        if not is_final:
            again = threading.Timer(REJOIN_SECONDS[self._tries > 5], self._join)
            again.daemon = True
            again.start()
        for job in jobs:
            listener.ended(job, Ending(LOST, exit_status=1))
        listener.freed()


def _wanted(job: Job) -> list[object]:
    """A job as the line is told of it; of a run, one server trains it at a time."""
    persons = list(dict.fromkeys(map(person_of, job.visitors)))
    name = str(job.request[1]) if job.policy is TRAINING else ""
    return [job.number, job.policy.noun, job.is_short, persons, name]
