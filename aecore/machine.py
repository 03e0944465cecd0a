"""What this machine has: memory and room on the disk."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

CONTAINER = Path("/sys/fs/cgroup/memory.max")
"""What Linux lets the processes of a container have."""


def memory_bytes(unknown: float = 4 * 2**30) -> float:
    """Bytes of memory of the machine, or of the container; `unknown` where the system does not tell."""
    try:
        found: float = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        found = 0
    if found <= 0:
        found = unknown
    with suppress(OSError, ValueError):  # "max" where there is no limit
        found = min(found, int(CONTAINER.read_text()))
    return found


def disk_bytes(folder: Path) -> tuple[int, int]:
    """Bytes of the disk on which a folder lies or will lie, and those that are free."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free
