"""A worker process of this machine, as the server holds it."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from dataclasses import dataclass

from aecore.jobs.queue import Job, Policy

log = logging.getLogger(__name__)


@dataclass(eq=False)
class WorkerProcess:
    """A child process and the job that it runs. Jobs are sent to its stdin; it prints a line for each event.

    is_ready: it has loaded what it needs, and is not about to end. has_worked: it has been ready. too_late: the number
    of a job that was ended for taking too long.
    """

    process: subprocess.Popen[str]
    policy: Policy
    job: Job | None = None
    is_ready: bool = False
    has_worked: bool = False
    idle: threading.Timer | None = None
    deadline: threading.Timer | None = None
    too_late: int = -1

    def send(self, **message: object) -> None:
        """Sends one command; a worker that has just died is noticed by its reader thread."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError, OSError):
            log.warning("worker %s is gone", self.process.pid)

    def hang_up(self) -> None:
        """Closes its pipe: it writes a checkpoint and ends. One that is still loading has nothing to write."""
        if not self.is_ready:
            self.process.kill()
        if self.process.stdin:
            try:
                self.process.stdin.close()
            except OSError:  # it died with a command in the pipe
                log.warning("worker %s is gone", self.process.pid)
