"""Any sweep survives its link; its runs are within the bounds, all different, and the same for the same seed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from aecore.experiment.halving import Halving, Ladder
from aecore.experiment.sweep import MOST, Sweep, as_text, from_text
from aecore.experiment.sweep_searches import Range, Search, SweepError, Values, range_of, searchable
from aecore.settings import Knob
from aecore.variants import VARIANTS
from tests.properties.test_comparison_properties import WORDS, few, within

halvings = st.none() | st.builds(Halving, st.integers(2, 10), st.integers(1, 30))


@st.composite
def searches(draw: st.DrawFn, knob: Knob, *, is_grid: bool) -> Search:
    if knob.kind in (int, float) and not is_grid and draw(st.booleans()):
        ends = draw(st.lists(within(knob), min_size=2, max_size=2, unique=True))
        return range_of(knob, min(ends), max(ends))
    return Values(tuple(draw(st.lists(within(knob), min_size=1, max_size=4, unique=True))))


@st.composite
def sweeps(draw: st.DrawFn) -> Sweep:
    variant, runs = draw(st.sampled_from(sorted(VARIANTS))), draw(st.integers(0, 30))
    knobs = searchable(variant)
    names = draw(st.lists(st.sampled_from(sorted(knobs)), unique=True, min_size=1, max_size=4))
    searched, fixed = names[: max(1, len(names) - 1)], names[max(1, len(names) - 1) :]
    return Sweep(
        draw(st.sampled_from(["digits", "spiral"])), variant, {name: draw(within(knobs[name])) for name in fixed},
        {name: draw(searches(knobs[name], is_grid=runs == 0)) for name in searched}, runs,
        draw(st.integers(0, 2**31 - 1)), draw(halvings),
    )  # fmt: skip


@few
@given(sweeps())
def test_a_sweep_survives_its_link(sweep: Sweep) -> None:
    assert from_text(parse_qs(urlencode({"search": as_text(sweep)}))["search"][0]) == sweep


@few
@given(sweeps())
def test_runs_are_within_bounds_different_and_the_same_again(sweep: Sweep) -> None:
    complaint = ""
    try:
        points = sweep.points()
    except SweepError as error:
        points, complaint = [], str(error)
    if not points:
        assert complaint.endswith(".")
        return
    assert 1 <= len(points) <= MOST
    assert sweep.is_grid or len(points) == sweep.runs
    assert len({json.dumps(point) for point in points}) == len(points)
    assert from_text(as_text(sweep)).points() == points
    for point in points:
        assert list(point) == list(sweep.searched)
        for name, search in sweep.searched.items():
            is_in = (
                search.low <= point[name] <= search.high if isinstance(search, Range) else point[name] in search.values
            )
            assert is_in, (name, point[name])


@few
@given(st.one_of(st.text(max_size=80), st.lists(st.one_of(WORDS, st.just("..")), max_size=14).map("".join)))
def test_no_text_breaks_the_reader_of_links(text: str) -> None:
    sweep, complaint = None, ""
    try:
        sweep = from_text(text)
    except SweepError as error:
        complaint = str(error)
    assert complaint.endswith(".") if sweep is None else from_text(as_text(sweep)) == sweep


@few
@given(st.integers(2, 10), st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_best_run_so_far_always_goes_on(eta: int, errors: list[float]) -> None:
    ladder: Any = Ladder(Halving(eta, 1))
    goes_on = [ladder.arrive(1, str(number), error) for number, error in enumerate(errors)]
    assert all(goes_on[number] for number, error in enumerate(errors) if error <= min(errors[: number + 1]))
