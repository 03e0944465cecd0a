"""The recommender of the Movies page where its address names none: built in, or one that took over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aecore.files import BrokenFileError, read_json, write_json
from aecore.recommender import BUILTIN, load
from aecore.recommender.models.base import WEIGHTS, Recommender
from aecore.recommender.serving.loaded import open_folder
from aecore.runs.status import ENDED
from aecore.runs.store import Run, RunError, RunStore
from aecore.settings import SettingsError

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


def is_ready(run: Run) -> bool:
    """Whether the run has trained a recommender to its end, and its weights are there."""
    return run.is_recommender and run.status.state in ENDED and (run.folder / WEIGHTS).is_file()


def usual(store: RunStore) -> str:
    """ "builtin" or the id of a run that is ready: the one chosen last or, where that is not ready or gone, the one
    before it.
    """
    for source in _chosen(store.folder.parent):
        with suppress(RunError):
            if source == BUILTIN or is_ready(store.get(source)):
                return source
    return BUILTIN


def make_usual(home: Path, source: str, before: str = BUILTIN) -> None:
    """Lets this one recommend to everybody who uses this home, from now on or as soon as its run is done.

    before: which one recommends until then, and when this one is gone.
    """
    home.mkdir(parents=True, exist_ok=True)
    write_json(home / FILE, {"source": source, "before": before})


def withdraw(home: Path, source: str) -> None:
    """Takes back `make_usual` of this one; the one before it stays. Nothing changes if another was chosen since."""
    chosen, before = _chosen(home)
    if chosen == source:
        make_usual(home, before)


def in_use(store: RunStore) -> tuple[Rival, Recommender]:
    """The usual recommender of the home of these runs; the built-in one if that cannot be read."""
    source = usual(store)
    if source != BUILTIN:
        with suppress(RunError, BrokenFileError, SettingsError, OSError):
            run = store.get(source)
            return Rival(source, run.name), open_folder(run.folder).model
    return Rival(BUILTIN), load(BUILTIN).model


def _chosen(home: Path) -> tuple[str, str]:
    """The one chosen last, and the one before it."""
    try:
        chosen = read_json(home / FILE)
        found = chosen["source"], chosen.get("before", BUILTIN)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return BUILTIN, BUILTIN
    return found if all(isinstance(each, str) and each for each in found) else (BUILTIN, BUILTIN)
