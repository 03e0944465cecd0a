"""Requests in a run's folder: pause and stop, from the pages or the command line
to the process that trains.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from filelock import Timeout

from aecore.files import read_json, write_json
from aecore.runs.status import Status
from aecore.runs.store import RunError, RunStore

Action = Literal["pause", "stop"]
FILE = "request.json"
POLL_SECONDS = 0.2
WITHDRAWN = "It was taken out of the queue before it began."


def ask(store: RunStore, run_id: str, action: Action) -> None:
    """Requests that the run pauses or stops; a run that still waits is removed from the queue.

    RunError if it neither trains nor waits.
    """
    run = store.get(run_id)
    if not run.status.is_active:
        raise RunError(f"Run '{run.name}' is not being trained: it may have just ended.")
    try:
        with store.lock(run_id).acquire(timeout=0):
            if store.get(run_id).status.state != "queued":
                raise RunError(f"Nobody trains run '{run.name}' any more; continue it from its last checkpoint.")
            store.update(run_id, state="paused", message=WITHDRAWN)
            return
    except Timeout:  # its trainer holds the lock
        status = store.get(run_id).status
    write_json(run.folder / FILE, {"action": action, "training": training_of(status)})


def training_of(status: Status) -> str:
    """Identifies the training that a request is for: the one that began at that time, or the next one."""
    return f"after {status.started}" if status.state == "queued" else str(status.started)


class Requests:
    """Requests to one training. Those to an earlier one are ignored."""

    def __init__(self, folder: Path, before: Status, now: Status) -> None:
        self.path = folder / FILE
        self._mine = (f"after {before.started}", training_of(now))
        self._polled = 0.0

    def poll(self) -> Action | None:
        """The request, once; reads the disk rarely enough to be called at every step."""
        if time.monotonic() - self._polled < POLL_SECONDS:
            return None
        self._polled = time.monotonic()
        try:
            found = read_json(self.path)
            action = found["action"] if found["training"] in self._mine else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self.path.unlink(missing_ok=True)
        return action if action in ("pause", "stop") else None

    def clear(self) -> None:
        """Deletes a request that is left at the end of a training."""
        self.path.unlink(missing_ok=True)
