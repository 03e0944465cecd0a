"""JobBoard: a fair, bounded queue of runs and a pool of warm worker processes, shared by all visitors."""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from aecore.runs.store import INTERRUPTED, RunError, RunStore

PER_VISITOR = 6
LONGEST_QUEUE = 60
FAILED_STARTS = 3

log = logging.getLogger(__name__)


class QueueFull(RuntimeError):
    """No more runs can wait; the message says whose limit it is."""


@dataclass
class Worker:
    """A child process and what it is doing. Commands go down its stdin; a line comes back up per event."""

    process: subprocess.Popen[str]
    run_id: str = ""
    is_ready: bool = False

    def send(self, **message: str) -> None:
        """Sends one command; a worker that has just died is noticed by its reader thread."""
        try:
            self.process.stdin.write(json.dumps(message) + "\n")  # type: ignore[union-attr]
            self.process.stdin.flush()  # type: ignore[union-attr]
        except (BrokenPipeError, ValueError, OSError):
            log.warning("worker %s is gone", self.process.pid)


@dataclass
class JobBoard:
    """Give it a run's id and it will be trained. All methods may be called from any thread."""

    store: RunStore
    size: int = field(default_factory=lambda: max(1, min(4, os.cpu_count() or 1)))

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._workers: list[Worker] = []
        self._waiting: dict[str, deque[str]] = {}
        self._turns: deque[str] = deque()
        self._failed_starts = 0
        self._is_open = True
        atexit.register(self.close)

    def open(self) -> None:
        """Starts the workers, marks what an earlier server left behind, and queues again what was still waiting."""
        for run in self.store.mend():
            self._enqueue(run.id, "earlier")
        with self._lock:
            while len(self._workers) < self.size:
                self._start_worker()
        self._dispatch()

    def submit(self, run_id: str, visitor: str) -> None:
        """Puts a run in the queue. QueueFull as `check_room` says; nothing is changed then."""
        with self._lock:
            if self.is_known(run_id):
                return
            self.check_room(visitor)
            self.store.update(run_id, state="queued", message="")
            self._enqueue(run_id, visitor)
        self._dispatch()

    def check_room(self, visitor: str, count: int = 1) -> None:
        """QueueFull if this visitor, or everybody together, has too many runs waiting for `count` others to be taken."""
        with self._lock:
            mine = len(self._waiting.get(visitor, ()))
            if mine >= PER_VISITOR:
                raise QueueFull(f"You already have {PER_VISITOR} runs waiting. Let one finish, or cancel one, then try again.")
            if mine + count > PER_VISITOR:
                raise QueueFull(f"You have {mine} runs waiting, and {count} more would be too many: {PER_VISITOR} may wait. Try again when some have begun.")
            if sum(map(len, self._waiting.values())) + count > LONGEST_QUEUE:
                raise QueueFull(f"{LONGEST_QUEUE} runs are waiting on this machine. Try again in a few minutes.")

    def place(self, run_id: str) -> int:
        """How many runs will start before this one; 0 for the next in line, -1 if it is not waiting."""
        with self._lock:
            line = self._line()
            return line.index(run_id) if run_id in line else -1

    def is_warm(self) -> bool:
        """Whether some worker is ready to train."""
        return any(worker.is_ready for worker in self._workers)

    def is_known(self, run_id: str) -> bool:
        """Whether the run waits or trains here."""
        with self._lock:
            return run_id in self._line() or any(worker.run_id == run_id for worker in self._workers)

    def wish(self, run_id: str, wish: str) -> None:
        """Asks for "pause" or "stop". A run that still waits leaves the queue. RunError if it is not on this board."""
        with self._lock:
            for queue in self._waiting.values():
                if run_id in queue:
                    queue.remove(run_id)
                    self.store.update(run_id, state="paused", message="It was taken out of the queue before it began.")
                    return
            worker = next((each for each in self._workers if each.run_id == run_id), None)
        if worker is None:
            raise RunError("This run is not being trained by this app: it may belong to a command line, or have just ended.")
        worker.send(wish=wish, about=run_id)

    def pids(self) -> dict[int, str]:
        """Process id of each worker -> the run it trains, or an empty text."""
        with self._lock:
            return {worker.process.pid: worker.run_id for worker in self._workers}

    def close(self) -> None:
        """Lets the workers write their checkpoints and end; one that is still loading torch has nothing to write."""
        with self._lock:
            self._is_open = False
            workers, self._workers = self._workers, []
        for worker in workers:
            if not worker.is_ready:
                worker.process.kill()
            if worker.process.stdin:
                worker.process.stdin.close()
        for worker in workers:
            try:
                worker.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                worker.process.kill()

    def _enqueue(self, run_id: str, visitor: str) -> None:
        with self._lock:
            self._waiting.setdefault(visitor, deque()).append(run_id)
            if visitor not in self._turns:
                self._turns.append(visitor)

    def _line(self) -> list[str]:
        """All waiting runs in the order in which they will start: one of each visitor, then the next of each."""
        queues = [list(self._waiting.get(visitor, ())) for visitor in self._turns]
        longest = max(map(len, queues), default=0)
        return [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]

    def _dispatch(self) -> None:
        with self._lock:
            for worker in self._workers:
                line = self._line()
                if not line:
                    return
                if worker.is_ready and not worker.run_id:
                    self._take(line[0])
                    worker.run_id = line[0]
                    worker.send(run=line[0])

    def _take(self, run_id: str) -> None:
        visitor = next(name for name, queue in self._waiting.items() if run_id in queue)
        self._waiting[visitor].remove(run_id)
        self._turns.remove(visitor)  # to the end of the round
        if self._waiting[visitor]:
            self._turns.append(visitor)
        else:
            del self._waiting[visitor]

    def _start_worker(self) -> None:
        command = [sys.executable, "-m", "aecore.jobs.worker", str(self.store.folder)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, start_new_session=True
        )  # fmt: skip
        worker = Worker(process)
        self._workers.append(worker)
        threading.Thread(target=self._listen, args=(worker,), name=f"worker-{process.pid}", daemon=True).start()

    def _listen(self, worker: Worker) -> None:
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            event = line.strip()
            with self._lock:
                if event == "ready":
                    worker.is_ready, self._failed_starts = True, 0
                elif event.startswith("ended "):
                    worker.run_id = ""
            self._dispatch()
        self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        """A worker has died: its run is interrupted, and another worker takes its place."""
        worker.process.wait()
        with self._lock:
            if not self._is_open or worker not in self._workers:
                return
            self._workers.remove(worker)
            run_id, worker.run_id = worker.run_id, ""
            self._failed_starts += not worker.is_ready
            if self._failed_starts < FAILED_STARTS:
                self._start_worker()
            else:
                log.error("workers do not start; training is off until the app is restarted")
        if run_id:
            self._report_death(run_id, worker.process.returncode)

    def _report_death(self, run_id: str, code: int) -> None:
        reason = f"The process that trained it ended unexpectedly ({_how(code)})."
        try:
            if self.store.get(run_id).status.is_active:
                self.store.update(run_id, state="interrupted", message=f"{reason} {INTERRUPTED}", finished=time.time())
        except (RunError, OSError):
            log.exception("run %s could not be marked as interrupted", run_id)


def _how(code: int) -> str:
    if code == -9:
        return "it was killed, perhaps because memory ran out"
    return f"signal {-code}" if code < 0 else f"exit status {code}"
