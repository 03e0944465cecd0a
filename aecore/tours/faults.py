"""What is wrong with the file of a tour, with the line where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aecore.foreign import one_line

MOST_TOLD = 50
QUOTED = 40


@dataclass(frozen=True)
class Fault:
    """line: counted from 1. text: what is wrong, and what to do."""

    line: int
    text: str


class TourError(ValueError):
    """A tour that cannot be shown. faults: all that was found, in the order of their lines; empty if it is not there.

    The message has a line for each, with file and number of the line.
    """

    def __init__(self, file: str, faults: Sequence[Fault] = (), message: str = "") -> None:
        self.file = file
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))[:MOST_TOLD]
        super().__init__(message or "\n".join(f"{file}, line {each.line}: {each.text}" for each in self.faults))


def quoted(text: str) -> str:
    """A text of the file in quotation marks, on one line and cut short."""
    plain = one_line(text)
    return f"“{plain[:QUOTED]}…”" if len(plain) > QUOTED else f"“{plain}”"
