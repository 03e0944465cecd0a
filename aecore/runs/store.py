"""RunStore: one folder per run, through which the training process and the pages communicate."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from safetensors import SafetensorError
from safetensors.numpy import load_file

from aecore.files import write_json
from aecore.paths import home_folder
from aecore.runs.status import Status, read_values, status_from

MAKING = ".making-"
RUN_ID = re.compile(r"[0-9a-z]{12}")
AUTOENCODER, RECOMMENDER, WORDS = "autoencoder", "recommender", "words"
"""The `kind` in a run's settings (aecore.jobs.kinds.KINDS); those of autoencoders name none."""


class RunError(ValueError):
    """A run that is missing or cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Run:
    """One run as found on disk. `problem` says what is wrong with the folder, if anything."""

    id: str
    folder: Path
    settings: dict[str, Any]
    status: Status
    problem: str = ""

    def __repr__(self) -> str:
        """Its variant and progress, on one line."""
        what = " of ".join(str(self.settings[name]) for name in ("variant", "data") if name in self.settings)
        error = (self.status.test or {}).get("mse")
        reached = f", test error {error:.5f} per pixel" if isinstance(error, float) else ""
        return f"<Run {self.id} '{self.name}': {what or self.kind}, {self.status.state}{reached}>"

    @property
    def name(self) -> str:
        """Its name."""
        return clean_name(self.status.name) or self.id

    @property
    def kind(self) -> str:
        """What it trains: an autoencoder, a recommender or embeddings of words."""
        return str(self.settings.get("kind", AUTOENCODER))

    @property
    def is_recommender(self) -> bool:
        """Whether it trains a recommender, which learns from ratings, rather than a network of pictures."""
        return self.kind == RECOMMENDER

    @property
    def is_autoencoder(self) -> bool:
        """Whether it trains a network of pictures or of rows of numbers, as most runs do."""
        return self.kind == AUTOENCODER

    @property
    def has_weights(self) -> bool:
        """Whether it has saved weights."""
        return (self.folder / "weights.safetensors").exists()

    def weights(self) -> dict[str, np.ndarray]:
        """Name -> array of the newest checkpoint. RunError if there is none or it is broken."""
        try:
            return load_file(self.folder / "weights.safetensors")
        except (OSError, SafetensorError) as error:
            raise RunError(f"The weights of run '{self.name}' cannot be read ({error}); train it again.") from None


Runs = list[Run]


HALF_MADE_SECONDS = 86_400.0
"""Age at which a folder that was begun and never finished is swept away."""


class RunStore:
    """The runs under one folder. Every file is written under another name first and then moved into place."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home_folder() / "runs"

    def create(self, settings: dict[str, Any], name: str, *, restarted_from: str = "", owner: str = "") -> Run:
        """A new run, waiting to be trained."""
        run_id = secrets.token_hex(6)
        making = self.folder / f"{MAKING}{run_id}"
        (making / "film").mkdir(parents=True)
        try:
            write_json(making / "settings.json", settings)
            status = Status(name=clean_name(name), created=time.time(), restarted_from=restarted_from, owner=owner)
            write_json(making / "status.json", status.__dict__)
            making.rename(self.folder / run_id)
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
        return self._read(folder)

    def _read(self, folder: Path) -> Run:
        run_id = folder.name
        settings, problem = read_values(folder / "settings.json")
        values, problem_too = read_values(folder / "status.json")
        problem = problem or problem_too
        try:
            status = status_from(values)
        except (TypeError, ValueError):
            status = Status(state="failed")
            problem = problem or f"status.json of run {run_id} has been changed by hand and cannot be understood."
        if problem:
            status = replace(status, state="failed", message=problem)
        return Run(run_id, folder, settings, status, problem)

    def list(self) -> Runs:
        """All runs, newest first, broken folders included."""
        if not self.folder.is_dir():
            return []
        runs = [self.get(path.name) for path in self.folder.iterdir() if path.is_dir() and RUN_ID.fullmatch(path.name)]
        return sorted(runs, key=lambda run: (-run.status.created, run.id))

    def update(self, run_id: str, **changes: Any) -> Run:
        """Changes fields of the status, under a lock, so that concurrent changes do not undo each other.

        RunError if it is missing.
        """
        folder = self.get(run_id).folder
        with self._writing(run_id):
            write_json(folder / "status.json", replace(self.get(run_id).status, **changes).__dict__)
        return self.get(run_id)

    def change_settings(self, run_id: str, **changes: Any) -> Run:
        """Changes settings of a run that is not training; its earlier records stay.

        RunError while it is held.
        """
        run = self.get(run_id)
        if run.problem or self.is_held(run_id):
            raise RunError(run.problem or f"Run '{run.name}' is training; stop it first.")
        write_json(run.folder / "settings.json", {**run.settings, **changes})
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
        trash = self.folder / "trash"
        trash.mkdir(exist_ok=True)
        return Path(shutil.move(run.folder, trash / run_id))

    def deleted(self) -> Runs:
        """The runs in the trash, in the order of their ids."""
        trash = self.folder / "trash"
        found = [path for path in trash.iterdir() if RUN_ID.fullmatch(path.name)] if trash.is_dir() else []
        return [self._read(path) for path in sorted(found)]

    def restore(self, run_id: str) -> Run:
        """Restores a deleted run. RunError if it is not in the trash."""
        path = self.path(run_id)
        if not (self.folder / "trash" / run_id).is_dir():
            raise RunError(f"Run '{run_id}' is not in the trash.")
        shutil.move(self.folder / "trash" / run_id, path)
        return self.get(run_id)

    def path(self, run_id: str) -> Path:
        """The folder of a run. RunError if the id is none."""
        if not RUN_ID.fullmatch(run_id):
            raise RunError(f"'{run_id[:40]}' is not the id of a run: an id has twelve letters and digits.")
        return self.folder / run_id

    def lock(self, run_id: str) -> FileLock:
        """The lock that the training process holds; the system releases it when the process dies."""
        return FileLock(self.path(run_id) / ".lock")

    def _writing(self, run_id: str) -> FileLock:
        (self.folder / ".writing").mkdir(exist_ok=True)
        return FileLock(self.folder / ".writing" / run_id)

    def is_held(self, run_id: str) -> bool:
        """Whether some process is training the run right now."""
        if not (self.path(run_id) / ".lock").is_file():  # looking at a run writes nothing, above all not behind a link
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
        queued = []
        self._sweep()
        for run in self.list():
            if run.status.state in ("preparing", "training"):
                self._mend(run)
            elif run.status.state == "queued" and run.id not in waiting:
                queued.append(run)
        return queued[::-1]

    def _mend(self, run: Run) -> None:
        """Marks a run as interrupted unless somebody trains it, or has just ended its training."""
        if run.folder.is_symlink():
            return
        with suppress(Timeout, OSError, RunError), self.lock(run.id).acquire(timeout=0):
            if self.get(run.id).status.state in ("preparing", "training"):
                self.update(run.id, state="interrupted", message=INTERRUPTED)

    def _sweep(self) -> None:
        """Removes folders of runs that were never completely made, once they are old, since their maker was killed."""
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            with suppress(OSError):
                if folder.is_dir() and not folder.is_symlink() and _is_half_made(folder):
                    shutil.rmtree(folder, ignore_errors=True)


INTERRUPTED = "Training was cut off before its end. Everything up to the last checkpoint is here; continue from there."


def clean_name(name: str) -> str:
    """A name on one line, without control characters, of at most 120 characters."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:120]


def _is_half_made(folder: Path) -> bool:
    """Whether nothing but settings was ever written there, and that long ago."""
    if not (folder.name.startswith(MAKING) or RUN_ID.fullmatch(folder.name)):
        return False
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    is_bare = names <= {"film", "settings.json"} and not any((folder / "film").glob("*"))
    is_new = time.time() - folder.stat().st_mtime < HALF_MADE_SECONDS
    return not is_new and (is_bare or folder.name.startswith(MAKING))
