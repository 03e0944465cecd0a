"""Which runs a server has still to log to the trackers that its host has chosen. A process of its own does it, by the
kind of job "tracking", so that neither server nor training waits for a tracker, or fails with it.
"""

from __future__ import annotations

from contextlib import suppress

from aecore.runs.run import RunError
from aecore.runs.status import ENDED
from aecore.runs.store import RunStore
from aecore.runs.tracking import TRACKERS, note, tracked, trackers_in_use

TRACKER = "tracker"
"""The visitor in whose turn runs are logged."""


def is_to_be_logged(store: RunStore, run_id: str) -> bool:
    """Whether a run whose training is over has to be logged; its folder says so from then on."""
    trackers = trackers_in_use()
    with suppress(RunError, OSError):
        run = store.get(run_id) if trackers else None
        if run and run.status.state in ENDED and not run.problem and not run.folder.is_symlink():
            for tracker in trackers:
                note(run.folder, "waiting", tracker=tracker)
            return True
    return False


def left_over(store: RunStore) -> list[str]:
    """Runs that an earlier server was to log and has not logged."""
    left: set[str] = set()
    for tracker in trackers_in_use():
        folders = (file.parent for file in store.folder.glob(f"[0-9a-z]*/{TRACKERS[tracker].file}"))
        mine = (each for each in folders if not each.is_symlink())
        left |= {each.name for each in mine if (found := tracked(each, tracker)) and found.state != "logged"}
    return sorted(left)
