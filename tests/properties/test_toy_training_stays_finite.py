"""Whatever the ratings, the weights and the rate: every number stays finite,
and what nobody has rated changes nothing.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aecore.worked_examples.toy_training import ORDERS, Ratings, Weights, course, epoch, visit
from ui.components.training_steps import pack
from ui.components.training_steps.lesson import LAST_EPOCH, Lesson

few = settings(max_examples=60, derandomize=True, database=None)
shares = st.floats(0, 1, allow_subnormal=False)
huge = st.floats(-1e100, 1e100, allow_nan=False)
sizes = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 8))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Weights, np.ndarray, np.ndarray]:
    hidden, films, rows = draw(sizes)
    shapes = ((hidden, films), (hidden,), (films, hidden), (films,))
    return Weights(*(draw(arrays(float, shape, elements=huge)) for shape in shapes)), draw(arrays(
        float, (rows, films), elements=shares)), draw(
        arrays(float, (rows, films), elements=st.sampled_from([0.0, 1.0]))
    )  # fmt: skip


@few
@given(drawn=tables(), rate=st.floats(0.01, 100), order=st.sampled_from(ORDERS))
def test_everything_stays_finite(drawn: tuple[Weights, np.ndarray, np.ndarray], rate: float, order: str) -> None:
    weights, x, mask = drawn
    ratings = Ratings.of(x, mask)
    for each in epoch(weights, ratings, rate, order).visits:
        for name in (field.name for field in fields(each)):
            value = getattr(each, name)
            parts = [getattr(value, part.name) for part in fields(value)] if isinstance(value, Weights) else [value]
            assert all(np.isfinite(part).all() for part in parts), name
        assert each.error >= 0
    assert np.isfinite(course(weights, ratings, rate, order, 3).errors).all()


@few
@given(drawn=tables(), others=st.data())
def test_what_stands_in_unrated_places_never_changes_a_gradient(
    drawn: tuple[Weights, np.ndarray, np.ndarray], others: st.DataObject
) -> None:
    weights, x, mask = drawn
    other = np.where(mask > 0, x, others.draw(arrays(float, x.shape, elements=shares)))
    for row in range(len(x)):
        one, two = visit(weights, Ratings.of(x, mask), row, 1.0), visit(weights, Ratings.of(other, mask), row, 1.0)
        assert all(
            np.array_equal(getattr(one.gradient, name), getattr(two.gradient, name))
            for name in ("w1", "b1", "w2", "b2")
        )
        assert not one.gradient.w2[mask[row] == 0].any()
        assert not one.gradient.w1[:, mask[row] == 0].any()


@settings(few, max_examples=15)
@given(
    rows=st.lists(st.text("012345", min_size=6, max_size=6), min_size=1, max_size=8), hidden=st.integers(1, 4),
    rate=st.sampled_from([0.01, 1.0, 100.0]),
    order=st.sampled_from(ORDERS), number=st.sampled_from([1, 2, 40, LAST_EPOCH]),
)  # fmt: skip
def test_what_is_sent_to_the_browser_is_finite(
    rows: list[str], hidden: int, rate: float, order: str, number: int
) -> None:
    def walk(value: object) -> None:
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                walk(part)
        elif isinstance(value, float):
            assert np.isfinite(value)

    walk(pack(Lesson("stars", ".".join(rows), hidden, rate, order), number))
