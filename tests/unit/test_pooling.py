"""Pooling, unpooling and deconvolution: numbers by hand, the same from PyTorch, and what the board says of them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from aecore.worked_examples import pooling_torch
from aecore.worked_examples.pooling import (
    WAYS,
    PoolingError,
    Way,
    checked_image,
    checked_kernel,
    crowded_windows,
    follow,
    hidden_negatives,
    lost,
    squared_error,
)
from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from ui.screens.pooling.steps import board_data

every_image = pytest.mark.parametrize("name", IMAGES)
every_way = pytest.mark.parametrize("way", WAYS)


def as_torch(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.copy())[None, None]


def said(name: str, way: Way, step: int) -> str:
    """What the board says at a step, numbers without a decimal point where they need none."""
    pieces = board_data(follow(IMAGES[name], way, KERNELS["Tent"]), 0)["steps"][step]["say"]
    return "".join(piece if isinstance(piece, str) else f"{piece:g}" for piece in pieces)


def test_the_first_example_by_hand() -> None:
    trace = follow(IMAGES["One per window"], "switch", KERNELS["Tent"])
    assert trace.pooled.tolist() == [[5, 3], [8, 2]]
    assert trace.switches.tolist() == [[1, 6], [12, 11]]
    assert trace.deconvolution.parts[2].tolist() == [[0] * 4, [0] * 4, [0] * 4, [8, 0, 0, 0]]
    assert trace.deconvolution.kernels[2].tolist() == [[0, 0], [1, 0]]
    assert trace.deconvolution.total.tolist() == trace.image.tolist()
    assert (trace.deconvolution.overlaps == 1).all()
    assert squared_error(trace.image, trace.top_left) == 2 * (25 + 9 + 64 + 4)
    assert squared_error(trace.image, trace.repeated) == 3 * (25 + 9 + 64 + 4)


def test_of_equal_numbers_the_first_in_reading_order_is_taken() -> None:
    trace = follow(IMAGES["Flat patches"], "switch", KERNELS["Tent"])
    assert trace.switches.tolist() == [[0, 2], [8, 10]]
    assert squared_error(trace.image, trace.repeated) == 0
    assert squared_error(trace.image, trace.unpooled) == 3 * (9 + 49 + 1 + 25)


def test_the_largest_of_four_negatives_is_kept_and_one_among_zeros_is_lost() -> None:
    trace = follow(IMAGES["Below zero"], "switch", KERNELS["Tent"])
    assert trace.pooled.tolist() == [[-1, 0], [2, 4]]
    assert trace.unpooled[0, 0] == -1
    assert trace.unpooled[1, 2] == 0
    assert hidden_negatives(trace.image).tolist() == [[False, True], [False, False]]
    assert crowded_windows(trace.image).tolist() == [[True, False], [True, True]]


def test_a_tent_on_the_pooled_map_joins_its_values_by_straight_lines() -> None:
    image = np.zeros((4, 4))
    image[::2, ::2] = [[2, 4], [6, 8]]
    total = follow(image, "stride", KERNELS["Tent"]).deconvolution.total
    assert total.tolist() == [[2, 3, 4, 2], [4, 5, 6, 3], [6, 7, 8, 4], [3, 3.5, 4, 2]]


def test_overlaps_count_the_kernels_over_each_cell() -> None:
    overlaps = follow(IMAGES["Flat patches"], "stride", KERNELS["Box"]).deconvolution.overlaps
    assert overlaps.tolist() == [[1, 2, 1, 1], [2, 4, 2, 2], [1, 2, 1, 1], [1, 2, 1, 1]]


def test_a_kernel_that_repeats_does_what_repeating_does() -> None:
    trace = follow(IMAGES["Drawn two"], "stride", KERNELS["Repeat"])
    assert (trace.deconvolution.total == trace.repeated).all()


@every_image
@every_way
def test_pytorch_gives_the_same_numbers(name: str, way: Way) -> None:
    trace = follow(IMAGES[name], way, KERNELS["Tent"])
    pooled, switches = F.max_pool2d(as_torch(trace.image), 2, return_indices=True)
    unpooled, kernel = F.max_unpool2d(pooled, switches, 2), as_torch(trace.kernel)
    assert (pooled[0, 0].numpy() == trace.pooled).all()
    assert (switches[0, 0].numpy() == trace.switches).all()
    assert (unpooled[0, 0].numpy() == trace.unpooled).all()
    expected = {
        "switch": unpooled,
        "spread": F.conv_transpose2d(unpooled, kernel, padding=1),
        "stride": F.conv_transpose2d(pooled, kernel, stride=2, padding=1, output_padding=1),
    }[way]
    np.testing.assert_allclose(trace.deconvolution.total, expected[0, 0].numpy(), atol=1e-12)


def test_stride_two_is_top_left_and_then_stride_one() -> None:
    trace = follow(IMAGES["Drawn two"], "stride", KERNELS["Tent"])
    expected = F.conv_transpose2d(as_torch(trace.top_left), as_torch(trace.kernel), padding=1)[0, 0].numpy()
    np.testing.assert_allclose(trace.deconvolution.total, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([[1, 2], [3, 4]], "2 x 2"), (np.zeros((4, 5)), "4 x 5"), (np.zeros((12, 12)), "12 x 12"),
        ([[1, 2], [3]], "equally long"), ([["x"] * 4] * 4, "no number"), (None, "table"),
        (np.full((4, 4), np.nan), "1,000,000"), (np.full((4, 4), -2e6), "1,000,000"), ([], "table"),
    ],
)  # fmt: skip
def test_an_image_that_cannot_be_used_is_refused_in_a_sentence(values: object, word: str) -> None:
    with pytest.raises(PoolingError, match=word):
        checked_image(values)  # type: ignore[arg-type]


def test_a_kernel_must_have_nine_cells() -> None:
    with pytest.raises(PoolingError, match="2 x 2"):
        checked_kernel([[1, 2], [3, 4]])


def test_zeros_stay_zeros_and_a_million_is_no_stack_trace() -> None:
    for value in (0.0, 1e6, -1e6):
        for way in WAYS:
            data = board_data(follow(np.full((10, 10), value), way, np.full((3, 3), -1e6)), 0)
            assert "NaN" not in (text := json.dumps(data))
            assert "Infinity" not in text


def test_rounding_in_the_last_digits_is_no_loss() -> None:
    assert not lost(np.array([[0.3]]), np.array([[0.1 + 0.2]])).any()
    assert lost(np.array([[1e6, 0.0]]), np.array([[1e6, 1e-4]])).tolist() == [[False, True]]


def test_the_board_says_the_arithmetic_of_each_step() -> None:
    assert (
        said("One per window", "switch", 1)
        == "max(0, 5, 0, 0) = 5, found top right: switch 1, that is row 1, column 2."
    )
    assert said("Two in a window", "switch", 5).endswith("Lost here: 4.")
    assert said("Flat patches", "switch", 1).endswith("All four cells hold 3: the first in reading order is taken.")
    assert said("One per window", "spread", 10).endswith(
        "4 of its cells overlap what lies there, and the numbers are summed: row 1, column 2: 5 + 0.75 = 5.75."
    )
    assert "5 of its 9 cells fall off the edge" in said("Below zero", "stride", 9)
    assert said("Below zero", "stride", 9).startswith("(-1) × the kernel")


def test_the_conclusion_names_the_reason_of_every_loss() -> None:
    assert said("One per window", "switch", -1).startswith("The switches reconstruct the image exactly")
    assert "2 of 16 cells differ. 2 windows hold more than one number" in said("Two in a window", "switch", -1)
    assert "One window holds zeros and one number below zero" in said("Below zero", "switch", -1)


def test_the_board_marks_the_answer_that_comes_closest() -> None:
    answers = board_data(follow(IMAGES["Flat patches"], "stride", KERNELS["Tent"]), 0)["answers"]
    assert [answer["best"] for answer in answers] == [False, False, True, False]
    assert answers[2]["lost"] == []


def test_the_layers_of_pytorch_and_the_worked_example_agree_on_a_digit() -> None:
    image = np.array(IMAGES["Drawn two"], np.float32)[None, None] / 9
    trace, there = follow(image[0, 0], "switch", KERNELS["Tent"]), pooling_torch.there_and_back(image)
    assert (there.switches[0, 0] == trace.switches).all()
    for found, expected in zip(there.back[:, 0, 0], (trace.unpooled, trace.top_left, trace.repeated), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_fitted_kernel_is_found_again_and_no_other_is_better() -> None:
    rng = np.random.default_rng(1)
    maps, true = rng.normal(size=(40, 1, 8, 8)).astype(np.float32), rng.normal(size=(3, 3)).astype(np.float32)
    pictures = pooling_torch.deconvolved(maps, true)
    np.testing.assert_allclose(pooling_torch.fit_kernel(maps, pictures), true, atol=1e-4)
    noisy = pictures + rng.normal(size=pictures.shape).astype(np.float32)
    best = pooling_torch.fit_kernel(maps, noisy)
    error = np.square(pooling_torch.deconvolved(maps, best) - noisy).sum(dtype=np.float64)
    for _ in range(20):
        other = best + 0.01 * rng.normal(size=(3, 3)).astype(np.float32)
        assert np.square(pooling_torch.deconvolved(maps, other) - noisy).sum(dtype=np.float64) > error


def test_on_real_digits_switches_help_after_the_deconvolution() -> None:
    from aecore.datasets import load

    data = load("digits")
    found = pooling_torch.losses(data.train.x, data.test.x)
    assert found.fitted[0] < found.fitted[1:].min() < found.plain.min()
    assert found.closest.sum() == pytest.approx(1)
    assert found.blank == pytest.approx(np.square(data.test.x).mean(), rel=1e-4)
    back = pooling_torch.there_and_back(data.test.x).back
    np.testing.assert_allclose(found.plain, [np.square(maps - data.test.x).mean() for maps in back], rtol=1e-4)
