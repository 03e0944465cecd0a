"""Jobs: the scheduler of a server, which also updates the folders of runs;
pause and stop are requests in these folders.
"""

from __future__ import annotations

import logging
import time

from aecore.jobs.executor import Ending, Executor
from aecore.jobs.kinds import TRAINING, training_kind
from aecore.jobs.queue import Job, Request
from aecore.jobs.scheduler import Scheduler, how
from aecore.runs.requests import WITHDRAWN, Action, ask
from aecore.runs.store import INTERRUPTED, RunError, RunStore

log = logging.getLogger(__name__)

EARLIER = "earlier"
"""The visitor assigned to runs that an earlier server left in the queue."""


class Jobs(Scheduler):
    """Trains runs by their ids, and runs all other jobs by their requests."""

    def __init__(self, store: RunStore, executor: Executor) -> None:
        super().__init__(executor)
        self.store = store

    def open(self) -> None:
        """Starts the workers, marks interrupted runs of an earlier server, and queues its waiting runs again."""
        with self._lock:
            if not self._is_open:
                for run in self.store.mend(frozenset(str(job.request[1]) for job in self._trainings())):
                    self.queue.submit((training_kind(run), run.id), EARLIER, TRAINING, is_bounded=False)
        super().open()

    def train(self, run_id: str, visitor: str) -> None:
        """Puts a run in the queue. QueueFull as `check_room_for_runs` says; nothing is changed then."""
        with self._lock:
            run = self.store.get(run_id)
            request = self._request(run_id) or (training_kind(run), run_id)
            job = self.queue.find(request)
            if job and job.state == "running" and not run.status.is_active:
                self.queue.end(job)  # its worker is about to report this
            if job is None or not job.is_active:
                self.check_room(visitor, TRAINING)
            if not run.status.is_active:
                self.store.update(run_id, state="queued", message="")
            self.queue.submit(request, visitor, TRAINING)
        self.freed()

    def check_room_for_runs(self, visitor: str, count: int = 1) -> None:
        """QueueFull unless `count` more runs may wait."""
        self.check_room(visitor, TRAINING, count)

    def place_of_run(self, run_id: str) -> int:
        """How many runs will start before this one; 0 for the next, -1 if it is not waiting."""
        with self._lock:
            request = self._request(run_id)
            job = self.queue.find(request) if request else None
            return self.queue.place(job) if job else -1

    def is_known(self, run_id: str) -> bool:
        """Whether the run waits or trains here."""
        with self._lock:
            return self._request(run_id) is not None

    @property
    def size(self) -> int:
        """How many runs train side by side."""
        return self.executor.slots(TRAINING)

    def is_warm(self) -> bool:
        """Whether some worker is ready to train."""
        return self.executor.is_warm()

    def pause(self, run_id: str) -> None:
        """Requests that the run pauses with a checkpoint. RunError if it neither trains nor waits."""
        self._ask(run_id, "pause")

    def stop(self, run_id: str) -> None:
        """Requests that the run stops here and is measured. RunError if it neither trains nor waits."""
        self._ask(run_id, "stop")

    def pids(self) -> dict[int, str]:
        """Process id of each worker that trains runs -> the run it trains, or an empty text."""
        found = self.executor.pids().items()
        return {pid: str(job.request[1]) if job else "" for pid, job in found if job is None or job.policy is TRAINING}

    def ended(self, job: Job, ending: Ending) -> None:
        """Ends a job on the executor's word. A run whose worker has died is marked as interrupted."""
        if job.policy is TRAINING and ending.exit_status is not None:
            self._mark_interrupted(str(job.request[1]), ending.exit_status)
        super().ended(job, ending)

    def _ask(self, run_id: str, action: Action) -> None:
        with self._lock:
            request = self._request(run_id)
            job = self.queue.find(request) if request else None
            if job and job.state == "waiting":
                self.queue.cancel(job)
                self.store.update(run_id, state="paused", message=WITHDRAWN)
                return
        ask(self.store, run_id, action)

    def _request(self, run_id: str) -> Request | None:
        """The request under which the run waits or trains here."""
        return next((job.request for job in self._trainings() if job.request[1] == run_id), None)

    def _trainings(self) -> list[Job]:
        return [job for job in self.queue.active() if job.policy is TRAINING]

    def _mark_interrupted(self, run_id: str, exit_status: int) -> None:
        reason = f"The process that trained it ended unexpectedly ({how(exit_status)}). {INTERRUPTED}"
        try:
            if self.store.get(run_id).status.is_active:
                self.store.update(run_id, state="interrupted", message=reason, finished=time.time())
        except (RunError, OSError):
            log.exception("run %s could not be marked as interrupted", run_id)
