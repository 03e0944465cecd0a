"""Any race survives its link, no link breaks the reader, and the Pareto front is what its definition says."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qs, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.datasets import DATASETS
from aecore.experiment.comparison import (
    FEWEST,
    MOST,
    SHARED,
    Comparison,
    ComparisonEntry,
    ComparisonError,
    as_text,
    entry_knobs,
    from_text,
    shared_knobs,
)
from aecore.metrics.pareto import pareto_front
from aecore.settings import Knob
from aecore.variants import VARIANTS

few = settings(max_examples=60, derandomize=True, database=None)


def within(each: Knob) -> st.SearchStrategy[Any]:
    """Values that a knob allows."""
    if each.kind is bool:
        return st.booleans()
    if each.choices:
        return st.sampled_from(each.choices)
    if each.kind is float:
        return st.floats(each.low, each.high, allow_nan=False, allow_infinity=False)
    if each.kind is str:
        return st.text("abcXYZ019-", max_size=8)
    whole = st.integers(math.ceil(each.low or 0), math.floor(each.high or 9999))
    return st.lists(whole, max_size=4).map(tuple) if each.kind is tuple else whole


@st.composite
def entries(draw: st.DrawFn) -> ComparisonEntry:
    variant = draw(st.sampled_from(sorted(VARIANTS)))
    knobs = entry_knobs(variant)
    chosen = draw(st.lists(st.sampled_from(sorted(knobs)), unique=True, max_size=3))
    return ComparisonEntry(variant, {name: draw(within(knobs[name])) for name in chosen})


@st.composite
def races(draw: st.DrawFn) -> Comparison:
    shared = {name: draw(within(knob)) for name, knob in shared_knobs().items()}
    return Comparison(
        draw(st.sampled_from(sorted(DATASETS))),
        entries=tuple(draw(st.lists(entries(), min_size=FEWEST, max_size=MOST))),
        **shared,
    )


@few
@given(races())
def test_a_race_survives_its_link(race: Comparison) -> None:
    address = urlencode({"race": as_text(race)})
    assert from_text(parse_qs(address)["race"][0]) == race


@few
@given(races())
def test_the_link_of_a_race_is_read_by_people_too(race: Comparison) -> None:
    text = as_text(race)
    assert urlencode({"race": text}) == f"race={text.replace('+', '%2B')}", (
        "nothing in it needs an escape, but the plus of 1e+20"
    )
    assert all(f"{name}_" in text for name in SHARED)


WORDS = st.sampled_from(
    [
        "digits",
        "linear",
        "~",
        "__",
        "_",
        "epochs",
        "latent_size",
        "5",
        "-",
        "none",
        "seed",
        "\x00",
        "é",
        "undercomplete",
        "1e999",
        "٣",
    ]
)


@few
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map("".join)))
def test_no_text_breaks_the_reader_of_links(text: str) -> None:
    race, complaint = None, ""
    try:
        race = from_text(text)
    except ComparisonError as error:
        complaint = str(error)
    assert complaint.endswith(".") if race is None else from_text(as_text(race)) == race
    assert len(complaint) < 700


def beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one != other


coordinates = st.one_of(st.integers(0, 4).map(float), st.floats(0, 1e6))


@few
@given(st.lists(st.tuples(coordinates, coordinates), max_size=14))
def test_on_the_pareto_front_is_exactly_what_nothing_beats(points: list[tuple[float, float]]) -> None:
    front = pareto_front(points)
    assert sorted(front) == [i for i, point in enumerate(points) if not any(beats(other, point) for other in points)]
    assert [points[i] for i in front] == sorted(points[i] for i in front)
