"""The trash of all stores of uploaded content: emptied by age, and who may no longer restore what others keep."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from aecore.stores.content import DAY, LEAVING, LOCK, MOMENT, TRASH, WAIT_SECONDS
from aecore.stores.owners import FILE as OWNERS
from aecore.stores.owners import HOST, read_owners, write_owners

DRAFTS, DRAFT_DAYS = "drafts", 30.0
"""The folder, beside the entries of a kind, with texts as they were typed, which only an address names, and for how
many days they stay after they were kept last.
"""


def clear_drafts(home: Path, days: float = DRAFT_DAYS) -> int:
    """Removes drafts that nobody has kept again for so many days; returns how many."""
    gone = 0
    for each in sorted(home.glob(f"*/{DRAFTS}/*")):
        with suppress(OSError):
            if time.time() - each.lstat().st_mtime > days * DAY and not each.name.startswith("."):
                _remove(each)
                gone += 1
    return gone


def empty_trash(
    home: Path, days: float, visitors_days: float | None = None, is_spared: Callable[[str], bool] = lambda _: False
) -> int:
    """Permanently deletes what has been in the trash for longer; returns the number of entries.

    Entries without a date stay. visitors_days: of what only visitors have brought, if not `days`. is_spared: whether to
    leave an entry, by its name in the trash.
    """
    trash, gone = home / TRASH, 0
    for leftover in trash.glob(f"{LEAVING}*"):
        _remove(leftover)
    for each in sorted(trash.glob("*")) if trash.is_dir() else ():
        match = re.fullmatch(rf"[^.].*-({MOMENT})(\.json)?", each.name)
        if match is None or is_spared(each.name):
            continue
        most = days if visitors_days is None or _is_hosts(each) else visitors_days
        if time.time() - int(match[1]) / 1e9 > most * DAY:
            leaving = trash / f"{LEAVING}{each.name}"
            with suppress(OSError), FileLock(home / LOCK, timeout=WAIT_SECONDS):
                os.replace(each, leaving)  # as a whole: nobody restores half of it
                gone += 1
            _remove(leaving)
    return gone


def forget_deleters(home: Path, is_over: Callable[[str, str, float], bool]) -> int:
    """Forgets who has deleted what others still keep: they can no longer restore it. Returns how many were forgotten.

    is_over: from an entry's id, the tag of who has deleted it, and the seconds since 1970 at which they did, whether
    that is to be forgotten.
    """
    forgotten = 0
    for path in sorted(home.glob(f"*/*/{OWNERS}")):
        folder = path.parent
        if folder.parent.name == TRASH or folder.name.startswith("."):
            continue
        with suppress(OSError):  # it was moved this very moment, or the disk refuses
            found = read_owners(folder).deleted
            over = {owner: moment for owner, moment in found.items() if is_over(folder.name, owner, moment / 1e9)}
            if over:
                with FileLock(home / LOCK, timeout=WAIT_SECONDS):
                    owners = read_owners(folder)
                    over = {each: moment for each, moment in over.items() if owners.deleted.get(each) == moment}
                    write_owners(folder, owners.without_deleters(over))
                forgotten += len(over)
    return forgotten


def _is_hosts(entry: Path) -> bool:
    """Whether the host keeps it, or has deleted it, or that is not known."""
    try:
        return not entry.is_dir() or read_owners(entry).know(HOST)
    except OSError:
        return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
