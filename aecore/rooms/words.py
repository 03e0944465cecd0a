"""Texts that people write in a room: their names, questions and choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

LONGEST_NAME, LONGEST_TEXT, LONGEST_CHOICE = 30, 280, 60


def one_line(text: str, longest: int) -> str:
    """The text on one line: without control and direction marks, blanks in a row made one, cut to `longest`."""
    kept = "".join(
        " " if each.isspace() else each for each in unicodedata.normalize("NFC", text)
        if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )  # fmt: skip
    return " ".join(kept.split())[:longest].strip()


def name_among(wanted: str, others: Collection[str]) -> str:
    """A name that no other has: as wanted, "Guest" for none, with a number where it is taken."""
    taken = {each.casefold() for each in others}
    name = one_line(wanted, LONGEST_NAME)
    if name and name.casefold() not in taken:
        return name
    stem, number = (name[: LONGEST_NAME - 4], 2) if name else ("Guest", 1)
    while f"{stem} {number}".casefold() in taken:
        number += 1
    return f"{stem} {number}"
