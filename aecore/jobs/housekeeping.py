"""Housekeeping: what a server does to its home every minute besides training. Nothing goes that somebody still has."""

from __future__ import annotations

import logging
import math
import shutil
import time
from contextlib import suppress
from pathlib import Path

from aecore.limits import FREE_BYTES, cache_bytes, trash_days
from aecore.machine import disk_bytes
from aecore.runs.run import Run, RunError
from aecore.runs.store import DISCARDING, RunStore, deleted_at
from aecore.runs.usage import RunSizes, folder_bytes
from aecore.stores.content import DAY, empty_trash
from aecore.stores.results import ResultCache

log = logging.getLogger(__name__)

CLEANING_SECONDS = 3600.0
"""Between two cleanings."""

LOW_BYTES = 2 * FREE_BYTES
"""With less free on the disk it counts as nearly full."""

SAFE_DAYS = 7.0
"""How long what was deleted stays at least, even on a disk that is nearly full."""


class Housekeeping:
    """Measures what the home takes, empties its trash and trims its cache of results.

    home_bytes: of everything in the home; None until it has been measured.
    """

    def __init__(self, store: RunStore) -> None:
        self.store, self.home = store, store.folder.parent
        self.sizes = RunSizes()
        self.home_bytes: int | None = None
        self._cleaned_at = -math.inf

    def tidy(self) -> None:
        """To be called every minute by a thread in the background."""
        if time.monotonic() - self._cleaned_at >= CLEANING_SECONDS:
            self._cleaned_at = time.monotonic()
            self.clean()
        self.measure()

    def measure(self) -> None:
        """Measures the runs that have changed, and everything else."""
        runs = [*self.store.list(), *self.store.deleted()]
        self.sizes.measure(runs)
        others = [each for each in self.home.iterdir() if each != self.store.folder] if self.home.is_dir() else []
        rest = sum(folder_bytes(each) if each.is_dir() else each.stat().st_size for each in others)
        self.home_bytes = rest + (self.sizes.total(runs, most_new=len(runs)) or 0)

    def clean(self) -> None:
        """Removes for good what was deleted long ago, and results beyond the size of the cache, the longest unused
        first. On a disk that is nearly full, also what else was deleted SAFE_DAYS ago or earlier, and most results.
        """
        for leftover in self.store.trash.glob(f"{DISCARDING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        for run in self.store.deleted():
            if _age_days(run) > trash_days(is_visitors=bool(run.status.owner)):
                self._discard(run)
        if (days := trash_days(is_visitors=False)) < math.inf:
            empty_trash(self.home, days)
        ResultCache(self.home).clean()
        if self._is_low():
            self._make_room()

    def _make_room(self) -> None:
        log.warning("the disk of %s is nearly full: old trash and computed results are removed", self.home)
        ResultCache(self.home).clean(cache_bytes() / 8)
        empty_trash(self.home, SAFE_DAYS)
        for run in reversed(self.store.deleted()):
            if not self._is_low():
                return
            if _age_days(run) > SAFE_DAYS:
                self._discard(run)

    def _is_low(self) -> bool:
        return free_bytes(self.home) < LOW_BYTES

    def _discard(self, run: Run) -> None:
        with suppress(RunError, OSError):  # somebody has just restored it
            self.store.discard(run.id)


def free_bytes(home: Path) -> int:
    """Bytes that are free on the disk of the home."""
    return disk_bytes(home)[1]


def _age_days(run: Run) -> float:
    """How long it has been in the trash."""
    when = deleted_at(run)
    return (time.time() - when) / DAY if when else 0.0
