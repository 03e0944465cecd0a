"""The study of the eight texts, learned once in a process and copied: it trains eighteen networks."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aecore.runs.store import RunStore
from aecore.words.settings import WordSettings
from aecore.words.study import study


def learn_eight(home: Path, settings: WordSettings) -> None:
    """Puts the finished study of the eight texts where the app looks for it."""
    shutil.copytree(_learned_once(settings.to_json()) / "cache", home / "cache", dirs_exist_ok=True)


@cache
def _learned_once(settings: str) -> Path:
    home = Path(_folder().name) / str(_learned_once.cache_info().misses)
    list(study(RunStore(home / "runs"), "eight", settings))
    return home


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="eight-texts-")
