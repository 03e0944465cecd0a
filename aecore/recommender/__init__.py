"""Film recommendation: ratings and films, recommender models, their evaluation, training and serving."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aecore.recommender.serving.loaded import Loaded

BUILTIN = "builtin"


def load(source: str | Path = BUILTIN) -> Loaded:
    """Loads a trained recommender, without torch: "builtin", the id of a run,
    or a folder written by `aecore.recommender.serving.loaded.save`.

    BrokenFileError if it cannot be read, RunError if there is no such run.
    """
    from aecore.recommender.serving.loaded import open_folder

    folder = folder_of(source)
    return _builtin(folder) if source == BUILTIN else open_folder(folder)


def folder_of(source: str | Path = BUILTIN) -> Path:
    """Where a trained recommender lies, named as for `load`. RunError if there is no such run."""
    from aecore.recommender.serving.loaded import ASSETS
    from aecore.runs.store import RunStore

    if source == BUILTIN:
        return ASSETS
    return Path(source) if isinstance(source, Path) or Path(source).is_dir() else RunStore().get(source).folder


@lru_cache(maxsize=1)
def _builtin(folder: Path) -> Loaded:
    from aecore.recommender.serving.loaded import open_folder

    return open_folder(folder)
