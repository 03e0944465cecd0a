"""Lists of films without ratings: whether they are of films seen or of films to watch, by their names or as wanted."""

from __future__ import annotations

import re
from itertools import pairwise

SEEN, WATCHLIST = frozenset({"seen"}), frozenset({"watchlist"})

LISTS = {"out": None, "watch": WATCHLIST, "seen": SEEN}
"""Readings of a list without ratings -> the mark its films get."""

EACH = "each"
"""The choice that every file is read by what it says itself."""

_SIGNS = {
    "watch": {"watchlist", "watchlists", "watch list", "to watch"}, "seen": {"watched", "seen", "history", "diary"},
}  # fmt: skip
_NOT = {"not", "never", "no", "un", "haven", "havent", "hasn", "be", "unwatched", "unseen"}


def kind_of_list(name: str) -> str:
    """What the name of a list says: "watch", "seen", or "" if it says neither, or both, or that films were not seen."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())
    told = {kind for kind, signs in _SIGNS.items() if signs & {*words, *map(" ".join, pairwise(words))}}
    return told.pop() if len(told) == 1 and not _NOT & set(words) else ""
