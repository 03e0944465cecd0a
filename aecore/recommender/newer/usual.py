"""The recommender of the Movies page where its address names none: built in, or one that took over."""

from __future__ import annotations

from pathlib import Path

from aecore.files import read_json, write_json
from aecore.recommender import BUILTIN

FILE = "films-recommender.json"


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
