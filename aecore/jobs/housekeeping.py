"""Housekeeping: what a server does to its home every minute besides training. Nothing goes that somebody still has."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aecore.limits import cache_bytes, kept_free, trash_days
from aecore.machine import disk_bytes
from aecore.runs.run import Run, RunError
from aecore.runs.store import DISCARDING, RunStore, deleted_at
from aecore.runs.sweeps import SweepStore
from aecore.runs.usage import RunSizes, folder_bytes
from aecore.stores.content import DAY
from aecore.stores.owners import HOST
from aecore.stores.results import ResultCache
from aecore.stores.trash import clear_drafts, empty_trash, forget_deleters

CLEANING_SECONDS = 3600.0
"""Between two cleanings."""

SEEN_SECONDS = 6 * 3600.0
"""How long this server has known of what it removes from the trash: a clock that is put right is no reason."""


class Housekeeping:
    """Measures what the home takes, empties its trash and trims its cache of results.

    home_bytes: of everything in the home; None until it has been measured.
    """

    def __init__(self, store: RunStore) -> None:
        self.store, self.home = store, store.folder.parent
        self.sizes = RunSizes()
        self.home_bytes: int | None = None
        self._cleaned_at = time.monotonic()  # an hour is left to look into the trash of an earlier version
        self._seen: dict[str, float] = {}
        self._trashed: dict[str, float] = {}
        self._marks: dict[tuple[str, str, float], float] = {}

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
        rest = sum(folder_bytes(each) if each.is_dir() else each.lstat().st_size for each in others)
        self.home_bytes = rest + (self.sizes.total(runs, most_new=len(runs)) or 0)

    def clean(self) -> None:
        """Removes for good what was deleted long ago, as `trash_days` says, and results beyond the size of the cache,
        the longest unused first; on a disk that is nearly full most results, which can be computed again.
        """
        for leftover in self.store.trash.glob(f"{DISCARDING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        deleted, now = self.store.deleted(), time.monotonic()
        self._seen = {run.id: self._seen.get(run.id, now) for run in deleted}
        for run in deleted:
            is_known = now - self._seen[run.id] >= SEEN_SECONDS
            if is_known and age_days(run) > trash_days(is_visitors=bool(run.status.owner)):
                self._discard(run)
        for sweep in SweepStore(self.home).list():
            age = (time.time() - sweep.status.deleted) / DAY if sweep.status.deleted else 0.0
            if age > trash_days(is_visitors=bool(sweep.owner)):
                with suppress(RunError, OSError):
                    SweepStore(self.home).discard(sweep.id)
        days, visitors_days = (trash_days(is_visitors=each) for each in (False, True))
        if min(days, visitors_days) < math.inf:
            empty_trash(self.home, days, visitors_days, self._spares(now))
        self._forget_deleters(now)
        clear_drafts(self.home)
        is_low = free_bytes(self.home) < 2 * kept_free(self.home)
        ResultCache(self.home).clean(cache_bytes() / 8 if is_low else None)

    def _spares(self, now: float) -> Callable[[str], bool]:
        """Says of a name in the trash of uploads whether that entry stays: a run learned from it, or it is new here."""
        runs = [*self.store.list(), *self.store.deleted()]
        used = {str(run.settings.get("data")) for run in runs} - {"None", ""}
        before, self._trashed = self._trashed, {}

        def is_spared(name: str) -> bool:
            since = self._trashed[name] = before.get(name, now)
            return now - since < SEEN_SECONDS or any(f"{id}-" in name for id in used)

        return is_spared

    def _forget_deleters(self, now: float) -> None:
        """Forgets who deleted what others keep, as long after as `trash_days` says, unless a run of theirs needs it."""
        runs = [*self.store.list(), *self.store.deleted()]
        learned_from = {(run.status.owner, str(run.settings.get("data"))) for run in runs}
        before, self._marks = self._marks, {}

        def is_over(id: str, owner: str, moment: float) -> bool:
            since = self._marks[id, owner, moment] = before.get((id, owner, moment), now)
            days = (time.time() - moment) / DAY
            is_known = now - since >= SEEN_SECONDS
            return is_known and days > trash_days(is_visitors=owner != HOST) and (owner, id) not in learned_from

        forget_deleters(self.home, is_over)

    def _discard(self, run: Run) -> None:
        with suppress(RunError, OSError):  # somebody has just restored it
            self.store.discard(run.id)


def free_bytes(home: Path) -> int:
    """Bytes that are free on the disk of the home."""
    return disk_bytes(home)[1]


def age_days(run: Run) -> float:
    """How long it has been in the trash; 0 if that is not known."""
    when = deleted_at(run)
    return (time.time() - when) / DAY if when else 0.0
