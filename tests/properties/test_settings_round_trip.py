"""Any settings within bounds survive their file; any outside are refused, never bent."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.experiment.settings import CorruptionSettings, SelectionSettings
from aecore.settings import Knob, Settings, SettingsError, parse
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS

CLASSES: list[type[Settings]] = [
    *(variant.settings_class for variant in VARIANTS.values()),
    CorruptionSettings,
    SelectionSettings,
    TrainingSettings,
]
KNOBS = [(part, each) for part in CLASSES for each in part.knobs()]
NUMBERS = [
    (part, each)
    for part, each in KNOBS
    if each.kind in (int, float, tuple) and not (each.low is None and each.high is None)
]
every_class = pytest.mark.parametrize("part", CLASSES, ids=lambda part: part.__name__)
every_knob = pytest.mark.parametrize(
    ("part", "each"), KNOBS, ids=lambda value: getattr(value, "name", getattr(value, "__name__", ""))
)
every_number = pytest.mark.parametrize(
    ("part", "each"), NUMBERS, ids=lambda value: getattr(value, "name", getattr(value, "__name__", ""))
)
few = settings(max_examples=40, derandomize=True, database=None)
fewer = settings(few, max_examples=15)
"""Of each knob, where there are more than a hundred, most of them the same in many classes."""


def within(each: Knob) -> st.SearchStrategy[Any]:
    """Every value that a knob allows."""
    low, high = each.low, each.high
    if each.kind is bool:
        return st.booleans()
    if each.choices:
        return st.sampled_from(each.choices)
    if each.kind is float:
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    if each.kind is str:
        return st.text()
    whole = st.integers(None if low is None else math.ceil(low), None if high is None else math.floor(high))
    return st.lists(whole, max_size=6).map(tuple) if each.kind is tuple else whole


def outside(each: Knob) -> st.SearchStrategy[Any]:
    """Numbers of the knob's type beyond its bounds, the nearest ones included, and what is no finite number."""
    sides: list[st.SearchStrategy[Any]] = []
    if each.kind is float:
        sides += [st.sampled_from([math.nan, math.inf, -math.inf])]
        sides += [st.floats(max_value=each.low, exclude_max=True, allow_nan=False)] if each.low is not None else []
        sides += [st.floats(min_value=each.high, exclude_min=True, allow_nan=False)] if each.high is not None else []
        return st.one_of(sides)
    sides += [st.integers(max_value=math.ceil(each.low) - 1)] if each.low is not None else []
    sides += [st.integers(min_value=math.floor(each.high) + 1)] if each.high is not None else []
    number = st.one_of(sides)
    return (
        st.tuples(within(each), number, within(each)).map(lambda three: (*three[0], three[1], *three[2]))
        if each.kind is tuple
        else number
    )


def typed(each: Knob, value: Any) -> str:
    """A value as a person would type it."""
    return ", ".join(map(str, value)) if each.kind is tuple else str(value)


@every_class
@few
@given(data=st.data())
def test_any_values_within_bounds_survive_the_file(part: type[Settings], data: st.DataObject) -> None:
    values = {each.name: data.draw(within(each), label=each.name) for each in part.knobs()}
    before = part.from_dict(values)
    assert {each.name: getattr(before, each.name) for each in part.knobs()} == values
    after = part.from_dict(json.loads(before.to_json()))
    assert after == before
    assert [type(getattr(after, each.name)) for each in part.knobs()] == [
        type(getattr(before, each.name)) for each in part.knobs()
    ]


@pytest.mark.long
@every_number
@few
@given(data=st.data())
def test_any_value_out_of_bounds_is_refused_by_name(part: type[Settings], each: Knob, data: st.DataObject) -> None:
    value = data.draw(outside(each))
    with pytest.raises(SettingsError, match=f"^{each.name} is "):
        part.from_dict({each.name: value})
    with pytest.raises(SettingsError, match=f"^{each.name} is "):
        parse(each, typed(each, value))


@every_knob
@few
@given(data=st.data())
def test_what_a_person_types_is_what_is_set(part: type[Settings], each: Knob, data: st.DataObject) -> None:
    if each.kind is not str:
        value = data.draw(within(each))
        assert parse(each, f" {typed(each, value)} ") == value


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@pytest.mark.long
@every_knob
@fewer
@given(value=JSON)
def test_any_junk_is_taken_unbent_or_refused_by_name(part: type[Settings], each: Knob, value: Any) -> None:
    try:
        taken = getattr(part.from_dict({each.name: value}), each.name)
    except SettingsError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert (list(taken) if each.kind is tuple else taken) == value
    assert refusal == "" or refusal.startswith(f"{each.name} is ")


@every_class
@few
@given(name=st.text())
def test_any_unknown_name_is_refused(part: type[Settings], name: str) -> None:
    if name not in {each.name for each in part.knobs()}:
        with pytest.raises(SettingsError, match="There is no setting"):
            part.from_dict({name: 1})
