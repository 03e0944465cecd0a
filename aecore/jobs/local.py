"""LocalExecutor: a pool of worker processes on this machine, for jobs of all kinds."""

from __future__ import annotations

import atexit
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from aecore.jobs.executor import Ending, Listener
from aecore.jobs.kinds import POLICIES
from aecore.jobs.queue import Job, JobQueue, Policy
from aecore.jobs.worker_process import WorkerProcess

FAILED_STARTS = 3
GRACE_SECONDS = 1.0
"""Time for a cancelled job to finish its step before its process is killed."""

CLOSE_SECONDS = 10.0

log = logging.getLogger(__name__)


class LocalExecutor:
    """Warm processes for trainings, others on demand.

    A process serves all policies with the same priority.

    slots: noun of a policy -> how many side by side, if not the policy's own.
    """

    def __init__(self, home: Path, slots: Mapping[str, int] | None = None) -> None:
        self.home = home
        self._slots = dict(slots or {})
        self._lock = threading.RLock()
        self._workers: list[WorkerProcess] = []
        self._listener: Listener | None = None
        self._failed_starts = 0
        self._prepared: set[Policy] = set()
        atexit.register(self.close)

    where = ""
    """Trainings run on this machine."""

    servers = 1
    """Nobody shares it."""

    def open(self, listener: Listener) -> None:
        """Starts the processes that are to be warm."""
        with self._lock:
            self._listener = listener
            for policy in POLICIES:
                for _ in range(self.slots(policy) if policy.is_warm else 0):
                    self._start_worker(policy)

    def slots(self, policy: Policy) -> int:
        """How many long jobs of this policy run side by side."""
        return self._slots.get(policy.noun, policy.at_once)

    def allow(self, policy: Policy, slots: int) -> None:
        """Runs so many jobs of this policy side by side from now on."""
        with self._lock:
            self._slots[policy.noun] = slots
            living = [each for each in self._workers if _are_alike(each.policy, policy)]
            for each in living if slots and not policy.idle_seconds else ():
                if each.idle:
                    each.idle.cancel()
            for _ in range(len(living), slots if policy.is_warm and self._listener else 0):
                self._start_worker(policy)
            unwanted = [] if slots else [each for each in self._workers if each.policy is policy and each.job is None]
        for each in unwanted:
            self._dismiss(each)

    def next(self, queue: JobQueue, policy: Policy) -> Job | None:
        """Takes the job of this policy from the queue that starts now; None if none may."""
        with self._lock:
            return queue.take(policy, self.slots(policy)) if self._is_free(policy) else None

    def place(self, job: Job) -> None:
        """The queue counts them all."""

    def _is_free(self, policy: Policy) -> bool:
        if self._listener is None:
            return False
        if policy.is_warm or self._is_loading(policy):
            return self._idle(policy) is not None
        busy = sum(worker.job is not None and worker.job.policy is policy for worker in self._workers)
        return busy < self.slots(policy) + policy.for_short

    def prepare(self, policy: Policy) -> None:
        """Starts processes for jobs of this policy, and others in their place when they die."""
        with self._lock:
            self._prepared.add(policy)
            ready = sum(_are_alike(worker.policy, policy) for worker in self._workers)
            for _ in range(ready, self.slots(policy) + policy.for_short if self._listener else 0):
                self._start_worker(policy)

    def start(self, job: Job) -> None:
        """Sends it to an idle process, or to a new one."""
        with self._lock:
            worker = self._idle(job.policy) or self._start_worker(job.policy)
            worker.job = job
            if worker.idle:
                worker.idle.cancel()
            if job.policy.seconds:
                worker.deadline = _timer(job.policy.seconds, self._kill, worker, job, True)
            worker.send(job=job.number, kind=job.request[0], arguments=job.request[1:])

    def stop(self, job: Job) -> None:
        """Asks its process to end it, and ends the process if that takes long."""
        with self._lock:
            worker = next((each for each in self._workers if each.job is job), None)
        if worker:
            worker.send(cancel=job.number)
            _timer(GRACE_SECONDS, self._kill, worker, job)

    def is_warm(self) -> bool:
        """Whether a process that loads torch beforehand has done so."""
        with self._lock:
            return any(worker.is_ready and worker.policy.is_warm for worker in self._workers)

    def pids(self) -> dict[int, Job | None]:
        """Process id of each worker -> the job that it runs."""
        with self._lock:
            return {worker.process.pid: worker.job for worker in self._workers}

    def close(self) -> None:
        """Lets trainings write their checkpoints, and waits for all processes to end."""
        with self._lock:
            self._listener = None
            workers, self._workers = self._workers, []
        for worker in workers:
            worker.hang_up()
        for worker in workers:
            try:
                worker.process.wait(timeout=CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.process.kill()

    def _idle(self, policy: Policy) -> WorkerProcess | None:
        """A process that could take a job of this policy now."""
        fitting = [each for each in self._workers if each.job is None and _are_alike(each.policy, policy)]
        return next((each for each in fitting if each.is_ready), None)

    def _is_loading(self, policy: Policy) -> bool:
        """Whether a process that was started ahead will soon take jobs of this policy."""
        fitting = [each for each in self._workers if each.job is None and _are_alike(each.policy, policy)]
        return policy in self._prepared and any(not each.has_worked for each in fitting)

    def _start_worker(self, policy: Policy) -> WorkerProcess:
        """A process in a group of its own, which Ctrl-C of the terminal does not reach, but in the server's session:
        Linux shares the processor between sessions first, and only then by niceness.
        """
        command = [sys.executable, "-m", "aecore.jobs.worker", str(self.home), str(policy.nice)]
        limits = [f"--memory={policy.memory_bytes}"] if policy.memory_bytes else []
        process = subprocess.Popen(
            [*command, *(["--warm"] if policy.is_warm else []), *limits],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, process_group=0,
        )  # fmt: skip
        worker = WorkerProcess(process, policy)
        self._workers.append(worker)
        threading.Thread(target=self._listen, args=(worker,), name=f"worker-{process.pid}", daemon=True).start()
        return worker

    def _listen(self, worker: WorkerProcess) -> None:
        """Handles the events of a worker until it ends."""
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            event, listener, job = json.loads(line), self._listener, worker.job
            if "ready" in event:
                with self._lock:
                    worker.is_ready = worker.has_worked = True
                    self._failed_starts = 0
                if listener:
                    listener.freed()
            elif job is not None and event["job"] == job.number and listener:
                if "error" in event:
                    worker.is_ready = not event.get("leaves", False)
                    self._rest(worker)
                    listener.ended(job, Ending(event["error"]))
                else:
                    listener.progressed(job, event["share"], event["doing"])
        self._bury(worker)

    def _rest(self, worker: WorkerProcess) -> None:
        """Lets an idle worker wait, and end after its idle time."""
        with self._lock:
            worker.job = None
            if worker.deadline:
                worker.deadline.cancel()
            if worker.policy.idle_seconds or not self.slots(worker.policy):
                worker.idle = _timer(worker.policy.idle_seconds, self._dismiss, worker)

    def _dismiss(self, worker: WorkerProcess) -> None:
        with self._lock:
            if worker.job is not None or worker not in self._workers:
                return
            self._workers.remove(worker)
        worker.hang_up()

    def _kill(self, worker: WorkerProcess, job: Job, is_late: bool = False) -> None:
        with self._lock:
            if worker.job is job:
                worker.too_late = job.number if is_late else worker.too_late
                worker.process.kill()

    def _bury(self, worker: WorkerProcess) -> None:
        """Handles the death of a worker: ends its job, and starts another where one is always kept."""
        worker.process.wait()
        if worker.deadline:
            worker.deadline.cancel()
        with self._lock:
            listener = self._listener
            if listener is None or worker not in self._workers:
                return
            self._workers.remove(worker)
            job, worker.job = worker.job, None
            self._failed_starts += worker.policy.is_warm and not worker.is_ready
            if self._failed_starts >= FAILED_STARTS:
                log.error("workers do not start; training is off until the app is restarted")
            elif worker.policy.is_warm:
                if self.slots(worker.policy):
                    self._start_worker(worker.policy)
            elif worker.policy in self._prepared and worker.has_worked:
                self.prepare(worker.policy)
        if job and worker.too_late == job.number:
            listener.ended(job, Ending(f"It took longer than {job.policy.seconds:g} seconds. Bring a part of it."))
        elif job:
            listener.ended(job, Ending(exit_status=worker.process.returncode))
        else:
            listener.freed()


def _timer(seconds: float, then: Callable[..., None], *arguments: object) -> threading.Timer:
    """Calls a function later; a server that ends does not wait for that."""
    timer = threading.Timer(seconds, then, arguments)
    timer.daemon = True
    timer.start()
    return timer


def _are_alike(one: Policy, other: Policy) -> bool:
    """Whether a process of the one may run jobs of the other."""
    return (one.nice, one.is_warm, one.memory_bytes) == (other.nice, other.is_warm, other.memory_bytes)
