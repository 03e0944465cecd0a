"""Pooling of any image: PyTorch's numbers, exact exactly when each window allows it,
sums that are the sum of their parts.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aecore.worked_examples.pooling import (
    CORNERS,
    MOST,
    SIDES,
    WAYS,
    corner_of,
    crowded_windows,
    follow,
    hidden_negatives,
    windows,
)
from ui.screens.pooling.link import as_text, from_text

few = settings(max_examples=60, derandomize=True, database=None)
numbers = st.one_of(st.sampled_from([0.0, 0.0, 1.0, -1.0, 3.0]), st.floats(-MOST, MOST))
images = st.tuples(st.sampled_from(SIDES), st.sampled_from(SIDES)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=numbers)
)
sparse = st.tuples(st.sampled_from(SIDES), st.sampled_from(SIDES)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([-2.0, 5.0]), fill=st.just(0.0))
)
kernels = arrays(np.float64, (3, 3), elements=st.floats(-4, 4))


@few
@given(images, st.sampled_from(WAYS), kernels)
def test_any_image_is_pooled_and_unpooled_as_pytorch_does_it(image: np.ndarray, way: str, kernel: np.ndarray) -> None:
    trace = follow(image, way, kernel)  # type: ignore[arg-type]
    pooled, switches = F.max_pool2d(torch.from_numpy(trace.image)[None, None], 2, return_indices=True)
    assert (pooled[0, 0].numpy() == trace.pooled).all()
    assert (switches[0, 0].numpy() == trace.switches).all()
    unpooled = F.max_unpool2d(pooled, switches, 2)
    assert (unpooled[0, 0].numpy() == trace.unpooled).all()
    parts, size = trace.deconvolution, max(1.0, np.abs(trace.deconvolution.parts).max())
    np.testing.assert_allclose(parts.total, parts.parts.sum(0), atol=1e-12 * size)
    weight = torch.from_numpy(trace.kernel)[None, None]
    if way == "spread":
        expected = F.conv_transpose2d(unpooled, weight, padding=1)
    elif way == "stride":
        expected = F.conv_transpose2d(pooled, weight, stride=2, padding=1, output_padding=1)
    else:
        expected = unpooled
    np.testing.assert_allclose(parts.total, expected[0, 0].numpy(), atol=1e-9 * size)


@few
@given(st.one_of(images, sparse))
def test_the_way_back_is_exact_exactly_when_no_window_is_crowded_and_none_hides_a_negative(image: np.ndarray) -> None:
    trace = follow(image, "switch", np.eye(3))
    allowed = not crowded_windows(trace.image).any() and not hidden_negatives(trace.image).any()
    assert (trace.unpooled == trace.image).all() == allowed
    assert (trace.deconvolution.total == trace.unpooled).all()


@few
@given(images)
def test_a_switch_points_into_its_window_at_the_value_that_was_kept(image: np.ndarray) -> None:
    trace = follow(image, "switch", np.eye(3))
    corner = corner_of(trace.switches, trace.image.shape)
    assert corner.min() >= 0
    assert corner.max() < len(CORNERS)
    assert (np.take_along_axis(windows(trace.image), corner[..., None], -1)[..., 0] == trace.pooled).all()


@few
@given(images)
def test_an_image_survives_the_address(image: np.ndarray) -> None:
    assert (from_text(as_text(image + 0.0), "image") == image).all()
