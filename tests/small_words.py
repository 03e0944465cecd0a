"""What is learned from the eight texts, once in a process and copied: eighteen networks are trained."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aecore.runs.store import RunStore
from aecore.words.learning import learn
from aecore.words.settings import WordSettings


def learn_eight(home: Path, settings: WordSettings) -> None:
    """Puts what is learned from the eight texts where the app looks for it."""
    shutil.copytree(_learned_once(settings) / "cache", home / "cache", dirs_exist_ok=True)


@cache
def _learned_once(settings: WordSettings) -> Path:
    home = Path(_folder().name) / str(_learned_once.cache_info().misses)
    list(learn(RunStore(home / "runs"), "eight", settings))
    return home


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="eight-texts-")
