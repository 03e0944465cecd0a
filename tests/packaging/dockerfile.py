"""A Dockerfile as a list of instructions, with what .dockerignore keeps from the builder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word in capitals, and the rest on one line."""

    word: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile, comments left out and continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    parts = [line.split(None, 1) for line in joined.splitlines() if line.strip()]
    return [Instruction(part[0].upper(), part[1] if len(part) > 1 else "") for part in parts]


def is_sent(path: Path, ignored: str) -> bool:
    """Whether a file (relative to the context) goes to the builder: the last line of
    .dockerignore that fits decides.
    """
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    sent = True
    for line in ignored.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        bare = pattern.removeprefix("!")
        if any(_fits(name, bare) for name in names):
            sent = pattern.startswith("!")
    return sent


def _fits(name: str, pattern: str) -> bool:
    """Docker's rule: `*` stays within a folder's name, `**/` stands for any folders or none."""
    if pattern.startswith("**/"):
        return fnmatch(name.rsplit("/", 1)[-1], pattern[3:])
    return name.count("/") == pattern.count("/") and name != "." and fnmatch(name, pattern)
