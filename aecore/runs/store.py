"""RunStore: one folder per run, through which the training process and the pages communicate."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from aecore.files import write_json
from aecore.paths import home_folder
from aecore.runs.leftovers import MAKING, sweep
from aecore.runs.listing import Listing
from aecore.runs.run import RUN_ID, Run, RunError, clean_name, read_run
from aecore.runs.status import Status

DISCARDING = ".discarding-"
"""How the folder of a run is called while it is removed for good, followed by its id."""

Runs = list[Run]
Listings = tuple[Listing[Run], Listing[Run]]
"""The runs of a folder, and those in its trash."""


class RunStore:
    """The runs under one folder. Every file is written under another name first and then moved into place.

    listings: those of another store of this folder, which then shares what it has read.
    """

    def __init__(self, folder: Path | None = None, listings: Listings | None = None) -> None:
        self.folder = folder or home_folder() / "runs"
        self.trash = self.folder / "trash"
        self.listings = listings or (_listing(self.folder), _listing(self.trash))

    def create(
        self, settings: dict[str, Any], name: str, *, restarted_from: str = "", owner: str = "", run_id: str = ""
    ) -> Run:
        """A new run, waiting to be trained. run_id: chosen before, by a sweep; OSError if there is such a run."""
        run_id = run_id or new_id()
        making = self.folder / f"{MAKING}{run_id}"
        (making / "film").mkdir(parents=True)
        try:
            write_json(making / "settings.json", settings)
            status = Status(name=clean_name(name), created=time.time(), restarted_from=restarted_from, owner=owner)
            write_json(making / "status.json", status.__dict__)
            making.rename(self.folder / run_id)
            self._note_change()
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """The run of that id; RunError if there is none. A folder edited by hand gives a Run that names its problem."""
        folder = self.path(run_id)
        if not folder.is_dir():
            raise RunError(
                f"There is no run '{run_id}' here. It may have been deleted, or the link is from another machine."
            )
        return read_run(folder)

    def list(self) -> Runs:
        """All runs, newest first, broken folders included."""
        return sorted(self.listings[0].all(), key=lambda run: (-run.status.created, run.id))

    def update(self, run_id: str, **changes: Any) -> Run:
        """Changes fields of the status, under a lock, so that concurrent changes do not undo each other.

        RunError if it is missing.
        """
        folder = self._own(run_id).folder
        with self._writing(run_id):
            write_json(folder / "status.json", replace(self.get(run_id).status, **changes).__dict__)
        self._note_change()
        return self.get(run_id)

    def change_settings(self, run_id: str, **changes: Any) -> Run:
        """Changes settings of a run that is not training; its earlier records stay.

        RunError while it is held.
        """
        run = self._own(run_id)
        if run.problem or self.is_held(run_id):
            raise RunError(run.problem or f"Run '{run.name}' is training; stop it first.")
        write_json(run.folder / "settings.json", {**run.settings, **changes})
        self._note_change()
        return self.get(run_id)

    def rename(self, run_id: str, name: str) -> Run:
        """Gives the run another name; an empty one is refused with a RunError."""
        if not clean_name(name):
            raise RunError("A run needs a name: type at least one letter.")
        return self.update(run_id, name=clean_name(name))

    def delete(self, run_id: str) -> Path:
        """Moves the run to the trash; `restore` undoes this. RunError while it is training."""
        run = self.get(run_id)
        if self.is_held(run_id):
            raise RunError(f"Run '{run.name}' is training; stop it first, then delete it.")
        self.trash.mkdir(exist_ok=True)
        moved = _moved(run, self.trash / run_id)
        with suppress(OSError, NotImplementedError):
            os.utime(moved, follow_symlinks=False)
        self._note_change()
        return moved

    def deleted(self) -> Runs:
        """The runs in the trash, the last deleted first."""
        return sorted(self.listings[1].all(), key=lambda run: (-deleted_at(run), run.id))

    def get_deleted(self, run_id: str) -> Run:
        """A run in the trash. RunError if it is not there."""
        folder = self.trash / self.path(run_id).name
        if not folder.is_dir():
            raise RunError(f"Run '{run_id}' is not in the trash.")
        return read_run(folder)

    def restore(self, run_id: str) -> Run:
        """Restores a deleted run. RunError if it is not in the trash, or something stands in its place."""
        _moved(self.get_deleted(run_id), self.path(run_id))
        self._note_change()
        return self.get(run_id)

    def discard(self, run_id: str) -> None:
        """Removes a deleted run for good. RunError if it is not in the trash."""
        leaving = self.trash / f"{DISCARDING}{run_id}"
        os.replace(self.get_deleted(run_id).folder, leaving)  # a run is in the trash as a whole, or not at all
        self._note_change()
        if leaving.is_symlink():
            leaving.unlink()
        shutil.rmtree(leaving, ignore_errors=True)

    def path(self, run_id: str) -> Path:
        """The folder of a run. RunError if the id is none."""
        if not RUN_ID.fullmatch(run_id):
            raise RunError(f"'{run_id[:40]}' is not the id of a run: an id has twelve letters and digits.")
        return self.folder / run_id

    def lock(self, run_id: str) -> FileLock:
        """The lock that the training process holds; the system releases it when the process dies.

        RunError if a link stands in the place of the folder: nothing is trained or written behind it.
        """
        if self.path(run_id).is_symlink():
            self._own(run_id)
        return FileLock(self.path(run_id) / ".lock")

    def _own(self, run_id: str) -> Run:
        """The run, if it is one to write into. RunError if a link to another place stands for its folder."""
        run = self.get(run_id)
        if run.folder.is_symlink():
            raise RunError(
                f"Run '{run.name}' lies in another folder, to which there is a link here: it can be looked at, copied "
                "and deleted (which removes the link), but not changed or trained."
            )
        return run

    def _note_change(self) -> None:
        for listing in self.listings:
            listing.note_change()

    def _writing(self, run_id: str) -> FileLock:
        (self.folder / ".writing").mkdir(exist_ok=True)
        return FileLock(self.folder / ".writing" / run_id)

    def is_held(self, run_id: str) -> bool:
        """Whether some process is training the run right now."""
        folder = self.path(run_id)
        if folder.is_symlink() or not (folder / ".lock").is_file():  # looking at a run writes nothing
            return False
        try:
            with self.lock(run_id).acquire(timeout=0):
                return False
        except Timeout:
            return True

    def mend(self, waiting: frozenset[str] = frozenset()) -> Runs:
        """Marks runs as interrupted whose training process has died; returns those that were still queued.

        `waiting`: ids in a queue, which are left alone.
        """
        queued, runs = [], self.list()
        sweep(self.folder, [run.folder for run in runs if run.problem])
        for run in runs:
            if run.folder.is_symlink():
                continue
            if run.status.state in ("preparing", "training"):
                self._mend(run)
            elif run.status.state == "queued" and run.id not in waiting:
                queued.append(run)
        return queued[::-1]

    def _mend(self, run: Run) -> None:
        """Marks a run as interrupted unless somebody trains it, or has just ended its training."""
        with suppress(Timeout, OSError, RunError), self.lock(run.id).acquire(timeout=0):
            if self.get(run.id).status.state in ("preparing", "training"):
                self.update(run.id, state="interrupted", message=INTERRUPTED)


INTERRUPTED = "Training was cut off before its end. Everything up to the last checkpoint is here; continue from there."


def new_id() -> str:
    """An id that no other run has."""
    return secrets.token_hex(6)


def deleted_at(run: Run) -> float:
    """When a run in the trash was deleted, in seconds since 1970, or later if its folder was changed or copied since.

    0 if unknown. `delete` touches the folder; earlier versions did not, but most systems note when a folder is moved.
    """
    try:
        stat = run.folder.stat()
    except OSError:
        return 0.0
    return max(stat.st_mtime, stat.st_ctime)


def _listing(folder: Path) -> Listing[Run]:
    return Listing(folder, RUN_ID.fullmatch, read_run)


def _moved(run: Run, target: Path) -> Path:
    """Moves the folder of a run. RunError where there is something already: `shutil.move` would put it in there."""
    if os.path.lexists(target):
        raise RunError(
            f"Run '{run.name}' cannot be moved: there is something at {target.parent.name}/{target.name} already, "
            "which is of the same id. Move that away first."
        )
    return Path(shutil.move(run.folder, target))
