"""What is searched: a tick for each setting, and its values or its range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from aecore.experiment.settings import suggestions
from aecore.experiment.sweep import Sweep
from aecore.experiment.sweep_searches import Range, Search, Values, range_of, searchable
from aecore.settings import Knob, SettingsError, parse
from ui.screens.sweep.link import AROUND, keep_space
from ui.widgets.forms import as_text, in_form_words, word

FORMS = ("Range", "Values")
BETWEEN_SIZES = ";"
"""Between two lists of sizes of layers, which have commas themselves."""


def search_form(sweep: Sweep) -> None:
    """A box with the searched settings, and for each what is tried; changes are written into the address."""
    knobs = searchable(sweep.variant)
    st.session_state["sweep_searched"] = list(sweep.searched)

    def keep() -> None:
        chosen = st.session_state["sweep_searched"]
        searched = {name: sweep.searched.get(name) or _first_search(sweep, knobs[name]) for name in chosen}
        fixed = {name: value for name, value in sweep.fixed.items() if name not in searched}
        keep_space(replace(sweep, searched=searched, fixed=fixed))

    st.multiselect(
        "Settings to search", tuple(knobs), format_func=lambda name: knobs[name].label, key="sweep_searched",
        on_change=keep, placeholder="Choose at least one",
        help="The settings that differ from run to run. All others are the same for all runs.",
    )  # fmt: skip
    for name, search in sweep.searched.items():
        with st.container(border=True, key=f"search-{name}", gap="small"):
            _search_box(sweep, knobs[name], search)


def _search_box(sweep: Sweep, knob: Knob, search: Search) -> None:
    is_number = knob.kind in (int, float)
    if is_number and not sweep.is_grid:
        key = f"form-{knob.name}"
        st.session_state[key] = FORMS[isinstance(search, Values)]
        st.segmented_control(
            knob.label, FORMS, key=key, required=True, help=knob.help,
            on_change=lambda: _keep(sweep, knob, _other_form(sweep, knob, search)),
        )  # fmt: skip
    if isinstance(search, Range):
        _range_box(sweep, knob, search)
    elif knob.choices or knob.kind is bool:
        _choices(sweep, knob, search)
    else:
        label = "Values" if is_number and not sweep.is_grid else knob.label
        _values_box(sweep, knob, search, label)


def _range_box(sweep: Sweep, knob: Knob, search: Range) -> None:
    ends = []
    for column, place, end in zip(st.columns(2), ("From", "To"), (search.low, search.high), strict=True):
        key = f"{place}-{knob.name}"
        ends.append(key)
        st.session_state[key] = str(end)
        column.text_input(
            place, key=key, on_change=lambda: _keep_ends(sweep, knob, ends),
            help=f"{'Included. Drawn evenly on a logarithmic scale' if search.is_log else 'Included. Drawn evenly'}; "
            f"possible is {knob.low:g} to {knob.high:g}.",
        )  # fmt: skip


def _keep_ends(sweep: Sweep, knob: Knob, keys: Sequence[str]) -> None:
    def read() -> Search:
        low, high = (parse(knob, st.session_state[key]) for key in keys)
        return range_of(knob, low, high)

    _keep_read(sweep, knob, read)


def _choices(sweep: Sweep, knob: Knob, search: Values) -> None:
    key, options = f"values-{knob.name}", knob.choices or (True, False)
    st.session_state[key] = list(search.values)
    st.pills(
        knob.label, options, key=key, selection_mode="multi", help=knob.help,
        format_func=word if knob.choices else lambda value: "Yes" if value else "No",
        on_change=lambda: _keep(sweep, knob, Values(tuple(each for each in options if each in st.session_state[key]))),
    )  # fmt: skip


def _values_box(sweep: Sweep, knob: Knob, search: Values, label: str) -> None:
    key = f"values-{knob.name}"
    st.session_state[key] = values_text(knob, search)
    between = "semicolons; none stands for no hidden layer" if knob.kind is tuple else "commas"
    bounds = f" From {knob.low:g} to {knob.high:g}." if knob.low is not None and knob.high is not None else ""
    st.text_input(
        label, key=key, help=f"{knob.help} What to try, with {between} between.{bounds}",
        on_change=lambda: _keep_read(sweep, knob, lambda: values_of(knob, st.session_state[key])),
    )  # fmt: skip


def values_text(knob: Knob, search: Values) -> str:
    """The values as typed: '2, 4, 8', or '64, 32; none'."""
    if knob.kind is tuple:
        return f"{BETWEEN_SIZES} ".join(as_text(value) or "none" for value in search.values)
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in search.values)


def values_of(knob: Knob, text: str) -> Values:
    """The values that such a text names. SettingsError if one of them cannot be read or is out of bounds."""
    pieces = text.split(BETWEEN_SIZES) if knob.kind is tuple else re.split(r"[,;\s]+", text)
    typed = [each.strip() for each in pieces if each.strip()]
    if not typed:
        raise SettingsError(f"{knob.name} is searched, but no value of it is named.")
    return Values(tuple(dict.fromkeys(() if each == "none" else parse(knob, each) for each in typed)))


def _keep_read(sweep: Sweep, knob: Knob, read: Any) -> None:
    try:
        _keep(sweep, knob, read())
    except SettingsError as error:
        st.session_state["notice"] = in_form_words(str(error), (knob,))


def _keep(sweep: Sweep, knob: Knob, search: Search) -> None:
    keep_space(replace(sweep, searched={**sweep.searched, knob.name: search}))


def _first_search(sweep: Sweep, knob: Knob) -> Search:
    """What is tried of a setting that has just been ticked: a range of numbers around the usual one, all choices."""
    usual = sweep.fixed.get(knob.name, suggestions(sweep.data, sweep.variant).get(knob.name, knob.default))
    if knob.choices:
        return Values(tuple(each for each in knob.choices if knob.name != "corruption" or each in ("none", "masking")))
    if knob.kind is bool:
        return Values((False, True))
    if knob.kind is tuple:
        return Values(tuple(dict.fromkeys(((usual and tuple(usual)) or (), (64,)))))
    return _range_around(knob, usual) if not sweep.is_grid else _values_around(knob, usual)


def _other_form(sweep: Sweep, knob: Knob, search: Search) -> Search:
    numbers = (search.low, search.high) if isinstance(search, Range) else search.values
    if isinstance(search, Range):
        return _values_around(knob, None, search)
    low, high = min(numbers), max(numbers)
    return range_of(knob, low, high) if low < high else _range_around(knob, low)


def _range_around(knob: Knob, usual: float) -> Range:
    low, high = (knob.low or 0.0, knob.high if knob.high is not None else usual * AROUND + 1)
    if knob.name == "seed":
        return range_of(knob, 0, 999)
    ends = (usual / AROUND, usual * AROUND) if knob.log else (usual / 2, usual * 2)
    if usual == 0:
        ends = (low, min(high, 0.1 if knob.kind is float else 10))
    first, last = max(low, ends[0]), min(high, ends[1])
    if knob.kind is int:
        first, last = max(round(first), round(low)), max(round(last), round(first) + 1)
    return range_of(knob, *(float(f"{end:.3g}") for end in (first, last)))


def _values_around(knob: Knob, usual: Any, search: Range | None = None) -> Values:
    found = search or _range_around(knob, usual)
    middle = (found.low * found.high) ** 0.5 if found.is_log else (found.low + found.high) / 2
    shown = round(middle) if knob.kind is int else float(f"{middle:.2g}")
    return Values(tuple(dict.fromkeys((found.low, min(found.high, max(found.low, shown)), found.high))))
