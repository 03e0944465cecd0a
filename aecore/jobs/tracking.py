"""Which runs a server has still to log to the tracker that its host has chosen. A process of its own does it, by the
kind of job "tracking", so that neither server nor training waits for a tracker, or fails with it.
"""

from __future__ import annotations

from contextlib import suppress

from aecore.runs.run import RunError
from aecore.runs.status import ENDED
from aecore.runs.store import RunStore
from aecore.runs.tracking import FILE, mlflow_address, note, tracked

TRACKER = "tracker"
"""The visitor in whose turn runs are logged."""


def is_to_be_logged(store: RunStore, run_id: str) -> bool:
    """Whether a run whose training is over has to be logged; its folder says so from then on."""
    if not mlflow_address():
        return False
    with suppress(RunError, OSError):
        run = store.get(run_id)
        if run.status.state in ENDED and not run.problem and not run.folder.is_symlink():
            note(run.folder, "waiting")
            return True
    return False


def left_over(store: RunStore) -> list[str]:
    """Runs that an earlier server was to log and has not logged."""
    if not mlflow_address():
        return []
    files = [each for each in sorted(store.folder.glob(f"[0-9a-z]*/{FILE}")) if not each.parent.is_symlink()]
    return [file.parent.name for file in files if (found := tracked(file.parent)) and found.state != "logged"]
