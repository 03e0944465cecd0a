"""What runs take on the disk, and whether one person may add to it."""

from __future__ import annotations

import math
import os
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from aecore.limits import Limits, in_gb, kept_free, limits_for
from aecore.machine import disk_bytes
from aecore.runs.run import Run, RunError
from aecore.runs.store import RunStore
from aecore.stores.content import folders_of, trashed_of

MOST_NEW = 300
"""Runs that are measured while somebody waits; of more, the background measures them first."""

BROUGHT = ("uploads", "ratings", "words", "words/drafts")
"""Folders of the home with what people have brought. Their stores need not be loaded to measure them."""


class QuotaError(RunError):
    """No room for what a person asks; the message has the numbers and says what to do."""


@dataclass(frozen=True)
class Usage:
    """What one person takes. run_bytes, deleted_bytes: of runs, on the disk; None while too many are unmeasured.

    brought_bytes: of the data, ratings and texts that they have brought; brought_trash_bytes: of those in the trash.
    """

    runs: int
    run_bytes: int | None
    deleted: int
    deleted_bytes: int | None
    brought_bytes: int = 0
    brought_trash_bytes: int = 0


class RunSizes:
    """Bytes of the folders of runs, each measured again when its folder has changed. Several threads may ask."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def measure(self, runs: Iterable[Run]) -> None:
        """Measures what has changed, and forgets all other runs: to be called now and then with every run."""
        found = {run.id: self._measured(run) for run in runs}
        with self._lock:
            self._known = found

    def total(self, runs: Iterable[Run], most_new: int = MOST_NEW) -> int | None:
        """Bytes of these runs together, those that nobody trains as last measured; None if too many never were."""
        runs = list(runs)
        new = [run for run in runs if run.id not in self._known or _grows(run)]
        if len(new) > most_new:
            return None
        fresh = {run.id: self._measured(run) for run in new}
        with self._lock:
            self._known |= fresh
            return sum(self._known.get(run.id, (0, 0))[1] for run in runs)

    def _measured(self, run: Run) -> tuple[int, int]:
        """When its folder last got or lost a file, and its bytes."""
        try:
            changed = run.folder.stat().st_mtime_ns
        except OSError:
            return 0, 0
        known = self._known.get(run.id)
        is_current = known is not None and known[0] == changed and not _grows(run)
        return known if known and is_current else (changed, folder_bytes(run.folder))


def _grows(run: Run) -> bool:
    """Whether somebody trains it; one that waits in the queue stays as large as it is."""
    return run.status.is_active and run.status.state != "queued"


def folder_bytes(folder: Path | str) -> int:
    """Bytes of all files in a folder and in those inside it; links are not followed."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for each in entries:
                if each.is_dir(follow_symlinks=False):
                    total += folder_bytes(each.path)
                elif each.is_file(follow_symlinks=False):
                    total += each.stat(follow_symlinks=False).st_size
    except OSError:  # it has gone meanwhile, or may not be read
        pass
    return total


def usage_of(store: RunStore, sizes: RunSizes, is_counted: Callable[[Run], bool], most_new: int = MOST_NEW) -> Usage:
    """What the runs of a store take for which `is_counted` holds."""
    runs, deleted = (list(filter(is_counted, each)) for each in (store.list(), store.deleted()))
    return Usage(len(runs), sizes.total(runs, most_new), len(deleted), sizes.total(deleted, most_new))


def with_brought(usage: Usage, home: Path, owner: str) -> Usage:
    """The same with what this owner has brought, and with what of it is in their trash."""
    kept, trashed = folders_of(home, BROUGHT, owner), trashed_of(home, owner)
    brought, in_trash = (sum(map(folder_bytes, each)) for each in (kept, trashed))
    return replace(usage, brought_bytes=brought, brought_trash_bytes=in_trash)


def check_host(store: RunStore, new_bytes: int = 0) -> None:
    """QuotaError unless the command line, which is the host's, may begin another run. new_bytes: what it will take."""
    home = store.folder.parent
    limits = limits_for(home, is_host=True)
    if limits.runs < math.inf or limits.person_bytes < math.inf:
        own = usage_of(store, RunSizes(), lambda run: not run.status.owner, most_new=sys.maxsize)
        check_person(own, limits)
    check_home(home, folder_bytes(home) if limits.home_bytes < math.inf else None, limits, new_bytes)


def check_person(usage: Usage, limits: Limits, new_runs: int = 1, new_bytes: int = 0) -> None:
    """QuotaError if a person who has this may not have so many more runs, or bytes, or if that is not known yet."""
    if new_runs and usage.runs + new_runs > limits.runs:
        more = "another" if new_runs == 1 else f"{new_runs:,} more"
        raise QuotaError(
            f"You have {usage.runs:,} run{'' if usage.runs == 1 else 's'}, and {more} would be too many: one person "
            f"may keep {limits.runs:,.0f} on this server. Delete some on the Runs page."
        )
    if usage.run_bytes is None or usage.deleted_bytes is None:
        if limits.person_bytes < math.inf:
            raise QuotaError("What your runs take on this server's disk is being measured. Try again in a minute.")
        return
    taken = usage.run_bytes + usage.deleted_bytes
    brought = usage.brought_bytes + usage.brought_trash_bytes
    if taken + brought + max(1, new_bytes) > limits.person_bytes:
        trash = f", {in_gb(usage.deleted_bytes)} of them in the trash" if usage.deleted_bytes else ""
        if brought:
            trash += f", and what you have brought takes {in_gb(brought)}"
        if usage.brought_trash_bytes:
            trash += f", {in_gb(usage.brought_trash_bytes)} of it in its trash"
        wanted = f"; this would take {in_gb(new_bytes)}" if new_bytes else ""
        or_data = ", or delete data that you have brought, for good" if brought else ""
        raise QuotaError(
            f"Your {usage.runs + usage.deleted:,} runs take {in_gb(taken)} on this server's disk{trash}{wanted}; one "
            f"person may use {in_gb(limits.person_bytes)}. Delete some on the Runs page, and empty the trash there"
            f"{or_data}."
        )


def check_home(home: Path, taken: int | None, limits: Limits, new_bytes: int = 0) -> None:
    """QuotaError if the home has all that it may have, or if the disk is nearly full.

    taken: bytes of everything in the home; None if not yet measured. new_bytes: what is to be added.
    """
    if taken is not None and taken + new_bytes > limits.home_bytes:
        raise QuotaError(
            f"All that is kept on this server takes {in_gb(taken)}, and {in_gb(limits.home_bytes)} is the most. "
            "Delete runs that you no longer need and empty the trash, or ask the host of the server to make room."
        )
    free, stays = disk_bytes(home)[1], kept_free(home)
    if stays and free - new_bytes < stays:
        wanted = f", and this would take {in_gb(new_bytes)}" if new_bytes else ""
        raise QuotaError(
            f"The disk has {in_gb(free)} free{wanted}; {in_gb(stays)} have to stay free. Empty the trash on the "
            "Runs page, or free some space otherwise."
        )
