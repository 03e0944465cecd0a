"""Texts that an earlier version kept as single files, moved into folders,
where the store finds them; in the trash too.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aecore.files import read_json, write_json
from aecore.stores.content import MOMENT
from aecore.stores.entries import CARD

KEPT = re.compile(r"[0-9a-f]{12}\.json")
DELETED = re.compile(rf"words-[0-9a-f]{{12}}-{MOMENT}\.json")


def adopt_old_texts(folder: Path, trash: Path, name: str) -> None:
    """Moves each single file into a folder of its own, as `name`, beside a card;
    if the disk refuses, it stays where it is.
    """
    for place, pattern in ((folder, KEPT), (trash, DELETED)):
        for path in place.glob("*.json"):
            if pattern.fullmatch(path.name):
                with suppress(OSError):  # another process was faster, or the folder is read-only
                    _adopt(path, path.with_suffix(""), name)


def _adopt(path: Path, target: Path, name: str) -> None:
    created = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    target.mkdir(exist_ok=True)
    if not (target / CARD).exists():
        write_json(target / CARD, {"title": _title(path), "created": created})
    os.replace(path, target / name)


def _title(path: Path) -> str:
    try:
        return str(read_json(path)["title"])
    except (ValueError, KeyError, TypeError):
        return "Texts that cannot be read"
