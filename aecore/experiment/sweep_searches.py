"""What a sweep tries of one setting: single values, or a range from which numbers are drawn."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from aecore.experiment.setting_text import BETWEEN_SETTINGS, value_of, written
from aecore.experiment.settings import parts_of
from aecore.settings import Knob, SettingsError

NOT_SEARCHED = ("leave_out", "device", "precision")
"""A class left out changes the examples that errors are measured on; the other two change how arithmetic is done."""

DIGITS = 4
"""Significant digits of a drawn number."""

TO = ".."


class SweepError(SettingsError):
    """A sweep that cannot be run; the message says why."""


@dataclass(frozen=True)
class Values:
    """Values of a setting, each of which is tried."""

    values: tuple[Any, ...]

    def draw(self, rng: random.Random) -> Any:
        """One of them."""
        return self.values[rng.randrange(len(self.values))]

    def text(self) -> str:
        """`2__4__8`."""
        return BETWEEN_SETTINGS.join(map(written, self.values))


@dataclass(frozen=True)
class Range:
    """A range of numbers, both ends included. is_log: numbers are drawn evenly on a logarithmic scale."""

    low: float
    high: float
    is_log: bool = False
    is_whole: bool = False

    def draw(self, rng: random.Random) -> float:
        """A number of the range, with a few significant digits where it is no whole one."""
        low, high = (self.low - 0.5, self.high + 0.5) if self.is_whole else (self.low, self.high)
        found = math.exp(rng.uniform(math.log(low), math.log(high))) if self.is_log else rng.uniform(low, high)
        if self.is_whole:
            return int(min(self.high, max(self.low, round(found))))
        return min(self.high, max(self.low, float(f"{found:.{DIGITS}g}")))

    def text(self) -> str:
        """`0.0005..0.05`."""
        return f"{self.low}{TO}{self.high}"


Search = Values | Range


def searchable(variant: str) -> dict[str, Knob]:
    """The knobs of a variant and its training that a sweep can search."""
    return {each.name: each for part in parts_of(variant) for each in part.knobs() if each.name not in NOT_SEARCHED}


def range_of(knob: Knob, low: float, high: float) -> Range:
    """The range of a knob; SettingsError if an end of it is out of the knob's bounds or no number."""
    ends = [knob.check(end) for end in (low, high)]
    return Range(*ends, is_log=knob.log and low > 0, is_whole=knob.kind is int)


def search_of(name: str, *texts: str, variant: str) -> tuple[str, Search]:
    """The name of a knob and what is searched of it, from texts: values one by one, or one text such as `0.1..0.5`.

    SettingsError if there is no such knob, or a value is out of its bounds.
    """
    knobs = searchable(variant)
    if name not in knobs:
        raise SettingsError(f"'{name[:40]}' cannot be searched for {variant}; there are {', '.join(knobs)}.")
    knob = knobs[name]
    if len(texts) == 1 and TO in texts[0]:
        if knob.kind not in (int, float):
            raise SettingsError(f"{name} has no range; name the values to try.")
        low, _, high = texts[0].partition(TO)
        return name, range_of(knob, value_of(knob, low), value_of(knob, high))
    return name, Values(tuple(dict.fromkeys(value_of(knob, text) for text in texts)))


def check_search(knob: Knob, search: Search, *, is_grid: bool) -> None:
    """SweepError that names the setting unless this can be searched of it, in a grid or at random."""
    try:
        if isinstance(search, Values):
            if not search.values:
                raise SweepError(f"{knob.name} is searched, but no value of it is named.")
            for value in search.values:
                knob.check(value)
            return
        if is_grid:
            raise SweepError(
                f"{knob.name} is a range, and a grid needs single values. Name the values to try, or draw at random."
            )
        for end in (search.low, search.high):
            knob.check(end)
    except SettingsError as error:
        raise SweepError(str(error)) from None
    if not search.low < search.high:
        raise SweepError(
            f"The range of {knob.name} is empty: it goes from {search.low:g} to {search.high:g}. "
            "Its first number must be the smaller one."
        )
    if search.is_whole != (knob.kind is int) or knob.kind not in (int, float):
        raise SweepError(f"{knob.name} has no such range; name the values to try.")
    if search.is_log and not search.low > 0:
        raise SweepError(f"{knob.name} is drawn on a logarithmic scale, so its range must begin above 0.")
