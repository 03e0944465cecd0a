"""What is learned from the eight texts, once in a process and copied: eighteen networks are trained."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aecore.runs.store import RunStore
from aecore.words.learning import learn
from aecore.words.results import folder_of
from aecore.words.settings import WordSettings


def learn_eight(home: Path, settings: WordSettings) -> None:
    """Puts what is learned from the eight texts where the app looks for it."""
    shutil.copytree(folder_of(_learned_once(settings), "eight", settings), folder_of(home, "eight", settings))


@cache
def _learned_once(settings: WordSettings) -> Path:
    home = Path(_folder().name) / str(_learned_once.cache_info().misses)
    list(learn(RunStore(home / "runs"), "eight", settings))
    return home


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="eight-texts-")
