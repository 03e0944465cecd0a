"""The memory of this process, and a limit to it where the system has one."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def limit_memory(most: int) -> None:
    """Lets this process have so many bytes of memory, beyond which MemoryError is raised.

    Linux counts what a process writes to, other systems all of its addresses; Windows and macOS enforce nothing.
    """
    if resource:
        kind = _kind()
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def memory_limit() -> int:
    """The limit in bytes; 0 if there is none."""
    if not resource:
        return 0
    soft = resource.getrlimit(_kind())[0]
    return 0 if soft == resource.RLIM_INFINITY else soft


def resident_memory() -> int:
    """Bytes of memory that this process has now; 0 where the system does not tell.

    Not the peak of `getrusage`: on Linux that begins with the peak of the process that started this one.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _kind() -> int:
    return resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
