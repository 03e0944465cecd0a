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

from aecore.jobs.executor import Ending, Executor, Listener
from aecore.jobs.kinds import ANALYSIS, MAP, TRAINING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.queue import Job, Policy

BRIDGE = "aecore.jobs.bridge"
"""The module that speaks with the cluster, run as a process."""

ADDRESS = "AECORE_CLUSTER"
"""The environment variable with the address of the cluster: auto, local, ray://host:port or host:port."""

THERE = (TRAINING, ANALYSIS, MAP)
"""What runs on the cluster."""

CLOSE_SECONDS = 10.0
LOST = "The cluster was lost. Continue from the last checkpoint: it then trains on this machine."

log = logging.getLogger(__name__)


def executor_for(home: Path) -> Executor:
    """The executor of this server: a cluster's where `AECORE_CLUSTER` names one, else processes of this machine."""
    address = os.environ.get(ADDRESS, "").strip()
    return ClusterExecutor(home, address) if address else LocalExecutor(home)


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
        atexit.register(self.close)

    def open(self, listener: Listener) -> None:
        """Joins the cluster, in a process of its own, and prepares this machine for the rest."""
        self.local.open(listener)
        with self._lock:
            self._listener = listener
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
                return f"{self._lost} Trainings run on this machine."
            if not self._slots:
                return ""
            nodes = f"{self._nodes} node{'s' * (self._nodes != 1)}"
            return f"Trainings run on a cluster: {nodes}, {self._slots} at a time."

    def slots(self, policy: Policy) -> int:
        """How many long jobs of this policy run side by side."""
        with self._lock:
            return self._slots if self._goes_there(policy) else self.local.slots(policy)

    def is_free(self, policy: Policy) -> bool:
        """Whether a job could start at once."""
        with self._lock:
            if not self._goes_there(policy):
                return self.local.is_free(policy)
            return self._listener is not None and len(self._jobs) < self._slots

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
            self._send(job=job.number, kind=job.request[0], arguments=job.request[1:])

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
        why = "The cluster was lost."
        for line in bridge.stdout:
            event, listener = json.loads(line), self._listener
            if "lost" in event:
                why = event["lost"]
            elif "ready" in event:
                with self._lock:
                    self._slots, self._nodes = event["slots"], event["nodes"]
                if listener:
                    listener.freed()
            else:
                self._pass_on(event, listener)
        bridge.wait()
        self._fall_back(why)

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

    def _fall_back(self, why: str) -> None:
        """Goes on with this machine alone; what ran on the cluster has ended."""
        with self._lock:
            listener, jobs, self._jobs = self._listener, list(self._jobs.values()), {}
            if listener is None:
                return
            self._lost, self._bridge = why, None
        log.error("%s Trainings run on this machine.", why)
        self.local.allow(TRAINING, self._usual.get(TRAINING.noun, TRAINING.at_once))
        for job in jobs:
            listener.ended(job, Ending(LOST, exit_status=1))
        listener.freed()
