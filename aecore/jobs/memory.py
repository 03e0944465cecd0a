"""The memory of this process, and a limit to it: of the system where it enforces one, else of a thread that looks."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

LOOK_SECONDS = 0.05
"""Between two looks at the memory of a process that watches itself."""


_most = 0


def limit_memory(most: int) -> bool:
    """Lets this process have so many bytes of memory, beyond which MemoryError is raised; false where the system
    enforces nothing, as on Windows and macOS.

    Linux counts what a process writes to, other systems all of its addresses.
    """
    global _most
    _most = most
    if resource is None or sys.platform == "darwin":
        return False
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    try:
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    except (ValueError, OSError):
        return False
    return True


def watch_memory(most: int, exceeded: Callable[[], None], taken: Callable[[], int] | None = None) -> threading.Thread:
    """Calls `exceeded` once this process takes more than so many bytes, from a thread that looks again and again.

    It looks late while something holds Python's lock, so a single step may take more. taken: `resident_memory`
    unless given.
    """
    look = taken or resident_memory

    def watch() -> None:
        while look() <= most:
            time.sleep(LOOK_SECONDS)
        exceeded()

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    return thread


def too_much_memory() -> str:
    """The sentence of an upload that needs more memory than this process may have."""
    if not _most:
        return "There is not enough memory to read this. Bring a part of it."
    return (
        f"Reading this needs more than {_most / 2**30:,.1f} GB of memory, the most that an upload may take. "
        "Bring a part of it."
    )


def resident_memory() -> int:
    """Bytes of memory that this process has now; on Windows with those that were moved to the disk.

    Not the peak of `getrusage`: on Linux that begins with the peak of the process that started this one.
    """
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import psutil

    found = psutil.Process().memory_info()
    return int(getattr(found, "private", found.rss))
