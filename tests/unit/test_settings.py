"""Settings: what a knob accepts, what it refuses and in which words, and the round trip through JSON."""

from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError, dataclass
from typing import Any, Literal

import pytest

from aecore.settings import Knob, Settings, SettingsError, knob, parse


@dataclass(frozen=True)
class Example(Settings):
    """One knob of every kind."""

    rate: float = knob(0.5, "A rate.", low=0.0, high=1.0)
    count: int = knob(3, "A count.", low=1, high=10)
    least: int = knob(5, "No upper bound.", low=5)
    most: float = knob(1.0, "No lower bound.", high=2.0)
    free: float = knob(0.0, "No bounds.")
    is_on: bool = knob(True, "A switch.")
    widths: tuple[int, ...] = knob((4, 2), "A list.", low=1, high=100, label="Layers")
    kind: Literal["red", "green"] = knob("red", "A choice.")
    note: str = knob("", "A text.")


def knob_of(name: str) -> Knob:
    return next(each for each in Example.knobs() if each.name == name)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("rate", 1.25, "lie between 0 and 1"),
        ("rate", -0.5, "lie between 0 and 1"),
        ("count", 0, "lie between 1 and 10"),
        ("count", 11, "lie between 1 and 10"),
        ("least", 4, "be at least 5"),
        ("most", 2.5, "be at most 2"),
    ],
)
def test_a_number_out_of_bounds_is_refused_with_setting_value_and_bounds(name: str, value: float, allowed: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Example(**{name: value})
    assert str(refusal.value) == f"{name} is {value:g}; it must {allowed}."


@pytest.mark.parametrize(
    ("name", "value"), [("rate", 0.0), ("rate", 1.0), ("count", 1), ("count", 10), ("widths", (1, 100)), ("widths", ())]
)
def test_the_bounds_themselves_are_allowed(name: str, value: Any) -> None:
    assert getattr(Example(**{name: value}), name) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["rate", "most", "free"])
def test_what_is_no_finite_number_is_refused_with_or_without_bounds(name: str, value: float) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is {value:g}; it must "):
        Example(**{name: value})


@pytest.mark.parametrize("name", ["rate", "count", "free"])
def test_a_whole_number_too_large_for_a_float_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is "):
        Example(**{name: 10**400})


@pytest.mark.parametrize("value", [2**31, 123_456_789])
def test_a_refused_number_is_told_in_full(value: int) -> None:
    with pytest.raises(SettingsError) as refusal:
        Example(count=value)
    assert str(value) in str(refusal.value).replace(",", "")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("rate", "0.5", "a number"), ("rate", True, "a number"), ("rate", None, "a number"),
        ("count", 2.5, "a whole number"), ("count", True, "a whole number"), ("count", "3", "a whole number"),
        ("count", math.inf, "a whole number"), ("is_on", 1, "true or false"), ("is_on", "true", "true or false"),
        ("widths", 5, "a list of whole numbers"), ("widths", [4, 2.0], "a list of whole numbers"),
        ("widths", "42", "a list of whole numbers"), ("widths", [True], "a list of whole numbers"),
        ("kind", 1, "one of red, green"), ("kind", ["red"], "one of red, green"),
        ("note", 7, "text"),
    ],
)  # fmt: skip
def test_another_type_is_refused_with_setting_value_and_what_it_must_be(name: str, value: Any, wanted: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Example(**{name: value})
    assert str(refusal.value) == f"{name} is {value!r}; it must be {wanted}."


def test_one_bad_layer_in_a_list_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^widths is 101; it must lie between 1 and 100\.$"):
        Example(widths=(4, 101, 2))


def test_a_choice_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(SettingsError, match=r"^kind is 'blue'; it must be one of red, green\.$"):
        Example(kind="blue")  # type: ignore[arg-type]


def test_a_whole_number_is_a_number_and_a_float_without_a_fraction_is_whole() -> None:
    settings = Example(rate=1, count=3.0)  # type: ignore[arg-type]
    assert (settings.rate, type(settings.rate)) == (1.0, float)
    assert (settings.count, type(settings.count)) == (3, int)


def test_settings_survive_json() -> None:
    before = Example(rate=0.1, count=7, widths=(9, 8, 7), kind="green", is_on=False, note="ä\n")
    after = Example.from_dict(json.loads(before.to_json()))
    assert after == before
    assert isinstance(after.widths, tuple)


def test_missing_names_take_their_default() -> None:
    assert Example.from_dict({"count": 4}) == Example(count=4)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"^There is no setting 'counts' here; the settings are count, free, .*widths\.$"
    ):
        Example.from_dict({"counts": 4})


def test_a_changed_copy_is_checked_and_the_original_stays() -> None:
    before = Example()
    assert before.replace(count=4).count == 4
    assert before.count == 3
    with pytest.raises(SettingsError, match="count is 40"):
        before.replace(count=40)
    with pytest.raises(FrozenInstanceError):
        before.count = 4  # type: ignore[misc]


def test_a_knob_knows_all_that_a_form_needs() -> None:
    each = knob_of("widths")
    assert (each.kind, each.default, each.help, each.label, each.low, each.high) == (
        tuple,
        (4, 2),
        "A list.",
        "Layers",
        1,
        100,
    )
    assert knob_of("is_on").label == "Is on"
    assert knob_of("kind").choices == ("red", "green")
    assert [each.name for each in Example.knobs()] == [
        "rate",
        "count",
        "least",
        "most",
        "free",
        "is_on",
        "widths",
        "kind",
        "note",
    ]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rate", " 0.25 ", 0.25), ("rate", "1e-1", 0.1), ("count", "7", 7), ("is_on", "No", False),
        ("is_on", "1", True), ("widths", "64, 32", (64, 32)), ("widths", "64-32", (64, 32)),
        ("widths", "64 32", (64, 32)), ("widths", "", ()), ("kind", "green", "green"), ("note", "a word", "a word"),
    ],
)  # fmt: skip
def test_what_a_person_types_is_read(name: str, text: str, value: Any) -> None:
    parsed = parse(knob_of(name), text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rate", "half"), ("rate", "nan"), ("rate", "1e999"), ("rate", "2"), ("count", "2.5"), ("count", ""),
        ("count", "9" * 400), ("is_on", "maybe"), ("widths", "64, x"), ("widths", "64, 0"), ("kind", "blue"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_settings_name(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is "):
        parse(knob_of(name), text)


def test_a_negative_layer_size_is_refused_and_not_read_as_a_positive_one() -> None:
    with pytest.raises(SettingsError, match="^widths is "):
        parse(knob_of("widths"), "-5")
