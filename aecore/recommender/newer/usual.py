"""The recommender of the Movies page where its address names none: built in, or one that took over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aecore.files import BrokenFileError, read_json, write_json
from aecore.recommender import BUILTIN, load
from aecore.recommender.models.base import Recommender
from aecore.recommender.serving.loaded import open_folder
from aecore.runs.store import RunError, RunStore

FILE = "films-recommender.json"


@dataclass(frozen=True)
class Rival:
    """The recommender in use, which a newer one has to beat. source: "builtin" or the id of a run. name: of the run."""

    source: str
    name: str = ""

    @property
    def title(self) -> str:
        """What to call it within a sentence."""
        return f"“{self.name}”" if self.name else "the built-in recommender"


def usual(home: Path) -> str:
    """ "builtin" or the id of a run, which may be gone since."""
    try:
        source = read_json(home / FILE)["source"]
    except (OSError, ValueError, KeyError, TypeError):
        return BUILTIN
    return source if isinstance(source, str) and source else BUILTIN


def make_usual(home: Path, source: str) -> None:
    """Lets this one recommend from now on, for everybody who uses this home."""
    home.mkdir(parents=True, exist_ok=True)
    write_json(home / FILE, {"source": source})


def in_use(store: RunStore) -> tuple[Rival, Recommender]:
    """The usual recommender of the home of these runs; the built-in one if that run is gone or cannot be read."""
    source = usual(store.folder.parent)
    if source != BUILTIN:
        with suppress(RunError, BrokenFileError, OSError):
            run = store.get(source)
            return Rival(source, run.name), open_folder(run.folder).model
    return Rival(BUILTIN), load(BUILTIN).model
