"""The parser of imported ratings, for processes that read for the server."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.readers.parsers import File, Parser
from aecore.recommender.profiles.importers import ImportProblem, Meaning, Parsed, SeveralUsersError, read


def _read(files: Sequence[File], user: int | None = None, scale: str = "", lists: str = "") -> Parsed:
    return read(files, user, meaning=Meaning(scale, lists))


FILMS = Parser("read films", _read, Parsed, (SeveralUsersError, ImportProblem))
