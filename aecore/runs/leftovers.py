"""Folders of runs that were begun and never completely made, since their maker was killed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MAKING = ".making-"
"""How the folder of a run is called until it is complete, followed by its id."""

HALF_MADE_SECONDS = 86_400.0
"""Age at which a folder that was begun and never finished is swept away."""


def sweep(runs: Path, unreadable: Iterable[Path]) -> None:
    """Removes half-made folders once they are old.

    unreadable: folders of runs whose files cannot be read; of these, those that never had more than settings go.
    """
    for folder in [*runs.glob(f"{MAKING}*"), *unreadable]:
        with suppress(OSError):
            if folder.is_dir() and not folder.is_symlink() and _is_half_made(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_half_made(folder: Path) -> bool:
    """Whether nothing but settings was ever written there, and that long ago."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    is_bare = names <= {"film", "settings.json"} and not any((folder / "film").glob("*"))
    is_new = time.time() - folder.stat().st_mtime < HALF_MADE_SECONDS
    return not is_new and (is_bare or folder.name.startswith(MAKING))
