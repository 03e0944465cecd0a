"""Texts that people write in a room: their names, questions and choices; and what a room is called in sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aecore import foreign

LONGEST_NAME, LONGEST_TEXT, LONGEST_CHOICE = 30, 280, 60

MOST_PASTED = 500
"""Characters that a field for one of these takes: more than are kept, since a browser's field refuses what is pasted
into it and longer, without a word.
"""

MOST_MARKS = 3
"""Accents on one letter: more would grow over the lines around it."""

_EMPTY = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Signs that count as letters and have no shape."""

_UNSEEN = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
"""Joiners and selectors, which change how their neighbours look, or nothing."""


_called: ContextVar[str] = ContextVar("what a room is called", default="room")


def room_word() -> str:
    """What sentences call a room: "room", or what it is meanwhile `called`."""
    return _called.get()


@contextmanager
def called(word: str) -> Iterator[None]:
    """Lets what is refused meanwhile speak of rooms under another word."""
    before = _called.set(word)
    try:
        yield
    finally:
        _called.reset(before)


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut to `longest` characters; "" where nothing of it is to be seen."""
    shown = foreign.one_line(unicodedata.normalize("NFC", text).translate(_EMPTY))
    shown = "".join(_with_few_marks(shown))[:longest].strip()
    return shown if any(not (each.isspace() or _is_mark(each)) for each in _UNSEEN.sub("", shown)) else ""


def look(name: str) -> str:
    """The same for names that look alike: case, width and what has no shape make no difference."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", name)).casefold()


def name_among(wanted: str, others: Collection[str]) -> str:
    """A name like no other: as wanted, "Guest" for none, with a number where it is taken."""
    taken = {look(each) for each in others}
    name = one_line(wanted, LONGEST_NAME)
    if name and look(name) not in taken:
        return name
    stem, number = (name[: LONGEST_NAME - 4].strip(), 2) if name else ("Guest", 1)
    while look(f"{stem} {number}") in taken:
        number += 1
    return f"{stem} {number}"


def _with_few_marks(text: str) -> Iterator[str]:
    marks = 0
    for each in text:
        marks = marks + 1 if _is_mark(each) else 0
        if marks <= MOST_MARKS:
            yield each


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me")
