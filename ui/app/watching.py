"""Many watch the same: what is drawn for one of them is sent to all.

Where a class watches a run, each browser asks again and again for the same part of its page, and Streamlit would run
the part each time: a thread, the widgets of the session, some forty messages, most of them as before. Here such a
request is answered without a run if nothing has happened in its tab since the part was run there last, and if the part
has just been run for another tab that sees the same: then those messages are sent that differ from what the browser
has, and no others. Who watches alone always gets a run of their own. `shown_to_all` brings this into Streamlit.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ui.app.streamlit_inside import ForwardMsg

FRESH = 0.3
"""Seconds for which what one has been shown will do for others."""

LATE = 3.0
"""Seconds for which it will do while a newer one is being drawn, on a busy server."""

MOST = 32
"""Parts, as different people see them, that are kept."""


@dataclass(frozen=True)
class Shown:
    """Messages that draw a part. group: all that they follow from, but for the moment at which the run began."""

    group: Hashable
    began: float
    messages: tuple[ForwardMsg, ...]
    marks: tuple[tuple[tuple[int, ...], bool, str], ...] = field(init=False)
    """Of each message: its place on the page, whether it is an element, and its hash."""

    def __post_init__(self) -> None:
        marks = ((tuple(each.metadata.delta_path), each.delta.HasField("new_element"), each.hash)
            for each in self.messages)  # fmt: skip
        object.__setattr__(self, "marks", tuple(marks))


def differences(before: Shown, now: Shown) -> list[ForwardMsg] | None:
    """The messages of `now` that a browser lacks that has `before`; None where more than some elements differ."""
    if len(before.marks) != len(now.marks):
        return None
    changed = []
    for old, new, message in zip(before.marks, now.marks, now.messages, strict=True):
        if old != new:
            if old[:2] != new[:2] or not new[1]:
                return None
            changed.append(message)
    return changed


@dataclass
class _Tab:
    """The last run of a tab, which was one of this part alone. state: what its request said of the tab."""

    part: str
    state: Hashable
    shown: Shown | None = None
    group: Hashable = None
    stays: Callable[[], bool] = lambda: True


@dataclass
class _Latest:
    """What was shown last of a group, and when a tab was asked to run the part anew, which goes on."""

    shown: Shown
    asked: float = float("-inf")


class Watching:
    """What has been shown of parts that refresh themselves, and to whom. Tabs are any objects; clock: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._tabs: WeakKeyDictionary[Any, _Tab] = WeakKeyDictionary()
        self._latest: OrderedDict[Hashable, _Latest] = OrderedDict()

    def request(self, tab: object, part: str, state: Hashable, *, is_idle: bool) -> list[ForwardMsg] | None:
        """What a tab lacks whose part asks for its next refresh; None where the part is to be run for it.

        is_idle: whether nothing runs for this tab.
        """
        with self._lock:
            known = self._tabs.pop(tab, None)
            if not is_idle:
                return None
            if known and known.shown and (known.part, known.state) == (part, state):
                latest = self._latest.get(known.shown.group)
                changed = self._changed(known, latest) if latest else None
                if latest and changed is not None:
                    known.shown = latest.shown
                    self._tabs[tab] = known
                    return changed
            group = known.group if known else None
            self._tabs[tab] = _Tab(part, state, group=group)
            return None

    def _changed(self, known: _Tab, latest: _Latest) -> list[ForwardMsg] | None:
        now = self.clock()
        if known.shown is None or latest.shown.began < known.shown.began or not known.stays():
            return None
        if now - latest.shown.began >= FRESH and now - latest.asked >= LATE:
            latest.asked = now  # this tab runs the part for all
            return None
        return differences(known.shown, latest.shown)

    def forget(self, tab: object) -> None:
        """Something else runs for this tab."""
        with self._lock:
            self._tabs.pop(tab, None)

    def is_awaited(self, tab: object, part: str) -> bool:
        """Whether this run of a part is the only one for the tab."""
        with self._lock:
            known = self._tabs.get(tab)
            return known is not None and known.part == part

    def note(self, tab: object, part: str, shown: Shown, stays: Callable[[], bool]) -> None:
        """A part has been shown in this tab. stays: says at each request whether it is to be asked for as often."""
        with self._lock:
            known = self._tabs.get(tab)
            if known is None or known.part != part:
                return
            if known.group != shown.group:
                self._latest.pop(known.group, None)  # whose next run was to be this one
            known.shown, known.group, known.stays = shown, shown.group, stays
            latest = self._latest.get(shown.group)
            if latest is None or latest.shown.began <= shown.began:
                self._latest[shown.group] = _Latest(shown)
                self._latest.move_to_end(shown.group)
                while len(self._latest) > MOST:
                    self._latest.popitem(last=False)

    def failed(self, tab: object) -> None:
        """A part could not be drawn to its end, or not for all: what is known of it is true no longer."""
        with self._lock:
            known = self._tabs.pop(tab, None)
            if known and known.group is not None:
                self._latest.pop(known.group, None)
