"""Drawings made into examples: centred and scaled the way MNIST and the small digits were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import center_of_mass

from aecore.datasets import DataError, is_ready, load
from aecore.datasets.handwriting import from_photo, like, like_digits, like_mnist, without_padding


def bar(top: int, left: int, height: int, width: int, side: int = 112) -> np.ndarray:
    sheet = np.zeros((side, side), np.float32)
    sheet[top : top + height, left : left + width] = 1
    return sheet


@given(top=st.integers(0, 60), left=st.integers(0, 60), height=st.integers(6, 50), width=st.integers(6, 50))
def test_wherever_something_is_drawn_it_comes_out_in_the_middle_and_of_one_size(
    top: int, left: int, height: int, width: int
) -> None:
    x = like_mnist(bar(top, left, height, width))
    assert x.shape == (1, 28, 28)
    assert x.dtype == np.float32
    assert 0 <= x.min() <= x.max() <= 1
    assert center_of_mass(x[0]) == pytest.approx((14, 14), abs=0.51)
    rows, columns = (int((x[0] > 0.5).any(axis).sum()) for axis in (1, 0))
    assert abs(max(rows, columns) - 20) <= 2


def test_a_drawing_at_the_same_scale_is_prepared_just_the_same_wherever_it_is() -> None:
    first, second = (like_mnist(bar(top, left, 40, 20)) for top, left in ((0, 0), (60, 80)))
    assert np.array_equal(first, second)


@pytest.mark.skipif(not is_ready("mnist"), reason="MNIST is not on this machine; set AECORE_DATA")
def test_mnists_own_digits_are_prepared_to_themselves() -> None:
    x = load("mnist").test.x[:200]
    again = np.stack([like_mnist(each[0]) for each in x])
    assert np.square(again - x).mean() < 1e-6  # the average picture: 0.067
    elsewhere = np.stack([like_mnist(np.pad(each[0], ((0, 30), (20, 10)))) for each in x])
    assert np.array_equal(elsewhere, again)


def test_the_small_digits_count_ink_in_blocks() -> None:
    x = like_digits(bar(10, 10, 80, 80))
    assert x.shape == (1, 8, 8)
    assert x == pytest.approx(np.ones((1, 8, 8)))
    assert like_digits(bar(10, 10, 80, 20)).sum() == pytest.approx(16)


@pytest.mark.parametrize(
    ("data", "shape"),
    [("digits", (1, 8, 8)), ("mnist", (1, 28, 28)), ("faces", (3, 32, 32)), ("upload-x", (1, 24, 24))],
)
def test_a_drawing_becomes_an_example_of_any_data_set(data: str, shape: tuple[int, ...]) -> None:
    x = like(bar(20, 20, 60, 30), data, shape)
    assert x.shape == shape
    assert x.dtype == np.float32
    assert x.max() > 0.9
    with pytest.raises(DataError, match="The sheet is still empty"):
        like(np.zeros((112, 112)), data, shape)


@pytest.mark.parametrize(
    "drawing", [bar(5, 5, 1, 1), bar(0, 0, 112, 112), bar(3, 3, 100, 1)], ids=["dot", "all", "line"]
)
def test_odd_drawings_give_pictures_and_no_trouble(drawing: np.ndarray) -> None:
    for data, shape in (("digits", (1, 8, 8)), ("mnist", (1, 28, 28))):
        assert np.isfinite(like(drawing, data, shape)).all()


def test_dark_ink_on_bright_paper_becomes_white_on_black() -> None:
    rng = np.random.default_rng(0)
    ink = bar(20, 30, 50, 20)
    photo = 0.8 - 0.5 * ink + 0.02 * rng.standard_normal(ink.shape)
    assert from_photo(photo) == pytest.approx(ink, abs=0.05)
    assert from_photo(1 - photo) == pytest.approx(ink, abs=0.05)  # chalk on a blackboard
    with pytest.raises(DataError, match="about the same grey"):
        from_photo(np.full((64, 64), 0.7))


@pytest.mark.parametrize("is_wide", [True, False])
def test_the_white_bands_that_make_a_photograph_square_are_no_paper(is_wide: bool) -> None:
    photo = np.full((48, 64), 0.6, np.float32)  # grey paper, as cameras see it
    photo[10:38, 28:34] = 0.1
    padded = np.pad(photo, ((8, 8), (0, 0)), constant_values=1.0)
    photo, padded = (photo, padded) if is_wide else (photo.T, padded.T)
    assert np.array_equal(without_padding(padded), photo)
    assert np.array_equal(like_digits(from_photo(without_padding(padded))), like_digits(photo < 0.3))
    white = np.ones((64, 64), np.float32)
    assert without_padding(white).shape == (64, 64)
