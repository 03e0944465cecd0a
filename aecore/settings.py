"""Typed settings: one `knob` line defines the default, the help and the bounds for form, option and run file."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import types
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

SEPARATORS = re.compile(r"[,;\s]+|(?<=\d)-(?=\d)")
"""Between the sizes of layers: "512, 128", "512 128" and "512-128" are the same; "-5" is a number below zero."""


TOO_LARGE = 10**300
"""Whole numbers from here on count as infinite, and so as out of bounds: no float holds them."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the setting, its value and what is allowed."""


@dataclass(frozen=True)
class Knob:
    """Description of one setting. `kind` is bool, int, float, str, tuple (of ints) or Literal.

    former: its name in runs, links and commands of earlier versions, which is still understood.
    """

    name: str
    kind: Any
    default: Any
    help: str
    label: str
    low: float | None = None
    high: float | None = None
    log: bool = False
    choices: tuple[str, ...] = ()
    advanced: bool = False
    former: str = ""

    def check(self, value: Any) -> Any:
        """The value in its proper type; SettingsError if it has another type or lies out of bounds."""
        value = _typed(self, value)
        for number in value if self.kind is tuple else (value,):
            if self.kind in (int, float, tuple) and not self._is_within(number):
                raise SettingsError(f"{self.name} is {_written(number)}; it must {self._bounds()}.")
        if self.choices and value not in self.choices:
            raise SettingsError(f"{self.name} is '{value}'; it must be one of {', '.join(self.choices)}.")
        return value

    def _is_within(self, number: float) -> bool:
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return low <= number <= high and -math.inf < number < math.inf

    def _bounds(self) -> str:
        if self.low is not None and self.high is not None:
            return f"lie between {self.low:g} and {self.high:g}"
        if self.low is not None:
            return f"be at least {self.low:g}"
        return f"be at most {self.high:g}" if self.high is not None else "be a finite number"


LABELS = {"seed": "Random seed"}
"""Labels of knobs that have none of their own and are not called as their field."""


def knob(
    default: Any,
    help: str,
    *,
    label: str = "",
    low: float | None = None,
    high: float | None = None,
    log: bool = False,
    advanced: bool = False,
    former: str = "",
) -> Any:
    """A dataclass field that knows its help, its label and its bounds (inclusive);
    `log` asks for a logarithmic slider.
    """
    about = {"help": help, "label": label, "low": low, "high": high, "log": log, "advanced": advanced}
    about["former"] = former
    return dataclasses.field(default=default, metadata=about)


class Settings:
    """Base of every settings class: a frozen dataclass whose fields are knobs. SettingsError if a value is refused."""

    def __post_init__(self) -> None:
        for each in self.knobs():
            object.__setattr__(self, each.name, each.check(getattr(self, each.name)))

    @classmethod
    @cache
    def knobs(cls) -> tuple[Knob, ...]:
        """The knobs of this class, in the order they are written."""
        hints = get_type_hints(cls)
        return tuple(_knob_of(field, hints[field.name]) for field in dataclasses.fields(cls))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Settings from names and values; missing names take their default, SettingsError on an unknown name."""
        known, values = {each.name for each in cls.knobs()}, present_names(values, cls.knobs())
        for name in values:
            if name not in known:
                raise SettingsError(f"There is no setting '{name}' here; the settings are {', '.join(sorted(known))}.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Names and JSON-ready values."""
        values = {each.name: getattr(self, each.name) for each in self.knobs()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def to_json(self) -> str:
        """The same as a line of JSON."""
        return json.dumps(self.to_dict())

    def replace(self, **changes: Any) -> Self:
        """A copy with some values changed, checked like any other."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]  # every subclass is a dataclass


def present_names(values: dict[str, Any], knobs: Iterable[Knob]) -> dict[str, Any]:
    """The same values under the present names of these knobs; a present name counts before its former one."""
    former = {each.former: each.name for each in knobs if each.former}
    renamed = {former[name]: value for name, value in values.items() if name in former}
    return renamed | {name: value for name, value in values.items() if name not in former}


def _knob_of(field: dataclasses.Field[Any], hint: Any) -> Knob:
    origin = get_origin(hint)
    if origin is types.UnionType:
        raise TypeError(f"{field.name}: a knob has one type")
    kind = origin if origin in (tuple, Literal) else hint
    choices = tuple(get_args(hint)) if origin is Literal else ()
    about = dict(field.metadata)
    about["label"] = about["label"] or LABELS.get(field.name, field.name.replace("_", " ").capitalize())
    return Knob(field.name, kind, field.default, choices=choices, **about)


def _written(number: float) -> str:
    """A number for a sentence; very long ones are cut short."""
    text = str(number) if isinstance(number, int) else f"{number:g}"
    return text if len(text) <= 24 else f"{text[:20]}… ({len(text)} digits)"


def _typed(each: Knob, value: Any) -> Any:
    if each.kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        is_huge = isinstance(value, int) and abs(value) >= TOO_LARGE
        return math.copysign(math.inf, value > 0 or -1) if is_huge else float(value)
    if each.kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if each.kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if each.kind is tuple and isinstance(value, list | tuple) and all(type(item) is int for item in value):
        return tuple(value)
    if each.kind in (bool, str) and isinstance(value, each.kind):
        return value
    if each.kind is Literal and isinstance(value, str):
        return value
    wanted: dict[Any, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    wanted |= {tuple: "a list of whole numbers", Literal: "one of " + ", ".join(each.choices)}
    raise SettingsError(f"{each.name} is {value!r}; it must be {wanted[each.kind]}.")


def parse(each: Knob, text: str) -> Any:
    """The value of a typed text for a knob ("0.5", "512, 256", "true"); SettingsError if it cannot be read."""
    text = text.strip()
    try:
        if each.kind is bool:
            return each.check(
                {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
            )
        if each.kind is tuple:
            return each.check(tuple(int(part) for part in SEPARATORS.split(text) if part))
        if each.kind in (int, float):
            return each.check(each.kind(text))
    except (KeyError, ValueError) as error:
        if isinstance(error, SettingsError):
            raise
        return each.check(text)  # raises the error for a wrong type
    return each.check(text)
