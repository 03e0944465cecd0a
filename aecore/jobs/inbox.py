"""Inbox: uploads on their way to the process that reads them, and its answers, for a quarter of an hour."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aecore.readers.parsers import File, Question
from aecore.stores.results import Slot

KEEP_SECONDS = 900.0
"""How long an answer is kept: uploads are private, and what is wanted is kept elsewhere."""

MOST_BYTES = 2 * 2**30
"""Bytes of all answers; beyond them, the oldest go."""

WAIT_SECONDS = 2 * 3600.0
"""How long a question may wait: as long as a full queue may take."""

_ASKED, _WAITING, _ANSWERS = "question.json", "waiting", "answers"


class Inbox:
    """A folder in a home, readable by its owner only: the files of each question that waits, and an answer for each."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "cache" / "reading"

    def put(self, question: Question[Any]) -> None:
        """Hands the files of a question to the process that reads them. OSError if the disk refuses."""
        target = self._waiting(question.key)
        if target.is_dir():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        temporary = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
        try:
            for place, file in enumerate(question.files):
                (temporary / str(place)).write_bytes(file.content())
            asked = {"names": [each.name for each in question.files], "options": dict(question.options)}
            (temporary / _ASKED).write_text(json.dumps(asked))
            try:
                os.replace(temporary, target)
            except OSError:  # somebody has brought the same meanwhile
                if not target.is_dir():
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def take(self, key: str) -> tuple[list[File], dict[str, Any]]:
        """Files and options of a question, which is no longer there afterwards. OSError if it is not there."""
        folder = self._waiting(key)
        asked = json.loads((folder / _ASKED).read_text())
        files = [(name, (folder / str(place)).read_bytes()) for place, name in enumerate(asked["names"])]
        self.drop(key)
        return files, asked["options"]

    def drop(self, key: str) -> None:
        """Forgets a question."""
        shutil.rmtree(self._waiting(key), ignore_errors=True)

    def slot(self, kind: str, key: str) -> Slot:
        """The place of an answer. kind: of the parser."""
        return Slot(self.folder / _ANSWERS / f"{key}.npz", kind, key)

    def clean(self, most_bytes: int = MOST_BYTES) -> None:
        """Removes what is too old, which a killed process may have left, and the oldest of too many answers."""
        for name, seconds in ((_WAITING, WAIT_SECONDS), (_ANSWERS, KEEP_SECONDS)):
            for path in (self.folder / name).glob("*"):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > seconds:
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
        room = most_bytes
        for _, size, path in sorted(self._answers(), reverse=True):
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)

    def _waiting(self, key: str) -> Path:
        return self.folder / _WAITING / key

    def _answers(self) -> Iterator[tuple[float, int, Path]]:
        """When each was written, its bytes, and where it is."""
        for path in (self.folder / _ANSWERS).glob("*.npz"):
            with suppress(OSError):
                found = path.stat()
                yield found.st_mtime, found.st_size, path
