"""Texts that people write in a room: their names, questions and choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from aecore import foreign

LONGEST_NAME, LONGEST_TEXT, LONGEST_CHOICE = 30, 280, 60


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut to `longest` characters."""
    return foreign.one_line(unicodedata.normalize("NFC", text))[:longest].strip()


def name_among(wanted: str, others: Collection[str]) -> str:
    """A name that no other has: as wanted, "Guest" for none, with a number where it is taken."""
    taken = {each.casefold() for each in others}
    name = one_line(wanted, LONGEST_NAME)
    if name and name.casefold() not in taken:
        return name
    stem, number = (name[: LONGEST_NAME - 4].strip(), 2) if name else ("Guest", 1)
    while f"{stem} {number}".casefold() in taken:
        number += 1
    return f"{stem} {number}"
