"""Kinds of values in an address, each read from text and written as text, or refused with a reason.

Independent of Streamlit; choices and keys are in `address_choices`. A kind's `read` takes the texts under one name
(an address may repeat a name) and raises `Refused` if they are invalid; `written` returns texts from which `read`
restores the value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

LONGEST_NUMBER = 40
"""Most letters of a number."""


class Refused(ValueError):
    """An invalid text. The message says what it must be, or is a sentence of its own."""


class Kind(Protocol):
    """A kind of values in an address."""

    def read(self, texts: Sequence[str]) -> Any:
        """The value. Refused if the texts are invalid."""
        ...

    def written(self, value: Any) -> list[str]:
        """The texts of a value."""
        ...


@dataclass(frozen=True)
class Number:
    """A finite number between two bounds, both included."""

    low: float
    high: float

    def read(self, texts: Sequence[str]) -> float:
        """'0.5' -> 0.5."""
        value = _finite(texts[-1])
        if value is None or not self.low <= value <= self.high:
            raise Refused(f"must be a number from {self.low:,g} to {self.high:,g}")
        return value

    def written(self, value: float) -> list[str]:
        """The shortest text that gives the same number."""
        return [str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))]


@dataclass(frozen=True)
class Integer:
    """A whole number between two bounds, both included; without `high`, as large as a widget can hold."""

    low: int = 0
    high: int = 2**53 - 1

    def read(self, texts: Sequence[str]) -> int:
        """'12' -> 12."""
        value = _finite(texts[-1])
        if value is None or not value.is_integer() or not self.low <= value <= self.high:
            bound = f"from {self.low:,} to {self.high:,}" if self.high < 2**53 - 1 else f"of at least {self.low:,}"
            raise Refused(f"must be a whole number {bound}")
        return int(value)

    def written(self, value: int) -> list[str]:
        """Its digits."""
        return [str(value)]


@dataclass(frozen=True)
class Interval:
    """Two whole numbers within bounds, the smaller first: the name stands twice in the address."""

    low: int
    high: int

    def read(self, texts: Sequence[str]) -> tuple[int, int]:
        """'1990', '2005' -> (1990, 2005)."""
        one = Integer(self.low, self.high)
        try:
            first, last = (one.read([text]) for text in texts)
        except ValueError:  # Refused, or not two of them
            raise Refused(f"must be given twice, as two whole numbers from {self.low} to {self.high}") from None
        return min(first, last), max(first, last)

    def written(self, value: tuple[int, int]) -> list[str]:
        """Both numbers."""
        return [str(each) for each in value]


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, texts: Sequence[str]) -> bool:
        """'true' -> True."""
        known = {"true": True, "false": False}
        if texts[-1].lower() not in known:
            raise Refused("must be true or false")
        return known[texts[-1].lower()]

    def written(self, value: bool) -> list[str]:
        """In small letters."""
        return [str(value).lower()]


@dataclass(frozen=True)
class Text:
    """Text as typed, on one line."""

    longest: int

    def read(self, texts: Sequence[str]) -> str:
        """The text itself."""
        if len(texts[-1]) > self.longest or not texts[-1].isprintable():
            raise Refused(f"must be at most {self.longest:,} letters on one line")
        return texts[-1]

    def written(self, value: str) -> list[str]:
        """The text itself."""
        return [value]


@dataclass(frozen=True)
class Custom:
    """Anything with a text format of its own.

    `parse` raises ValueError with a reason; `write` returns a text that it parses to the same value.
    """

    parse: Callable[[str], Any]
    write: Callable[[Any], str]

    def read(self, texts: Sequence[str]) -> Any:
        """The text through `parse`."""
        try:
            return self.parse(texts[-1])
        except ValueError as error:
            raise Refused(str(error)) from None

    def written(self, value: Any) -> list[str]:
        """The value through `write`."""
        return [self.write(value)]


def _finite(text: str) -> float | None:
    """A finite number written in plain digits, or None."""
    try:
        value = float(text) if text.isascii() and len(text) <= LONGEST_NUMBER else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
