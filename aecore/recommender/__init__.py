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
    from aecore.recommender.serving.loaded import ASSETS, open_folder
    from aecore.runs.store import RunStore

    if source == BUILTIN:
        return _builtin(ASSETS)
    if isinstance(source, Path) or Path(source).is_dir():
        return open_folder(Path(source))
    return open_folder(RunStore().get(source).folder)


@lru_cache(maxsize=1)
def _builtin(folder: Path) -> Loaded:
    from aecore.recommender.serving.loaded import open_folder

    return open_folder(folder)
