"""Jobs: the scheduler of a server, which also updates the folders of runs;
pause and stop are requests in these folders.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from filelock import FileLock, Timeout

from aecore.jobs.charges import Charges, has_waited, trained_elsewhere, wait_again
from aecore.jobs.executor import Ending, Executor
from aecore.jobs.expectation import seconds_left, starts
from aecore.jobs.kinds import TRACKING, TRAINING, training_kind
from aecore.jobs.queue import Job, Request
from aecore.jobs.scheduler import Scheduler, how
from aecore.jobs.sweeping import Sweeping
from aecore.jobs.tracking import TRACKER, is_to_be_logged, left_over
from aecore.runs.requests import Action, ask
from aecore.runs.store import INTERRUPTED, Run, RunError, RunStore

log = logging.getLogger(__name__)

EARLIER = "earlier"
"""The visitor assigned to runs in the queue of an earlier server of which nobody knows who asked for them."""

REPAIR_SECONDS = 60.0
"""How often a server looks for runs whose trainer has died, and how long a waiting run must have waited for it."""

WAITS_SECONDS = 2.0
"""How long expected waits are given out again: they are computed from the folders of all runs in the queue."""

SWEEP_SECONDS = 0.5
"""How often the runs of sweeps are looked after; early stopping comes that much late at most."""

FIRST_TIDYING_SECONDS = 15.0
"""After its start, a server has other things to do."""


class Jobs(Scheduler):
    """Trains runs by their ids, and runs all other jobs by their requests."""

    def __init__(self, store: RunStore, executor: Executor) -> None:
        super().__init__(executor)
        self.store = store
        self._lease = FileLock(store.folder.parent / ".server.lock", thread_local=False)
        self._closing = threading.Event()
        self.charges = Charges(store.folder.parent)
        self.sweeps = Sweeping(self)
        self._waits: dict[str, float | None] = {}
        self._waits_at = -math.inf
        self.tidying: list[Callable[[], object]] = []
        """What else is done every minute, and soon after the start."""

    def open(self) -> None:
        """Starts the workers, marks interrupted runs of an earlier server, and queues its waiting runs again.

        From then on, `repair` does the same every minute.
        """
        with self._lock:
            if not self._is_open:
                self._closing.clear()
                self._serves_the_home()
                self.charges.open()
                self._take_over(self.store.mend(self._known()))
                for run_id in left_over(self.store) if self._serves_the_home() else ():
                    self._log(run_id)
                for each in (self._repair_for_ever, self._sweep_for_ever):
                    threading.Thread(target=each, name=each.__name__, daemon=True).start()
        super().open()

    def close(self) -> None:
        """At the server's end: trainings write their checkpoints, and another server may take over the queue."""
        self._closing.set()
        super().close()
        self.charges.close()
        self._lease.release(force=True)

    def repair(self) -> None:
        """Marks runs as interrupted whose trainer has died or could not say so on a full disk, and queues those that
        wait in no queue, and those of another server that has ended. Then does what else is to be done every minute.
        """
        with self._lock:
            self._take_over([run for run in self.store.mend(self._known()) if has_waited(run, REPAIR_SECONDS)])
            if self._serves_the_home():
                self._take_over(wait_again(self.store, self.charges.left()))
            for job in trained_elsewhere(self.store, self._trainings()):
                self.queue.cancel(job)
        self.tidy()
        self.end_late()
        self.freed()

    def tidy(self) -> None:
        """Does what else is to be done every minute."""
        for each in self.tidying:
            try:
                each()
            except Exception:
                log.exception("the home could not be tidied")

    def _repair_for_ever(self) -> None:
        if not self._closing.wait(FIRST_TIDYING_SECONDS):
            self.tidy()
        while not self._closing.wait(REPAIR_SECONDS):
            try:
                self.repair()
            except Exception:
                log.exception("the runs could not be looked through")

    def _sweep_for_ever(self) -> None:
        while not self._closing.wait(SWEEP_SECONDS):
            try:
                if any(sweep.is_running for sweep in self.sweeps.store.list()) and self._serves_the_home():
                    self.sweeps.tick()
            except Exception:
                log.exception("the sweeps could not be looked after")
                self._closing.wait(REPAIR_SECONDS)  # a full disk is full for longer than half a second

    def _take_over(self, runs: list[Run]) -> None:
        """Queues waiting runs, unless they are in the queue of another server of this home."""
        if runs and self._serves_the_home():
            for run in runs:
                with suppress(RunError):  # of a kind that this version cannot train
                    request = (training_kind(run), run.id)
                    self.queue.submit(request, run.status.owner or EARLIER, TRAINING, is_bounded=False)

    def freed(self) -> None:
        """Starts whatever may start now, and notes for other servers what this one has in its charge."""
        super().freed()
        with self._lock:
            self.charges.note(self._known())

    def _serves_the_home(self) -> bool:
        """Whether this server has the home's lease; the system ends it with the process."""
        with suppress(Timeout, OSError):
            self.store.folder.parent.mkdir(parents=True, exist_ok=True)
            if not self._lease.is_locked:
                self._lease.acquire(timeout=0)
        return self._lease.is_locked

    def _known(self) -> frozenset[str]:
        return frozenset(str(job.request[1]) for job in self._trainings())

    def train(self, run_id: str, visitor: str) -> None:
        """Puts a run in the queue, in this visitor's turn. QueueFull as `check_room_for_runs` says; nothing is changed
        then.
        """
        with self._lock:
            run = self.store.get(run_id)
            self.store.lock(run_id)  # refuses a run behind a link
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

    def waiting_runs(self) -> list[list[str]]:
        """The visitors who have asked for each run that waits."""
        with self._lock:
            return [list(job.visitors) for job in self._trainings() if job.state == "waiting"]

    def place_of_run(self, run_id: str) -> int:
        """How many runs will start before this one; 0 for the next, -1 if it is not waiting."""
        with self._lock:
            request = self._request(run_id)
            job = self.queue.find(request) if request else None
            return self.place(job) if job else -1

    def expected_wait_of_run(self, run_id: str) -> float | None:
        """About how many seconds until a waiting run starts, by what is left of those before it; None if unknown."""
        if time.monotonic() - self._waits_at > WAITS_SECONDS:
            self._waits, self._waits_at = self._expected_waits(), time.monotonic()
        return self._waits.get(run_id)

    def _expected_waits(self) -> dict[str, float | None]:
        if self.executor.servers > 1:
            return {}
        with self._lock:
            jobs = self.queue.running_and_waiting(TRAINING)
        running, waiting = ([str(job.request[1]) for job in each] for each in jobs)
        left = seconds_left(self.store, [*running, *waiting]) if waiting else {}
        expected = starts([left.get(each) for each in running], [left.get(each) for each in waiting], self.size)
        return dict(zip(waiting, expected, strict=True))

    def is_known(self, run_id: str) -> bool:
        """Whether the run waits or trains here."""
        with self._lock:
            return self._request(run_id) is not None

    @property
    def size(self) -> int:
        """How many runs train side by side."""
        return self.executor.slots(TRAINING)

    @property
    def where(self) -> str:
        """Where runs train, as a sentence; "" for this machine."""
        return self.executor.where

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
        """Ends a job on the executor's word. A run whose worker has died is marked as interrupted; a finished one is
        logged to a tracker, if there is one.
        """
        if job.policy is TRAINING and ending.exit_status is not None:
            self._mark_interrupted(str(job.request[1]), ending)
        super().ended(job, ending)
        if job.policy is TRAINING and is_to_be_logged(self.store, str(job.request[1])):
            self._log(str(job.request[1]))
            self.freed()

    def _log(self, run_id: str) -> None:
        """Queues a finished run for the tracker."""
        with self._lock:
            self.queue.submit(("tracking", run_id), TRACKER, TRACKING, is_bounded=False)

    def _ask(self, run_id: str, action: Action) -> None:
        with self._lock:
            request = self._request(run_id)
            job = self.queue.find(request) if request else None
            if job and job.state == "waiting":
                self.queue.cancel(job)
        ask(self.store, run_id, action)  # the run's folder knows whether another server has begun it
        self.freed()

    def _request(self, run_id: str) -> Request | None:
        """The request under which the run waits or trains here."""
        return next((job.request for job in self._trainings() if job.request[1] == run_id), None)

    def _trainings(self) -> list[Job]:
        return [job for job in self.queue.active() if job.policy is TRAINING]

    def _mark_interrupted(self, run_id: str, ending: Ending) -> None:
        how_it_ended = f"The process that trained it ended unexpectedly ({how(ending.exit_status or 0)}). {INTERRUPTED}"
        reason = ending.error or how_it_ended
        try:
            if self.store.get(run_id).status.is_active:
                self.store.update(run_id, state="interrupted", message=reason, finished=time.time())
        except (RunError, OSError):
            log.exception("run %s could not be marked as interrupted", run_id)
