"""Chains of corruptions: what is done, in which order, and what stands in a link."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aecore.corruption import CORRUPTIONS
from aecore.corruption.chain import MOST, CorruptionError, CorruptionStep, apply, as_text, from_text, kinds

IMAGE = (1, 8, 8)
chains = st.lists(
    st.builds(CorruptionStep, st.sampled_from(sorted(CORRUPTIONS)), st.integers(0, 100).map(lambda n: n / 100)),
    max_size=MOST,
).map(tuple)


def pictures(count: int = 5) -> np.ndarray:
    return np.random.default_rng(0).random((count, *IMAGE), dtype=np.float32)


@given(chains)
def test_a_chain_is_read_back_from_its_link(chain: tuple[CorruptionStep, ...]) -> None:
    assert from_text(as_text(chain), IMAGE) == chain


@given(chains, st.integers(0, 9999))
def test_any_chain_gives_finite_pictures_and_leaves_the_clean_ones_alone(
    chain: tuple[CorruptionStep, ...], seed: int
) -> None:
    x = pictures()
    before = x.copy()
    noisy = apply(x, chain, seed)
    assert noisy.shape == x.shape
    assert noisy.dtype == np.float32
    assert np.isfinite(noisy).all()
    assert np.array_equal(x, before)
    assert np.array_equal(apply(x, chain, seed), noisy)


def test_each_corruption_is_applied_to_what_the_one_before_left() -> None:
    x, chain = pictures(), (CorruptionStep("masking", 0.5), CorruptionStep("blur", 0.5))
    masked = CORRUPTIONS["masking"].apply(torch.from_numpy(x), 0.5, torch.Generator().manual_seed(7000))
    blurred = CORRUPTIONS["blur"].apply(masked, 0.5, torch.Generator().manual_seed(7001))
    assert np.array_equal(apply(x, chain, 7), blurred.numpy())
    assert not np.array_equal(apply(x, chain[::-1], 7), blurred.numpy())


def test_what_comes_later_does_not_change_what_came_before() -> None:
    x = pictures()
    once = apply(x, (CorruptionStep("gaussian", 0.3),), 1)
    twice = apply(x, (CorruptionStep("gaussian", 0.3), CorruptionStep("gaussian", 0.0)), 1)
    assert np.array_equal(once, twice)


def test_a_table_knows_no_blur() -> None:
    assert "blur" not in kinds((12,))
    with pytest.raises(CorruptionError, match="'blur', which there is not"):
        from_text("blur_0.5", (12,))
    with pytest.raises(CorruptionError, match="'blur' cannot be done"):
        apply(np.zeros((3, 12), np.float32), (CorruptionStep("blur", 0.5),), 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nothing_0.5", "'nothing', which there is not"), ("gaussian_2", "must be a number from 0 to 1"),
        ("gaussian_x", "strength 'x'"), ("gaussian_nan", "must be a number"), ("gaussian", "'', which there is not"),
        ("~".join(["blur_0.1"] * 5), "5 corruptions in a row"),
    ],
)  # fmt: skip
def test_a_link_that_makes_no_sense_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(CorruptionError, match=says):
        from_text(text, IMAGE)


def test_an_empty_link_is_no_corruption() -> None:
    assert from_text("", IMAGE) == ()
    assert np.array_equal(apply(pictures(), (), 0), pictures())
