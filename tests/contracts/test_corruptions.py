"""The contract of every corruption, and what each one promises."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from aecore.corruption import CORRUPTIONS

every_corruption = pytest.mark.parametrize("name", CORRUPTIONS)
every_shape = pytest.mark.parametrize(
    "shape", [(1, 8, 8), (3, 8, 8), (1, 28, 28), (1, 6, 9), (1, 9, 6), (12,)], ids=str
)


UNDRAWN = ("blur", "low-resolution")
"""Corruptions that draw nothing: the same picture is always damaged in the same way."""


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def examples(shape: tuple[int, ...], count: int = 40, dtype: torch.dtype = torch.float32) -> Tensor:
    """Numbers strictly between 0 and 1."""
    return 0.01 + 0.98 * torch.rand((count, *shape), generator=rng(7), dtype=dtype)


def apply(name: str, x: Tensor, level: float, seed: int = 0) -> Tensor:
    if CORRUPTIONS[name].needs_image and x.ndim != 4:
        pytest.skip(f"{name} is for pictures")
    return CORRUPTIONS[name].apply(x, level, rng(seed))


@every_corruption
@every_shape
def test_level_0_changes_nothing(name: str, shape: tuple[int, ...]) -> None:
    x = examples(shape)
    assert torch.equal(apply(name, x, 0.0), x)


@every_corruption
@every_shape
def test_the_same_generator_gives_the_same_noise_and_another_one_another(name: str, shape: tuple[int, ...]) -> None:
    x = examples(shape)
    first = apply(name, x, 0.4)
    torch.manual_seed(99)  # the global generator has no say
    assert torch.equal(apply(name, x, 0.4), first)
    if name not in UNDRAWN:
        assert not torch.equal(apply(name, x, 0.4, seed=1), first)


@every_corruption
def test_every_call_draws_afresh(name: str) -> None:
    x, one = examples((1, 8, 8)), rng()
    first, second = (CORRUPTIONS[name].apply(x, 0.4, one) for _ in range(2))
    assert torch.equal(first, second) == (name in UNDRAWN)


@every_corruption
@every_shape
@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_type_are_kept_all_is_finite_and_the_input_is_not_touched(
    name: str, shape: tuple[int, ...], level: float, dtype: torch.dtype
) -> None:
    x = examples(shape, dtype=dtype)
    before = x.clone()
    noisy = apply(name, x, level)
    noisy_shape, noisy_type = noisy.shape, noisy.dtype
    assert (noisy_shape, noisy_type) == (x.shape, dtype)
    assert noisy.isfinite().all()
    noisy += 1
    assert torch.equal(x, before)  # neither changed in place nor shared with the result


@every_corruption
@every_shape
def test_a_higher_level_corrupts_more(name: str, shape: tuple[int, ...]) -> None:
    x = examples(shape, 400)
    damage = [float((apply(name, x, level) - x).square().mean()) for level in (0.4, 0.6, 0.9)]
    assert 0 < damage[0] < damage[1] < damage[2]


@every_shape
@pytest.mark.parametrize("level", [0.1, 0.25, 0.5, 0.99, 1.0])
def test_masking_zeroes_exactly_its_share_and_leaves_the_rest(shape: tuple[int, ...], level: float) -> None:
    x = examples(shape)
    noisy = apply("masking", x, level)
    assert ((noisy == 0).flatten(1).sum(1) == round(level * x[0].numel())).all()
    assert torch.equal(noisy[noisy != 0], x[noisy != 0])


def test_masking_zeroes_exactly_its_share_in_large_pictures_too() -> None:
    """Scores of float32 have 2^24 values: among 16,384 inputs two are often alike, and sometimes just at the cut."""
    one, x = rng(), torch.ones(256, 16_384)
    hidden = torch.cat([(CORRUPTIONS["masking"].apply(x, 0.5, one) == 0).sum(1) for _ in range(16)])
    assert hidden.unique().tolist() == [8192]


def test_masking_chooses_every_input_equally_often() -> None:
    hidden = (apply("masking", torch.ones(4000, 12), 0.25) == 0).float().mean(0)
    torch.testing.assert_close(hidden, torch.full((12,), 0.25), atol=5 * (0.25 * 0.75 / 4000) ** 0.5, rtol=0)


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
def test_gaussian_noise_has_mean_0_and_the_standard_deviation_asked_for(level: float) -> None:
    x = torch.full((2000, 1, 8, 8), 0.5)
    noise = apply("gaussian", x, level) - x
    assert float(noise.std()) == pytest.approx(level, rel=0.01)
    assert abs(float(noise.mean())) < 5 * level / noise.numel() ** 0.5
    assert float(noise.min()) < -2.5 * level  # not clipped
    assert float((noise.abs() < level).float().mean()) == pytest.approx(0.6827, abs=0.01)  # normal, not uniform


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
def test_salt_and_pepper_come_in_equal_shares_and_the_rest_is_left(level: float) -> None:
    x = examples((1, 8, 8), 2000)
    noisy = apply("salt-and-pepper", x, level)
    white, black = ((noisy == value).float().mean() for value in (1, 0))
    assert float(white) == pytest.approx(level / 2, abs=0.005)
    assert float(black) == pytest.approx(level / 2, abs=0.005)
    kept = (noisy != 0) & (noisy != 1)
    assert torch.equal(noisy[kept], x[kept])


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_mean(level: float) -> None:
    x = torch.full((4000, 1, 8, 8), 0.5)
    noisy = apply("dropout", x, level)
    assert float((noisy == 0).float().mean()) == pytest.approx(level, abs=0.005)
    assert float(noisy.mean()) == pytest.approx(0.5, rel=0.02)
    torch.testing.assert_close(noisy[noisy != 0], torch.full_like(noisy[noisy != 0], 0.5 / (1 - level)))


def test_dropout_of_everything_leaves_nothing() -> None:
    assert not apply("dropout", examples((12,)), 1.0).any()


@pytest.mark.parametrize("level", [0.2, 1.0])
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 28, 28), (1, 6, 9), (1, 28, 4), (1, 1, 5)], ids=str)
def test_blur_keeps_a_constant_picture(level: float, shape: tuple[int, ...]) -> None:
    x = torch.full((2, *shape), 0.3)
    torch.testing.assert_close(apply("blur", x, level), x)


def test_blur_keeps_the_mean_about_and_smooths() -> None:
    x = examples((3, 28, 28))
    blurred = apply("blur", x, 0.5)
    torch.testing.assert_close(blurred.mean((2, 3)), x.mean((2, 3)), atol=0.03, rtol=0)
    assert (blurred.var((2, 3)) < 0.2 * x.var((2, 3))).all()


def test_blur_spreads_a_point_as_a_gaussian_of_the_width_it_says() -> None:
    x = torch.zeros(1, 2, 33, 33)
    x[0, 0, 16, 16] = 1
    blurred = apply("blur", x, 0.5)  # 0.5 * 33 / 8 pixels
    across = torch.arange(33) - 16.0
    assert float((blurred[0, 0].sum(0) * across**2).sum().sqrt()) == pytest.approx(0.5 * 33 / 8, rel=0.02)
    torch.testing.assert_close(blurred[0, 0], blurred[0, 0].T)
    assert not blurred[0, 1].any()  # channels do not run into each other


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 28, 28), (1, 6, 9)], ids=str)
@pytest.mark.parametrize("level", [0.1, 0.3, 0.5, 1.0])
def test_occlusion_hides_one_square_of_the_right_side_in_all_channels(shape: tuple[int, ...], level: float) -> None:
    side = round(level * shape[1])
    noisy = apply("occlusion", torch.ones(50, *shape), level)
    for picture in noisy:
        hidden = picture == 0
        assert (hidden == hidden[:1]).all()
        rows, columns = hidden[0].any(1), hidden[0].any(0)
        assert (int(rows.sum()), int(columns.sum()), int(hidden[0].sum())) == (side, side, side * side)


def test_occlusion_reaches_every_corner() -> None:
    hidden = (apply("occlusion", torch.ones(2000, 1, 8, 8), 0.25) == 0).any(0)[0]
    assert hidden.all()


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
def test_speckle_is_noise_in_proportion_to_the_brightness(level: float) -> None:
    for brightness in (0.0, 0.25, 1.0):
        x = torch.full((2000, 1, 8, 8), brightness)
        noise = apply("speckle", x, level) - x
        assert float(noise.std()) == pytest.approx(level * brightness, rel=0.01)
        assert abs(float(noise.mean())) <= 5 * level * brightness / noise.numel() ** 0.5


def test_low_resolution_leaves_the_mean_of_each_block() -> None:
    x = examples((1, 8, 8), 5)
    halved = apply("low-resolution", x, 0.5)
    blocks = x.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5))
    torch.testing.assert_close(halved, blocks.repeat_interleave(2, 2).repeat_interleave(2, 3))
    torch.testing.assert_close(apply("low-resolution", x, 1.0), x.mean((2, 3), keepdim=True).expand_as(x))


def test_a_stroke_is_a_white_line_of_its_width() -> None:
    black = torch.zeros(500, 1, 41, 41)
    noisy = apply("stroke", black, 0.5)
    width = 0.5 * 41 / 4
    assert float(noisy.min()) == 0
    assert float(noisy.max()) == 1
    area = noisy.sum((1, 2, 3))
    assert (area > 0.5 * 41 * width * 0.9).all()  # it crosses the middle half of the picture
    assert (area < 41 * 2**0.5 * width * 1.1).all()
    assert area.std() > 5  # at many places and angles
    assert torch.equal(apply("stroke", torch.ones(5, 1, 8, 8), 0.5), torch.ones(5, 1, 8, 8))
