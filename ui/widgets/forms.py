"""Widgets of settings: a bool is a toggle, a choice a select, bounds a slider, log bounds a logarithmic slider."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import streamlit as st

from aecore.settings import Knob, SettingsError, parse
from ui.app.address import Custom, Flag, Integer, Kind, Number, Text
from ui.app.address_choices import OneOf
from ui.app.url_state import Param

LONGEST_TEXT = 400
"""Most letters of a typed setting, such as the sizes of layers."""

MOST_INTEGER = 2**31 - 1

WORDS = {
    "mse": "Squared error", "bce": "Cross-entropy", "sgd": "SGD with momentum", "adam": "Adam", "adamw": "AdamW",
    "rmsprop": "RMSprop", "relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "one-cycle": "One cycle", "cpu": "CPU",
    "cuda": "CUDA GPU", "mps": "Apple GPU", "salt-and-pepper": "Salt and pepper", "low-resolution": "Low resolution",
    "gaussian": "Gaussian", "dropout": "Dropout", "occlusion": "Occluding block",
    "greedy": "Layer by layer", "random": "All at once", "new-people": "New users", "known-people": "Known users",
}  # fmt: skip
"""Titles of choices, where capitalising is not enough."""


def ask(each: Knob, default: Any, prefix: str = "") -> Any:
    """Shows the widget of one knob and returns its value, which is stored in the session and in the address.

    prefix: of the setting's name, where another page has one of the same name.
    SettingsError if a typed value is invalid.
    """
    param = param_of(each, default, prefix)
    if each.former:
        _take_former(Param(prefix + each.former, param.kind), param)
    common = {"help": each.help, "persist_state": "session", **param.bound()}
    if each.kind is bool:
        return st.toggle(each.label, value=default, **common)
    if each.choices:
        return _choice(each, default, common)
    if each.kind is tuple or each.kind is str:
        text = st.text_input(
            each.label, value=as_text(default), placeholder="none" if each.kind is tuple else "", **common
        )
        return parse(each, text or "")
    if each.log:
        return _log_slider(each, default, common)
    if each.kind is float:
        return st.slider(each.label, each.low, each.high, float(default), step=(each.high - each.low) / 100, **common)  # type: ignore[operator]  # floats have bounds here
    return st.number_input(each.label, int(each.low or 0), int(each.high or MOST_INTEGER), int(default), **common)


def _take_former(former: Param, param: Param) -> None:
    """Gives the widget of the present name, which writes the address, the value in an address of an earlier version."""
    if former.is_there:
        value = former.asked()
        former.clear()
        if value is not None and not param.is_there:
            st.session_state.setdefault(param.name, value)


def param_of(each: Knob, default: Any, prefix: str = "") -> Param:
    """The parameter of the address for a setting, which refuses values out of bounds
    and unknown choices.
    """
    return Param(prefix + each.name, _kind(each), as_state(each, default))


def as_text(value: Any) -> str:
    """A value as typed text."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def as_state(each: Knob, value: Any) -> Any:
    """A value as stored by its widget in the session."""
    return as_text(value) if each.kind in (tuple, str) and not each.choices else value


def word(choice: str) -> str:
    """The title of a choice."""
    return WORDS.get(choice, choice.replace("-", " ").capitalize())


def in_form_words(message: str, knobs: Iterable[Knob]) -> str:
    """A sentence about settings, with their labels in the form: "Hidden layers" for "widths".

    A name that is also an English word, such as loss, is replaced only where it is unambiguous.
    """
    for each in knobs:
        label = each.label.replace("\\", r"\\")
        message = re.sub(rf"^{each.name}(?=:| is\b| must\b)", label, message)
        if "_" in each.name or each.name in ("widths", "channels"):
            message = re.sub(rf"\b{each.name}\b", label, message)
        else:
            message = re.sub(rf"\b(set|choose|or|and) {each.name} (?=to\b|up to\b|and\b)", rf"\1 {label} ", message)
        for choice in each.choices:
            message = message.replace(f"'{choice}'", f"“{word(choice)}”")
    return message


def _kind(each: Knob) -> Kind:
    if each.kind is bool:
        return Flag()
    if each.choices:
        return OneOf(each.choices, word)
    if each.kind in (tuple, str):  # typed values are validated where they are shown
        return Text(LONGEST_TEXT)
    low, high = each.low or 0, MOST_INTEGER if each.high is None else each.high
    if each.log:  # any number within the bounds, in the slider's format
        return Custom(lambda text: _parsed(each, text), _number_text(each))
    return Number(low, high) if each.kind is float else Integer(int(low), int(high))


def _parsed(each: Knob, text: str) -> Any:
    if not text.isascii():
        raise ValueError(f"{each.name} must be a number in plain digits")
    try:
        return parse(each, text)
    except SettingsError as error:
        raise ValueError(str(error).rstrip(".")) from None


def _number_text(each: Knob) -> Any:
    return (lambda number: f"{number:g}") if each.kind is float else str


def _choice(each: Knob, default: str, common: dict[str, Any]) -> str:
    if len(each.choices) <= 3:
        return st.segmented_control(
            each.label, each.choices, default=default, required=True, format_func=word, **common
        )
    return st.selectbox(each.label, each.choices, index=each.choices.index(default), format_func=word, **common)


def _log_slider(each: Knob, default: float, common: dict[str, Any]) -> float:
    """A slider over round numbers between the bounds, and any other number set by the address or a preset."""
    options = set(round_numbers(each.low, each.high, each.kind)) | {default}
    for known in (st.session_state.get(common["key"]), Param(common["key"], _kind(each)).read()):
        try:
            options |= {parse(each, str(known))} if known is not None else set()
        except SettingsError:
            continue
    return st.select_slider(each.label, sorted(options), value=default, format_func=_number_text(each), **common)


def round_numbers(low: float, high: float, kind: type) -> list[Any]:
    """1, 2, 3, 5, 7 times powers of ten within the bounds; and powers of two for integers."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 3, 5, 7)}
    if kind is int:
        numbers |= {float(2**power) for power in range(3, 14)}
        numbers = {number for number in numbers if number.is_integer()}
    return sorted(kind(number) for number in numbers if low <= number <= high)
